using System;

namespace Eros.Tests.Crash;

/// <summary>What a simulated disk does to who relies on it. The last three are more than the format allows a disk
/// (docs/disk-format.md, "What a disk may do").</summary>
public enum DiskFault
{
    /// <summary>A request is under way for long: the power goes before it is done, or somebody reads the block
    /// meanwhile.</summary>
    Delay,

    /// <summary>Of two writes that were not flushed, the later is kept and the earlier is not.</summary>
    Reorder,

    /// <summary>A write that was not flushed is not kept.</summary>
    Drop,

    /// <summary>Of one, some sectors of 512 bytes are kept.</summary>
    Tear,
    ReadError,
    WriteError,

    /// <summary>A flush fails, and what it was to save is lost.</summary>
    FlushError,

    /// <summary>The disk answers no more.</summary>
    Vanish,

    /// <summary>A block changes while nobody writes it.</summary>
    Rot,

    /// <summary>A write is reported right, and lands in another block.</summary>
    Misdirect,

    /// <summary>A flush is reported right, and a write that it was to save is not kept.</summary>
    Lie,
}

/// <summary>How often each happened.</summary>
public sealed class FaultCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<DiskFault>().Length];

    public long this[DiskFault fault] => _counts[(int)fault];

    public void Count(DiskFault fault) => _counts[(int)fault]++;

    public void Add(params ReadOnlySpan<FaultCounts> others)
    {
        foreach (FaultCounts other in others)
        {
            for (int i = 0; i < _counts.Length; i++)
            {
                _counts[i] += other._counts[i];
            }
        }
    }
}
