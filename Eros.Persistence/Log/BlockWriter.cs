// BlockWriter: a stream of blocks to the disk, each with its own place; neighbours share a transfer, and several
// transfers are under way.
//
// It owns a fixed pool of frames (the cleaning path never waits for memory). What is written is copied into the pool
// first, so that the original may change while the disk works.
//
//   Reserve -> fill the frame -> Append(block) -> ... -> Finish
//
// Invariant: _reserve is a frame of the pool that no transfer under way has.

using Eros.Persistence.Base;
using Eros.Persistence.Store;

namespace Eros.Persistence.Log;

/// <summary>Writes blocks in batches. Used by one kernel thread.</summary>
public sealed class BlockWriter
{
    private readonly MountedVolume _volume;
    private readonly DiskTransfer[] _transfers;
    private readonly bool[] _underWay;
    private int _current;
    private uint _reserve;
    private Outcome _outcome;
    private ulong _failedBlock;

    public BlockWriter(MountedVolume volume, int transfers)
    {
        _volume = volume;
        _transfers = new DiskTransfer[transfers];
        _underWay = new bool[transfers];
        for (int i = 0; i < transfers; i++)
        {
            _transfers[i] = new DiskTransfer { IsWrite = true };
        }
    }

    /// <summary>Frames that <see cref="Open"/> takes.</summary>
    public int FramesNeeded => (_transfers.Length * DiskTransfer.MaxBlocks) + 1;

    /// <summary>Where the first write failed since the last <see cref="Finish"/> that did not succeed.</summary>
    public ulong FailedBlock => _failedBlock;

    /// <summary>Takes the pool from the free frames; there must be enough.</summary>
    public void Open()
    {
        _reserve = _volume.Frames.AllocateFrame();
        for (int i = 0; i < _transfers.Length; i++)
        {
            for (int b = 0; b < DiskTransfer.MaxBlocks; b++)
            {
                _transfers[i].Frames[b] = _volume.Frames.AllocateFrame();
            }
        }

        _volume.Fail.Unless(_reserve != 0, "no memory for the disk's buffers"u8);
    }

    /// <summary>The frame to fill next. It stays the same until <see cref="Append"/>.</summary>
    public uint Reserve() => _reserve;

    /// <summary>
    /// Sends the reserved frame to <paramref name="block"/>, some time before <see cref="Finish"/> returns.
    /// </summary>
    public void Append(ulong block)
    {
        _volume.Fail.Unless(block < _volume.Disk!.BlockCount, "block beyond the disk"u8, block);
        DiskTransfer transfer = _transfers[_current];
        if (transfer.Count != 0 && transfer.FirstBlock + (ulong)transfer.Count != block)
        {
            StartCurrent();
            transfer = _transfers[_current];
        }

        if (transfer.Count == 0)
        {
            transfer.FirstBlock = block;
        }

        (_reserve, transfer.Frames[transfer.Count]) = (transfer.Frames[transfer.Count], _reserve);
        transfer.Count++;
        if (transfer.Count == DiskTransfer.MaxBlocks)
        {
            StartCurrent();
        }
    }

    /// <summary>
    /// Waits until everything appended is written (not flushed). The first error since the last Finish, or Ok.
    /// </summary>
    public Outcome Finish()
    {
        if (_transfers[_current].Count != 0)
        {
            StartCurrent();
        }

        for (int i = 0; i < _transfers.Length; i++)
        {
            Complete(i);
        }

        Outcome outcome = _outcome;
        _outcome = Outcome.Ok;
        return outcome;
    }

    private void StartCurrent()
    {
        _volume.Disk!.Start(_transfers[_current]);
        _underWay[_current] = true;
        _current = (_current + 1) % _transfers.Length;
        Complete(_current);
    }

    private void Complete(int index)
    {
        if (!_underWay[index])
        {
            return;
        }

        DiskTransfer transfer = _transfers[index];
        Outcome outcome = _volume.Disk!.Wait(transfer);
        _underWay[index] = false;
        transfer.Count = 0;
        if (outcome != Outcome.Ok && _outcome == Outcome.Ok)
        {
            _outcome = outcome;
            _failedBlock = transfer.FirstBlock;
        }
    }
}
