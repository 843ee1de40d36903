// BlockPort: reading and writing a few blocks and waiting for them. One for each kernel thread that uses the disk,
// since it has one transfer.

using System;
using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Store;

namespace Eros.Persistence.Log;

/// <summary>Single requests, one at a time. Every block number is checked against the disk's size.</summary>
[method: MethodImpl(MethodImplOptions.NoInlining)]
public sealed class BlockPort(MountedVolume volume)
{
    private readonly MountedVolume _volume = volume;
    private readonly DiskTransfer _transfer = new();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public Outcome Read(ulong block, uint pfn)
    {
        _transfer.Frames[0] = pfn;
        return Run(block, 1, isWrite: false);
    }

    /// <summary>Reads contiguous blocks, at most <see cref="DiskTransfer.MaxBlocks"/>, into the given frames.</summary>
    public Outcome Read(ulong firstBlock, ReadOnlySpan<uint> pfns)
    {
        pfns.CopyTo(_transfer.Frames);
        return Run(firstBlock, pfns.Length, isWrite: false);
    }

    public Outcome Write(ulong block, uint pfn)
    {
        _transfer.Frames[0] = pfn;
        return Run(block, 1, isWrite: true);
    }

    private Outcome Run(ulong block, int count, bool isWrite)
    {
        Disk disk = _volume.Disk!;
        Fail.Unless(block + (ulong)count <= disk.BlockCount, "block beyond the disk"u8, block);
        _transfer.FirstBlock = block;
        _transfer.Count = count;
        _transfer.IsWrite = isWrite;
        disk.Start(_transfer);
        return disk.Wait(_transfer);
    }
}
