// Scrubber: looks at home blocks in turn whether they still hold what their tags say: all of them in one place, then in
// the other. What is right in one place is mended in the other; what is right nowhere is told, before anybody needs it.
//
// It reads, into frames of its own, and enters nothing. A frame that the log has is passed over: its home block will be
// written. Who writes home only writes those; so what is read is judged only if the directory has not changed since the
// tag was read.

using System;
using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Log;

namespace Eros.Persistence.Store;

/// <summary>Goes round the volume. Used by one kernel thread, after the mount.</summary>
[method: MethodImpl(MethodImplOptions.NoInlining)]
public sealed class Scrubber(MountedVolume volume, LogDirectory directory)
{
    /// <summary>Frames that <see cref="Open"/> takes.</summary>
    public const int FramesNeeded = 2;

    private readonly MountedVolume _volume = volume;
    private readonly LogDirectory _directory = directory;
    private readonly Loader _loader = new(volume, directory);
    private uint _tags;
    private uint _pfn;
    private ulong _next;

    /// <summary>Takes its frames from the free ones; there must be enough.</summary>
    public void Open()
    {
        _tags = _volume.Frames.AllocateFrame();
        _pfn = _volume.Frames.AllocateFrame();
    }

    /// <summary>Looks at up to <see cref="StoreLimits.ScrubFrames"/> images of the next cluster. False: all
    /// copies of all have been looked at.</summary>
    public bool Step()
    {
        BlockPort port = _loader.Port;
        ulong frame = _next;
        ulong first = frame - (frame % TagBlock.FramesPerCluster);
        ulong end = Math.Min(first + TagBlock.FramesPerCluster, _volume.Geometry.HomeFrames);
        port.Guard = _directory;
        port.Stamp = _directory.Stamp;
        bool hasTags = _loader.ReadTagBlock(FrameTable.TagKey(first), _tags) == Outcome.Ok;
        frame = hasTags ? frame : end;
        for (int left = StoreLimits.ScrubFrames; frame < end && left > 0; frame++)
        {
            ref Tag tag = ref _volume.Memory.As<TagBlock>(_tags).Tags[(int)(frame - first)];
            if ((tag.Flags & TagFlags.Null) != 0 || tag.Kind == FrameKind.Free)
            {
                continue;
            }

            left--;
            ulong block = _loader.Locate(frame, out _, out _);
            if (block == _volume.HomeOf(frame))
            {
                Outcome outcome = port.Read(block, _pfn, FrameImage.MagicOf(tag.Kind), frame, tag.Crc);
                if (port.Stamp == _directory.Stamp)
                {
                    _ = _loader.Told(outcome, StoreMessage.ObjectBad, frame, block);
                }
            }
        }

        _next = frame;
        if (frame != _volume.Geometry.HomeFrames)
        {
            return true;
        }

        _next = 0;
        port.FirstCopy = (port.FirstCopy + 1) % _volume.Disk!.Copies;
        return port.FirstCopy != 0;
    }
}
