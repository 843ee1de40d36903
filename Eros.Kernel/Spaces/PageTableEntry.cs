// PageTableEntry: one entry of a page table of any level.
//
//   63  62            52 51                12 11      9 8   7 6 5 4 3 2 1 0
//  +---+----------------+-------------------+----------+-----+-+-+---+-+-+-+
//  |NX | table, high 11 |    frame number   |table, low|  0  |D|A| 0 |U|W|P|
//  +---+----------------+-------------------+----------+-----+-+-+---+-+-+-+
//
// An entry that points to a table has that table's number, 14 bits, in the bits that the processor ignores. Accessed
// and dirty are set when the entry is made: nobody reads them, and the processor need not stop to set them.
//
// Source: Intel SDM volume 3, 4.5 (4-level paging), tables 4-15 to 4-20. Bits 59..62 are ignored while CR4.PKE is off.

namespace Eros.Kernel.Spaces;

/// <summary>A page-table entry. All bits are reached through this type.</summary>
public readonly struct PageTableEntry
{
    /// <summary>Entries of a table.</summary>
    public const int Count = 512;

    /// <summary>log2 of <see cref="Count"/>.</summary>
    public const int CountLog2 = 9;

    /// <summary>Table numbers are below this; 0 is no table.</summary>
    public const int TableLimit = 1 << 14;

    private const ulong Present = 1;
    private const ulong Writable = 1 << 1;
    private const ulong User = 1 << 2;
    private const ulong Accessed = 1 << 5;
    private const ulong Dirty = 1 << 6;
    private const ulong NoExecute = 1UL << 63;
    private const int FrameShift = 12;
    private const ulong FrameMask = 0x000F_FFFF_FFFF_F000;
    private const int TableLowShift = 9;
    private const int TableLowBits = 3;
    private const int TableHighShift = 52;
    private const int TableHighMask = 0x7FF;

    public readonly ulong Value;

    private PageTableEntry(ulong value) => Value = value;

    public bool IsPresent => (Value & Present) != 0;

    public bool IsWritable => (Value & Writable) != 0;

    public bool IsUser => (Value & User) != 0;

    public bool IsExecutable => (Value & NoExecute) == 0;

    /// <summary>The physical frame of the page or table.</summary>
    public uint Pfn => (uint)((Value & FrameMask) >> FrameShift);

    /// <summary>The number of the table that the entry points to.</summary>
    public int Table =>
        ((int)(Value >> TableLowShift) & ((1 << TableLowBits) - 1))
        | (((int)(Value >> TableHighShift) & TableHighMask) << TableLowBits);

    /// <summary>The entry of a user page.</summary>
    public static PageTableEntry OfPage(uint pfn, bool isWritable, bool isExecutable) =>
        new(Present | User | Accessed | Dirty | ((ulong)pfn << FrameShift)
            | (isWritable ? Writable : 0) | (isExecutable ? 0 : NoExecute));

    /// <summary>The entry of a table of user pages. It takes no rights away: the page's entry decides, but for what a
    /// snapshot takes from all.</summary>
    public static PageTableEntry OfTable(uint pfn, int table) =>
        new(Present
            | Writable
            | User
            | Accessed
            | ((ulong)pfn << FrameShift)
            | ((ulong)(table & ((1 << TableLowBits) - 1)) << TableLowShift)
            | ((ulong)(table >> TableLowBits) << TableHighShift));

    /// <summary>The same page or table, not writable.</summary>
    public PageTableEntry Protected() => new(Value & ~Writable);

    /// <summary>The same table, writable where its own entries are.</summary>
    public PageTableEntry Unprotected() => new(Value | Writable);
}
