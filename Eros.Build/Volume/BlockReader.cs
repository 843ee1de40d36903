using Eros.Persistence.Base;

namespace Eros.Build.Volume;

/// <summary>Single blocks of a disk, read into frames of memory.</summary>
internal sealed class BlockReader(Disk disk, PhysicalMemory memory)
{
    private readonly Disk _disk = disk;
    private readonly DiskTransfer _transfer = new() { Count = 1 };

    internal PhysicalMemory Memory { get; } = memory;

    internal ulong BlockCount => _disk.BlockCount;

    /// <summary>False when the disk has no such block, or cannot read it.</summary>
    internal bool Read(ulong block, uint pfn)
    {
        if (block >= _disk.BlockCount)
        {
            return false;
        }

        _transfer.FirstBlock = block;
        _transfer.Frames[0] = pfn;
        _disk.Start(_transfer);
        return _disk.Wait(_transfer) == Outcome.Ok;
    }
}
