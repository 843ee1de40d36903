// BlockWriter: a stream of blocks to the disk, each with its own place; neighbours share a transfer, and several
// transfers are under way.
//
// It owns a fixed pool of frames (the cleaning path never waits for memory). What is written is copied into the pool
// first, so that the original may change while the disk works.
//
//   Reserve -> fill the frame -> Append(block) -> ... -> FinishAndFlush
//
// Invariants: the reserved frame is one that no transfer under way has. A transfer that has blocks is under way, but
// for the current one, which is being filled.

using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Store;

namespace Eros.Persistence.Log;

/// <summary>Writes blocks in batches. Used by one kernel thread.</summary>
public sealed class BlockWriter(MountedVolume volume, int transfers) : TransferRing(volume, transfers, isWrite: true)
{
    private uint _reserve;
    private Outcome _outcome;
    private ulong _failedBlock;

    /// <summary>Frames that <see cref="Open"/> takes.</summary>
    public int FramesNeeded => FrameCount + 1;

    /// <summary>Takes the pool from the free frames; there must be enough.</summary>
    public void Open()
    {
        _reserve = Volume.Frames.AllocateFrame();
        TakeFrames();
    }

    /// <summary>The frame to fill next. It stays the same until <see cref="Append"/>.</summary>
    public uint Reserve() => _reserve;

    /// <summary>
    /// Sends the reserved frame to <paramref name="block"/>, some time before <see cref="FinishAndFlush"/> returns.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Append(ulong block)
    {
        Fail.Unless(block < Volume.Disk!.BlockCount, "block beyond the disk"u8, block);
        if (Current.Count != 0 && Current.FirstBlock + (ulong)Current.Count != block)
        {
            GoOn();
        }

        DiskTransfer transfer = Current;
        if (transfer.Count == 0)
        {
            transfer.FirstBlock = block;
        }

        ref uint frame = ref transfer.Frames[transfer.Count++];
        (_reserve, frame) = (frame, _reserve);
        if (transfer.Count == DiskTransfer.MaxBlocks)
        {
            GoOn();
        }
    }

    /// <summary>
    /// Waits until everything appended is on the medium. The first error since the last time, which has been reported,
    /// or Ok.
    /// </summary>
    public Outcome FinishAndFlush()
    {
        Outcome outcome = Finish();
        outcome = outcome == Outcome.Ok ? Volume.Flush() : outcome;
        if (outcome != Outcome.Ok)
        {
            Volume.Report(StoreMessage.WriteError, _failedBlock);
        }

        return outcome;
    }

    /// <summary>Waits until everything appended is written; a power cut may still undo that.</summary>
    public Outcome Finish()
    {
        for (int i = 0; i < Count; i++)
        {
            GoOn();
        }

        Outcome outcome = _outcome;
        _outcome = Outcome.Ok;
        return outcome;
    }

    /// <summary>Begins to write what the current transfer has; the next one is complete, and current.</summary>
    private void GoOn()
    {
        Disk disk = Volume.Disk!;
        if (Current.Count != 0)
        {
            disk.Start(Current);
        }

        Advance();
        DiskTransfer transfer = Current;
        if (transfer.Count != 0)
        {
            Outcome outcome = disk.Wait(transfer);
            transfer.Count = 0;
            if (outcome != Outcome.Ok && _outcome == Outcome.Ok)
            {
                _outcome = outcome;
                _failedBlock = transfer.FirstBlock;
            }
        }
    }
}
