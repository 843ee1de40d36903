// MemoryMap: what the firmware says about physical memory, and what the kernel takes away from it.
//
// Ranges come in any order and may overlap: what is not usable wins. A range is bytes [Start, End).
// Free ranges are found by walking upwards: the next usable byte, then the nearest place where something ends it.

using System.Runtime.CompilerServices;

namespace Eros.Hal.Firmware;

/// <summary>The numbers are those of INT 15h E820, PVH and Multiboot2 alike.</summary>
public enum MemoryKind : uint
{
    Usable = 1,
    Reserved = 2,
    AcpiReclaimable = 3,
    AcpiNonVolatile = 4,
    Defective = 5,

    /// <summary>Ours: the kernel image, a boot module, the boot information.</summary>
    Taken = 0x1000,
}

/// <summary>Bytes <see cref="Start"/> to <see cref="End"/>, exclusive.</summary>
public struct MemoryRange
{
    public ulong Start;
    public ulong End;
    public MemoryKind Kind;
}

/// <summary>At most <see cref="Capacity"/> ranges of physical memory.</summary>
public struct MemoryMap
{
    /// <summary>Ranges that are kept.</summary>
    public const int Capacity = 128;

    private Ranges _ranges;

    public int Count { get; private set; }

    /// <summary>True when a range did not fit. A lost reserved range would be handed out, so the boot stops.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>The end of the highest usable range.</summary>
    public ulong Top { get; private set; }

    /// <summary>Bytes of usable memory, as the firmware counts them.</summary>
    public ulong UsableBytes { get; private set; }

    public readonly MemoryRange this[int index] => _ranges[index];

    /// <summary>Records <paramref name="length"/> bytes; a range that wraps around is cut at the end of the address
    /// space.</summary>
    public void Add(ulong start, ulong length, MemoryKind kind)
    {
        ulong end = start + length < start ? ulong.MaxValue : start + length;
        if (end == start)
        {
            return;
        }

        if (Count == Capacity)
        {
            Overflowed = true;
            return;
        }

        _ranges[Count] = new MemoryRange { Start = start, End = end, Kind = kind };
        Count++;
        if (kind == MemoryKind.Usable)
        {
            UsableBytes += end - start;
            Top = end > Top ? end : Top;
        }
    }

    /// <summary>The first free range that ends above <paramref name="from"/>, cut at <paramref name="from"/>.
    /// False: none.</summary>
    public readonly bool NextFree(ulong from, out MemoryRange free)
    {
        // Each turn either ends or moves past the end of one range.
        for (int turn = 0; turn <= Count; turn++)
        {
            free = new MemoryRange { Start = NextUsable(from), Kind = MemoryKind.Usable };
            if (free.Start == ulong.MaxValue)
            {
                return false;
            }

            if (EndOfObstacle(free.Start) is ulong end and not 0)
            {
                from = end;
                continue;
            }

            free.End = EndOfFree(free.Start);
            return true;
        }

        free = default;
        return false;
    }

    /// <summary>True when some memory (not only reserved addresses) lies in [start, end).</summary>
    public readonly bool HasMemory(ulong start, ulong end)
    {
        for (int i = 0; i < Count; i++)
        {
            MemoryRange range = _ranges[i];
            if (range.Start < end && range.End > start && range.Kind is MemoryKind.Usable
                or MemoryKind.AcpiReclaimable or MemoryKind.AcpiNonVolatile)
            {
                return true;
            }
        }

        return false;
    }

    private readonly ulong NextUsable(ulong from)
    {
        ulong next = ulong.MaxValue;
        for (int i = 0; i < Count; i++)
        {
            MemoryRange range = _ranges[i];
            if (range.Kind == MemoryKind.Usable && range.End > from)
            {
                ulong start = range.Start > from ? range.Start : from;
                next = start < next ? start : next;
            }
        }

        return next;
    }

    private readonly ulong EndOfObstacle(ulong at)
    {
        ulong end = 0;
        for (int i = 0; i < Count; i++)
        {
            MemoryRange range = _ranges[i];
            if (range.Kind != MemoryKind.Usable && range.Start <= at && range.End > at && range.End > end)
            {
                end = range.End;
            }
        }

        return end;
    }

    private readonly ulong EndOfFree(ulong start)
    {
        ulong end = 0;
        for (int i = 0; i < Count; i++)
        {
            MemoryRange range = _ranges[i];
            if (range.Kind == MemoryKind.Usable && range.Start <= start && range.End > end)
            {
                end = range.End;
            }
        }

        for (int i = 0; i < Count; i++)
        {
            MemoryRange range = _ranges[i];
            if (range.Kind != MemoryKind.Usable && range.Start > start && range.Start < end)
            {
                end = range.Start;
            }
        }

        return end;
    }

    [InlineArray(Capacity)]
    private struct Ranges
    {
        private MemoryRange _range0;
    }
}
