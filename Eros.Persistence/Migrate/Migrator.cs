// Migrator: copies the images of the newest generation from the log to their home blocks.
//
// It may stop anywhere: until a later checkpoint header says that the generation is at home, every mount reads it from
// the log, and migrates it again. Images are verified on the way; a damaged one is reported and left out, so that its
// home block never passes for it (the tag has the new checksum). A damaged image of a tag block is made again by the
// loader.
//
// The log has images in the order of home blocks, so that reading is sequential and neighbours at home are written
// together.

using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Log;
using Eros.Persistence.Store;

namespace Eros.Persistence.Migrate;

/// <summary>Used by one kernel thread, after <see cref="Checkpoint.HeaderSlots.Secure"/>.</summary>
public sealed class Migrator(
    MountedVolume volume, LogDirectory directory, LogReader reader, BlockWriter writer, Loader loader)
{
    private readonly MountedVolume _volume = volume;
    private readonly LogDirectory _directory = directory;
    private readonly LogReader _reader = reader;
    private readonly BlockWriter _writer = writer;
    private readonly Loader _loader = loader;

    /// <summary>
    /// Writes all of the generation home and waits until it is on the medium. DiskError: it is to be done again.
    /// </summary>
    /// <remarks>The flush is not for power cuts: until the next header the log has everything, and that is flushed
    /// before that header. It is for a flush that fails, and with it what it was to save: known here, all of it can
    /// be written again.</remarks>
    public Outcome Run()
    {
        int first = NextImage(0);
        ulong position = first < _directory.Count ? _directory[first].Position : 0;
        int images = 0;
        for (int i = first; i < _directory.Count; i = NextImage(i + 1))
        {
            images++;
        }

        _reader.Begin(position, position + (ulong)images);
        for (int i = first; i < _directory.Count; i = NextImage(i + 1))
        {
            MoveHome(_directory[i]);
        }

        Outcome outcome = _writer.Finish();
        outcome = outcome == Outcome.Ok ? _volume.Flush() : outcome;
        if (outcome != Outcome.Ok)
        {
            _volume.Report(StoreMessage.WriteError, _writer.FailedBlock);
        }

        return outcome;
    }

    /// <summary>The first entry from <paramref name="index"/> on that has an image in the log.</summary>
    private int NextImage(int index)
    {
        while (index < _directory.Count && _directory[index].Position == 0)
        {
            index++;
        }

        return index;
    }

    private void MoveHome(in DirectoryEntry image)
    {
        bool isTag = image.Kind == FrameKind.Tag;
        bool isRight = _reader.Next(out uint pfn) == Outcome.Ok
            && FrameImage.IsIntact(_volume.Memory, pfn, image.Kind, image.Frame, image.Crc);
        if (!isRight)
        {
            ulong block = _volume.Geometry.LogBlock(image.Position);
            _volume.Report(StoreMessage.LogBlockBad, block, Oid.Of(image.Frame).Value);
            if (!isTag || !FindTagBlock(image.Frame, out pfn))
            {
                return;
            }
        }

        _volume.Memory.Copy(pfn, _writer.Reserve());
        _writer.Append(_volume.HomeOf(LogDirectory.KeyOf(image)));
    }

    /// <summary>The tag block from memory, where it is as it was saved, or as the loader can make it again.</summary>
    private bool FindTagBlock(ulong firstFrame, out uint pfn)
    {
        pfn = 0;
        if (_loader.LoadTagBlock(firstFrame) != Outcome.Ok)
        {
            return false;
        }

        pfn = _volume.Frames[_volume.Frames.Find(FrameTable.TagKey(firstFrame))].Pfn;
        return true;
    }
}
