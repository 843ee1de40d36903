// VolumeChoice: which volume this machine runs from.
//
//   disk, or two of a mirror  pristine volume in memory   then
//   a volume                  -                           that; when it is refused, one line says why and nothing runs
//   blank                     there                       asks; yes: copied to the disk; no, or if that fails: as
//                                                         without a disk
//   blank                     none                        refused
//   none                      there                       runs from memory; nothing is kept
//   none                      none                        refused
//
// The pristine volume is a boot module (the ISO's). Its first and its last block, the two volume headers, are
// copied last: a disk whose copy was cut short is no volume. On a larger disk the last block of all gets a third copy,
// since that is where one is looked for when the first block is damaged.

using System;
using Eros.Kernel.Processes;
using Eros.Kernel.Threads;
using Eros.Persistence.Base;
using Eros.Persistence.Mirror;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Persistence.Volume;

namespace Eros.Kernel.Boot;

/// <summary>The disks of a machine.</summary>
/// <param name="kernel">For the console.</param>
/// <param name="disk">The disk, null when there is none.</param>
/// <param name="pristine">The volume in memory, null when there is none.</param>
/// <param name="pristineFrame">Its first physical frame.</param>
public sealed class VolumeChoice(Kernel kernel, MirroredDisk? disk, RamDisk? pristine, uint pristineFrame)
{
    private const ulong LookNs = 20_000_000;

    private readonly Kernel _kernel = kernel;
    private readonly MirroredDisk? _disk = disk;
    private readonly RamDisk? _pristine = pristine;
    private readonly uint _pristineFrame = pristineFrame;
    private readonly Event _pause = new(kernel.Scheduler, kernel.Processor);
    private readonly DiskTransfer _transfer = new() { IsWrite = true };
    private bool _isCopied = true;

    /// <summary>False when the volume is in memory.</summary>
    public bool IsDurable { get; private set; } = true;

    /// <summary>Mounts the volume; what there is to say has been said.</summary>
    public RecoveryResult Mount(SingleLevelStore store, StoreEvents events)
    {
        RecoveryResult result = new() { Refusal = StoreMessage.NoDisk };
        if (_disk != null)
        {
            result.Refusal = _disk.Choose();
            result = result.IsMounted ? store.Mount(_disk) : result;
        }

        if (result.Refusal == StoreMessage.BlankDisk && _pristine != null)
        {
            result.Refusal = StoreMessage.NoDisk;
            if (IsWanted() && Install())
            {
                result = store.Mount(_disk!);
            }
        }

        while (!result.IsMounted)
        {
            events.Report(result.Refusal, result.First, result.Second);
            if (result.Refusal != StoreMessage.NoDisk || _pristine == null || !IsDurable)
            {
                break;
            }

            IsDurable = false;
            result = store.Mount(_pristine);
        }

        return result;
    }

    private void Say(ReadOnlySpan<byte> line)
    {
        _kernel.Processor.Close();
        _kernel.Log.Begin(line).End();
        _kernel.Processor.Open();
    }

    private bool IsWanted()
    {
        Say("the disk is blank. Install Eros on it? (y/n)"u8);
        Span<byte> key = stackalloc byte[1];
        while (true)
        {
            _kernel.Processor.Close();
            int count = _kernel.Terminal.Read(key);
            _kernel.Processor.Open();
            if (count != 0 && (key[0] | 0x20) is 'y' or 'n')
            {
                return (key[0] | 0x20) == 'y';
            }

            _pause.WaitUntil(_kernel.Clock.Now + LookNs);
        }
    }

    private bool Install()
    {
        if (_disk!.BlockCount < _pristine!.BlockCount)
        {
            Say("the disk is too small"u8);
            return false;
        }

        ulong last = _pristine.BlockCount - 1;
        for (ulong block = 1; block < last; block += DiskTransfer.MaxBlocks)
        {
            Copy(block, block, (int)Math.Min(DiskTransfer.MaxBlocks, last - block));
        }

        Note(_disk.Flush());
        if (_isCopied)
        {
            Copy(0, _disk.BlockCount - 1, 1);
            Copy(0, last, 1);
            Copy(0, 0, 1);
            Note(_disk.Flush());
        }

        Say(_isCopied ? "installed"u8 : "the disk reports a write error; it is not installed"u8);
        return _isCopied;
    }

    private void Copy(ulong from, ulong to, int count)
    {
        _transfer.FirstBlock = to;
        _transfer.Count = count;
        for (int i = 0; i < count; i++)
        {
            _transfer.Frames[i] = _pristineFrame + (uint)from + (uint)i;
        }

        _disk!.Start(_transfer);
        Note(_disk.Wait(_transfer));
    }

    private void Note(Outcome outcome) => _isCopied &= outcome == Outcome.Ok;
}
