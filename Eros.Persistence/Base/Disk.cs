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
    public readonly uint[] Frames;

    private readonly DiskTransfer? _twin;

    public DiskTransfer()
    {
        Frames = new uint[MaxBlocks];
        _twin = new DiskTransfer(Frames);
    }

    private DiskTransfer(uint[] frames) => Frames = frames;

    public ulong FirstBlock;
    public int Count;
    public bool IsWrite;

    /// <summary>Valid after <see cref="Disk.Wait"/>.</summary>
    public Outcome Outcome;

    /// <summary>Set by Start, cleared when the transfer is complete.</summary>
    public volatile bool IsBusy;

    /// <summary>The driver's own number for the transfer.</summary>
    public int Tag;

    /// <summary>Which of the <see cref="Disk.Copies"/> is read.</summary>
    public int Copy;

    /// <summary>A mirror's own: who has the transfer.</summary>
    public uint Members;

    /// <summary>The same request for a second disk, with the same frames: each has a transfer of its own.</summary>
    public DiskTransfer Twin()
    {
        DiskTransfer twin = _twin!;
        twin.FirstBlock = FirstBlock;
        twin.Count = Count;
        twin.IsWrite = IsWrite;
        return twin;
    }
}

/// <summary>A block device.</summary>
public abstract class Disk
{
    /// <summary>A read has failed, and who waits for it has not looked into it yet. Each disk that may lose what is not
    /// flushed sets it when the read ends, which may be long before that one runs.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Blocks of 4096 bytes, 0 when there is no disk.</summary>
    public abstract ulong BlockCount { get; }

    /// <summary>Transfers that may be under way at once.</summary>
    public abstract int MaxInFlight { get; }

    /// <summary>Places that hold each block: a mirror in step has two.</summary>
    public virtual int Copies => 1;

    /// <summary>Begins a transfer; waits while <see cref="MaxInFlight"/> are under way.</summary>
    public abstract void Start(DiskTransfer transfer);

    /// <summary>Waits until the transfer is complete. Kernel threads only.</summary>
    public abstract Outcome Wait(DiskTransfer transfer);

    /// <summary>Waits until every write that completed before is on the medium. Kernel threads only.</summary>
    public abstract Outcome Flush();

    /// <summary>A copy of a block, 0 or 1, was found wrong, and the other right.</summary>
    public virtual void Mend(ulong block, int copy)
    {
    }

    /// <summary>Does what there is to be done between writes, by the thread that writes, which must have none under
    /// way.</summary>
    public virtual void Tend()
    {
    }
}
