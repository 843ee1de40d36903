// Scrubber: looks at home blocks in turn whether they still hold what their tags say, each cluster in one place and
// then in the other. What is right in one place is mended in the other; what is right nowhere is told, before anybody
// needs it.
//
// It reads, into frames of its own, and enters nothing. A frame that the log has is passed over: its home block will be
// written.
//
// Invariant (docs/invariants.md):
//  U1 while the scrubber looks nothing is being written, and nothing is unflushed: who writes is who looks.

using System;
using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Log;

namespace Eros.Persistence.Store;

/// <summary>Goes round the volume. Used by the thread that writes, between its writes.</summary>
[method: MethodImpl(MethodImplOptions.NoInlining)]
public sealed class Scrubber(MountedVolume volume, Loader loader)
{
    /// <summary>Frames that <see cref="Open"/> takes.</summary>
    public const int FramesNeeded = 2;

    /// <summary>Milliseconds until the next round, and after an error, which may pass.</summary>
    private const uint RoundMs = 3_600_000;
    private const uint ErrorMs = 10_000;

    private readonly MountedVolume _volume = volume;
    private readonly Loader _loader = loader;
    private uint _tags;
    private uint _pfn;
    private ulong _next;
    private int _copy;

    /// <summary>Takes its frames from the free ones; there must be enough.</summary>
    public void Open()
    {
        _tags = _volume.Frames.AllocateFrame();
        _pfn = _volume.Frames.AllocateFrame();
    }

    /// <summary>Looks at up to <see cref="StoreLimits.ScrubFrames"/> images of the next cluster. Returns for how many
    /// milliseconds there is to be no other step; 0 as long as the round is not over.</summary>
    public uint Step()
    {
        BlockPort port = _loader.Port;
        ulong frame = _next;
        ulong first = frame - (frame % TagBlock.FramesPerCluster);
        ulong end = Math.Min(first + TagBlock.FramesPerCluster, _volume.Geometry.HomeFrames);
        ulong key = FrameTable.TagKey(first);
        port.FirstCopy = _copy;
        Outcome outcome = _loader.ReadTagBlock(key, _tags);
        if (_copy != 0)
        {
            port.FirstCopy = 0;
            outcome = _loader.ReadTagBlock(key, _tags);
            port.FirstCopy = 1;
        }

        frame = outcome == Outcome.Ok ? frame : end;
        for (int left = StoreLimits.ScrubFrames; outcome != Outcome.DiskError && frame < end && left > 0; frame++)
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
                outcome = port.Read(block, _pfn, FrameImage.MagicOf(tag.Kind), frame, tag.Crc);
                _ = _loader.Told(outcome, StoreMessage.ObjectBad, frame, block);
            }
        }

        port.FirstCopy = 0;
        if (frame == end)
        {
            _copy = _copy + 1 < _volume.Disk!.Copies ? 1 : 0;
            frame = _copy != 0 ? first : frame;
        }

        bool isRound = frame == _volume.Geometry.HomeFrames;
        _next = isRound ? 0 : frame;
        return outcome == Outcome.DiskError ? ErrorMs : isRound ? RoundMs : 0;
    }
}
