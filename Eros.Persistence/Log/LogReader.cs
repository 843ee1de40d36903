// LogReader: the blocks of a stretch of the log, in order, read ahead in large transfers.
//
// A transfer that fails is read again block by block, so that one bad sector costs one block.

using Eros.Persistence.Base;
using Eros.Persistence.Store;

namespace Eros.Persistence.Log;

/// <summary>Reads the log sequentially. Used by one kernel thread.</summary>
public sealed class LogReader
{
    private readonly MountedVolume _volume;
    private readonly BlockPort _single;
    private readonly DiskTransfer[] _transfers;
    private readonly Outcome[] _outcomes;
    private ulong _nextToStart;
    private ulong _end;
    private int _started;
    private int _current;
    private int _taken;

    public LogReader(MountedVolume volume, BlockPort single, int transfers)
    {
        _volume = volume;
        _single = single;
        _transfers = new DiskTransfer[transfers];
        _outcomes = new Outcome[transfers];
        for (int i = 0; i < transfers; i++)
        {
            _transfers[i] = new DiskTransfer();
        }
    }

    /// <summary>Frames that <see cref="Open"/> takes.</summary>
    public int FramesNeeded => _transfers.Length * DiskTransfer.MaxBlocks;

    /// <summary>Takes the buffers from the free frames; there must be enough.</summary>
    public void Open()
    {
        for (int i = 0; i < _transfers.Length; i++)
        {
            for (int b = 0; b < DiskTransfer.MaxBlocks; b++)
            {
                _transfers[i].Frames[b] = _volume.Frames.AllocateFrame();
            }
        }

        uint last = _transfers[_transfers.Length - 1].Frames[DiskTransfer.MaxBlocks - 1];
        _volume.Fail.Unless(last != 0, "no memory for the disk's buffers"u8);
    }

    /// <summary>
    /// Begins to read positions <paramref name="first"/> up to, but not including, <paramref name="end"/>.
    /// </summary>
    public void Begin(ulong first, ulong end)
    {
        _nextToStart = first;
        _end = end;
        _started = 0;
        _current = 0;
        _taken = 0;
        while (_started < _transfers.Length && _nextToStart < _end)
        {
            StartNext(_started);
        }
    }

    /// <summary>
    /// The next block: its frame is valid until the next call. Each position of the stretch is asked for once, to the
    /// end.
    /// </summary>
    public Outcome Next(out uint pfn)
    {
        DiskTransfer transfer = _transfers[_current];
        if (_taken == transfer.Count)
        {
            StartNext(_current);
            _current = (_current + 1) % _transfers.Length;
            transfer = _transfers[_current];
            _taken = 0;
        }

        if (_taken == 0)
        {
            _volume.Fail.Unless(_started != 0, "log read beyond its end"u8);
            _outcomes[_current] = _volume.Disk!.Wait(transfer);
            _started--;
        }

        pfn = transfer.Frames[_taken];
        ulong block = transfer.FirstBlock + (ulong)_taken;
        _taken++;
        return _outcomes[_current] == Outcome.Ok ? Outcome.Ok : _single.Read(block, pfn);
    }

    private void StartNext(int index)
    {
        if (_nextToStart >= _end)
        {
            return;
        }

        DiskTransfer transfer = _transfers[index];
        ulong block = _volume.Geometry.LogBlock(_nextToStart);
        ulong count = _end - _nextToStart;
        ulong toWrap = _volume.Geometry.LogFirst + _volume.Geometry.LogBlocks - block;
        count = count < toWrap ? count : toWrap;
        transfer.Count = count < DiskTransfer.MaxBlocks ? (int)count : DiskTransfer.MaxBlocks;
        transfer.FirstBlock = block;
        transfer.IsWrite = false;
        _nextToStart += (ulong)transfer.Count;
        _started++;
        _volume.Disk!.Start(transfer);
    }
}
