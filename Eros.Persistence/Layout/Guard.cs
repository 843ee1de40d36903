// Guard: the data word of a space or page capability.
//
//   31                                8 7        0
//  +-----------------------------------+----------+
//  |            match                  |   log2   |
//  +-----------------------------------+----------+
//
// log2: the space below spans 2^log2 bytes (12 for a page, the node's slot size + 5 for a node).
// match: an offset is inside when offset >> log2 == match. So one capability skips as many levels of the tree as its
// guard has bits, and a small space may stand in a large slot.

namespace Eros.Persistence.Layout;

/// <summary>Where inside its slot a space begins, and how large it is.</summary>
public readonly struct Guard
{
    /// <summary>log2 of a page's bytes.</summary>
    public const int PageLog2 = 12;

    /// <summary>log2 of the slots of a node.</summary>
    public const int NodeLog2 = 5;

    /// <summary>User addresses are below 2^47.</summary>
    public const int AddressLog2 = 47;

    private const int MatchShift = 8;

    // Bits 12, 17, 22, 27, 32, 37, 42.
    private const ulong SlotSizes = 0x0000_0421_0842_1000;

    public readonly uint Value;

    public Guard(uint value) => Value = value;

    public Guard(int log2, uint match) => Value = (byte)log2 | (match << MatchShift);

    /// <summary>True when slots of space nodes can have 2^<paramref name="log2"/> bytes: a page, or a node of such
    /// slots.</summary>
    public static bool IsSlotSize(ulong log2) => log2 < AddressLog2 && ((SlotSizes >> (int)log2) & 1) != 0;

    /// <summary>A page or space at offset 0 of its slot.</summary>
    public static Guard At0(int log2) => new(log2, 0);

    public int Log2 => (byte)Value;

    public uint Match => Value >> MatchShift;

    /// <summary>True when <paramref name="offset"/>, in bytes from the slot's start, falls into the space.</summary>
    public bool Admits(ulong offset) => offset >> Log2 == Match;

    /// <summary>The offset inside the space, in bytes.</summary>
    public ulong Inside(ulong offset) => offset & ((1UL << Log2) - 1);
}
