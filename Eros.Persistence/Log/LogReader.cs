// LogReader: the blocks of a stretch of the log, in order, read ahead in large transfers.
//
// A transfer that fails is read again block by block, so that one bad sector costs one block.

using System;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Persistence.Log;

/// <summary>Reads the log sequentially. Used by one kernel thread.</summary>
public sealed class LogReader(MountedVolume volume, BlockPort single, int transfers)
    : TransferRing(volume, transfers, isWrite: false)
{
    private readonly BlockPort _single = single;
    private ulong _nextToStart;
    private ulong _end;
    private int _taken;

    /// <summary>Frames that <see cref="Open"/> takes.</summary>
    public int FramesNeeded => FrameCount;

    /// <summary>Takes the buffers from the free frames; there must be enough.</summary>
    public void Open() => TakeFrames();

    /// <summary>
    /// Begins to read positions <paramref name="first"/> up to, but not including, <paramref name="end"/>.
    /// </summary>
    public void Begin(ulong first, ulong end)
    {
        _nextToStart = first;
        _end = end;
        _taken = 0;
        for (int i = 0; i < Count; i++)
        {
            GoOn();
        }
    }

    /// <summary>
    /// The next block: its frame is valid until the next call. Each position of the stretch is asked for once, to the
    /// end.
    /// </summary>
    public Outcome Next(out uint pfn)
    {
        if (_taken == Current.Count)
        {
            GoOn();
            _taken = 0;
        }

        DiskTransfer transfer = Current;
        if (_taken == 0)
        {
            Fail.Unless(transfer.Count != 0, "log read beyond its end"u8);
            transfer.Outcome = Volume.Disk!.Wait(transfer);
        }

        pfn = transfer.Frames[_taken];
        ulong block = transfer.FirstBlock + (ulong)_taken;
        _taken++;
        return transfer.Outcome == Outcome.Ok ? Outcome.Ok : _single.Read(block, pfn);
    }

    /// <summary>Reads again the block that <see cref="Next"/> has brought: it was not as it must be. As <see
    /// cref="BlockPort.Read(ulong, uint, uint, ulong, uint, ulong)"/>.</summary>
    public Outcome ReadAgain(uint magic, ulong name, uint crc)
    {
        int last = _taken - 1;
        return _single.Read(Current.FirstBlock + (ulong)last, Current.Frames[last], magic, name, crc);
    }

    /// <summary>Begins to read what comes next, if anything does, into the current transfer, and turns to the one after
    /// it.</summary>
    private void GoOn()
    {
        DiskTransfer transfer = Current;
        ref readonly VolumeGeometry geometry = ref Volume.Geometry;
        ulong block = geometry.LogBlock(_nextToStart);
        ulong toWrap = geometry.LogFirst + geometry.LogBlocks - block;
        ulong count = Math.Min(Math.Min(_end - _nextToStart, toWrap), DiskTransfer.MaxBlocks);
        transfer.FirstBlock = block;
        transfer.Count = (int)count;
        _nextToStart += count;
        if (count != 0)
        {
            Volume.Disk!.Start(transfer);
        }

        Advance();
    }
}
