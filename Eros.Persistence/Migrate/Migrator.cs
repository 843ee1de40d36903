// Migrator: copies the images of the oldest generation in the log to their home blocks.
//
// It may stop anywhere: until a later checkpoint header says that the generation is at home, every mount reads it from
// the log, and migrates it again. Home is always the state of one generation, and in part that of the next: so tag
// blocks go home as they were then, not as they are now. Images are verified on the way. In place of a damaged one,
// memory is looked at: a frame that has not changed since is right. A tag block is made again by the loader if it is
// not there. What is nowhere is reported and left out, so that its home block never passes for it (the tag has the new
// checksum); but where the disk could not read it, it gets a second chance first.
//
// The log has images in the order of home blocks, so that reading is sequential and neighbours at home are written
// together.

using System.Runtime.CompilerServices;
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
    private ulong _triedFrom;

    /// <summary>
    /// Writes all of the generation home, waits until it is on the medium, and looks whether tag blocks are where they
    /// should be. DiskError: it is to be done again.
    /// </summary>
    /// <remarks>The flush is not for power cuts: until the next header the log has everything, and that is flushed
    /// before that header. It is for a flush that fails, and with it what it was to save: known here, all of it can
    /// be written again.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Outcome Run()
    {
        ref LoggedGeneration oldest = ref _directory[_directory.Oldest];
        ulong position = oldest.FirstPosition;
        Outcome read = Outcome.Ok;
        if (oldest.Count != 0)
        {
            // The last entry is a tag block, which always has an image.
            _reader.Begin(position, _directory.Entry(oldest, oldest.Count - 1).Position + 1);
            for (int i = 0; i < oldest.Count; i++)
            {
                ref DirectoryEntry image = ref _directory.Entry(oldest, i);
                Outcome moved = image.Position == 0 ? Outcome.Ok : MoveHome(image);
                read = moved == Outcome.Ok ? read : moved;
            }
        }

        Outcome outcome = _writer.FinishAndFlush();
        if (outcome == Outcome.Ok && _triedFrom != position)
        {
            _triedFrom = position;
            outcome = _loader.AreTagsHome(oldest, _writer.Reserve()) ? read : Outcome.DiskError;
        }

        return outcome;
    }

    /// <summary>DiskError: a disk could not read the image, and neither another nor memory has it. Else Ok.</summary>
    private Outcome MoveHome(in DirectoryEntry image)
    {
        ulong key = LogDirectory.KeyOf(image);
        Outcome outcome = _reader.Next(out uint pfn);
        if (outcome == Outcome.Ok
            && !FrameImage.IsIntact(_volume.Memory, pfn, image.Kind, image.Frame, image.Crc))
        {
            outcome = _reader.ReadAgain(FrameImage.MagicOf(image.Kind), image.Frame, image.Crc);
        }

        if (outcome == Outcome.Ok)
        {
            _volume.Memory.Copy(pfn, _writer.Reserve());
        }
        else
        {
            ulong block = _volume.Geometry.LogBlock(image.Position);
            _volume.Report(StoreMessage.LogBlockBad, block, Oid.Of(image.Frame).Value);
            if (!TryCopyFromMemory(key, image))
            {
                return outcome == Outcome.DiskError ? outcome : Outcome.Ok;
            }
        }

        _writer.Append(_volume.HomeOf(key));
        return Outcome.Ok;
    }

    /// <summary>
    /// Copies the frame into the writer's if it is in memory as it was saved. A tag block that no later generation has
    /// is; else the loader can make it again, there: that must not need memory.
    /// </summary>
    private bool TryCopyFromMemory(ulong key, in DirectoryEntry image)
    {
        bool isTag = image.Kind == FrameKind.Tag;
        _volume.CloseGate();
        int entry = _volume.Frames.Find(key);
        uint pfn = entry == FrameTable.None ? 0 : _volume.Frames[entry].Pfn;
        bool isRight = pfn != 0 && FrameImage.IsIntact(_volume.Memory, pfn, image.Kind, image.Frame, image.Crc);
        if (isRight)
        {
            _volume.Memory.Copy(pfn, _writer.Reserve());
        }

        _volume.OpenGate();
        return isRight || (isTag && _loader.MendTagBlock(image.Frame, _writer.Reserve(), _directory.Oldest));
    }
}
