// BlockPort: reading and writing single blocks and waiting for them. One for each kernel thread that uses the disk,
// since it has one transfer.

using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Persistence.Log;

/// <summary>Single requests, one at a time. Every block number is checked against the disk's size.</summary>
[method: MethodImpl(MethodImplOptions.NoInlining)]
public sealed class BlockPort(MountedVolume volume)
{
    // No generation has this number.
    private const ulong AnyGeneration = ulong.MaxValue;

    private readonly MountedVolume _volume = volume;
    private readonly DiskTransfer _transfer = new();

    /// <summary>The copy of a block that is read before the other one, where there are two.</summary>
    public int FirstCopy { get; set; }

    /// <summary>An error counts as one when it comes twice.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Outcome Read(ulong block, uint pfn)
    {
        _transfer.Frames[0] = pfn;
        return Run(block, isWrite: false) == Outcome.Ok ? Outcome.Ok : Run(block, isWrite: false);
    }

    /// <summary>
    /// Reads what must be a block of this magic and name, or of magic 0, a page; and have this checksum (0: any, but
    /// for a page) and, unless it is a page, be of this generation. Where it is not, the disk's other copy is looked
    /// at, and it is mended from that if it is right. BadBlock: no copy is.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Outcome Read(
        ulong block, uint pfn, uint magic, ulong name, uint crc, ulong generation = AnyGeneration)
    {
        Disk disk = _volume.Disk!;
        int first = FirstCopy < disk.Copies ? FirstCopy : 0;
        _transfer.Copy = first;
        Outcome outcome;
        do
        {
            outcome = Read(block, pfn);
            if (outcome == Outcome.Ok && !IsRight(pfn, magic, name, crc, generation))
            {
                outcome = Outcome.BadBlock;
            }
        }
        while (outcome != Outcome.Ok && (_transfer.Copy ^= 1) != first && _transfer.Copy < disk.Copies);

        if (outcome == Outcome.Ok && _transfer.Copy != first)
        {
            disk.Mend(block, first);
        }

        _transfer.Copy = 0;
        return outcome;
    }

    public Outcome Write(ulong block, uint pfn)
    {
        _transfer.Frames[0] = pfn;
        return Run(block, isWrite: true);
    }

    private bool IsRight(uint pfn, uint magic, ulong name, uint crc, ulong generation)
    {
        PhysicalMemory memory = _volume.Memory;
        if (magic == 0)
        {
            return FrameImage.IsIntact(memory, pfn, FrameKind.Page, name, crc);
        }

        ref readonly BlockHeader header = ref memory.As<BlockHeader>(pfn);
        return BlockHeader.IsIntact(memory, pfn, magic, name)
            && (crc == 0 || header.Crc == crc)
            && (generation == AnyGeneration || header.Generation == generation);
    }

    private Outcome Run(ulong block, bool isWrite)
    {
        Disk disk = _volume.Disk!;
        Fail.Unless(block < disk.BlockCount, "block beyond the disk"u8, block);
        _transfer.FirstBlock = block;
        _transfer.Count = 1;
        _transfer.IsWrite = isWrite;
        disk.Start(_transfer);
        return disk.Wait(_transfer);
    }
}
