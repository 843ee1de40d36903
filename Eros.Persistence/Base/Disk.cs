// Disk: the seam to a block device with a volatile write cache. Blocks are 4096 bytes.
//
// A write is durable only when a Flush that began after it completed has completed. Until then any subset of the
// writes may be on the medium, each 512 bytes of a block for itself. Several transfers may be under way; they
// complete in any order.

namespace Eros.Persistence.Base;

/// <summary>One request: contiguous blocks, scattered frames. Made once, used again and again.</summary>
public sealed class DiskTransfer
{
    /// <summary>Blocks in one transfer: 256 KB.</summary>
    public const int MaxBlocks = 64;

    /// <summary>The physical frames, in the order of the blocks.</summary>
    public readonly uint[] Frames = new uint[MaxBlocks];

    public ulong FirstBlock;
    public int Count;
    public bool IsWrite;

    /// <summary>Valid after <see cref="Disk.Wait"/>.</summary>
    public Outcome Outcome;

    /// <summary>Set by Start, cleared when the transfer is complete.</summary>
    public volatile bool IsBusy;

    /// <summary>The driver's own number for the transfer.</summary>
    public int Tag;
}

/// <summary>A block device.</summary>
public abstract class Disk
{
    /// <summary>Blocks of 4096 bytes, 0 when there is no disk.</summary>
    public abstract ulong BlockCount { get; }

    /// <summary>Transfers that may be under way at once.</summary>
    public abstract int MaxInFlight { get; }

    /// <summary>Begins a transfer; waits while <see cref="MaxInFlight"/> are under way.</summary>
    public abstract void Start(DiskTransfer transfer);

    /// <summary>Waits until the transfer is complete. Kernel threads only.</summary>
    public abstract Outcome Wait(DiskTransfer transfer);

    /// <summary>Waits until every write that completed before is on the medium. Kernel threads only.</summary>
    public abstract Outcome Flush();
}
