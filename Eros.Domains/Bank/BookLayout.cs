// The books as they lie in the bank's own space: who has which home frame of the range, and which banks there are.
//
// Run of banks, slots 4..7 of the space (16 MB)
//   page 0    BookHeader: 0 magic u32 | 4 pages of this run u32 | 8 frames of the range u64 | 16 pages of the other
//             run u32 | 20 first fresh extent u32 | 24 free extents u32 | 28 partial extents u32 | 32 banks ever u32 |
//             36 free numbers u32 | 40 ending banks u32 | 48 touched u64 | 64 + 4 l: the extent that line l sells from
//             u32
//   page 1..  BankRecord of bank b at 4096 + 64 b: 0 parent u32 | 4 first child u32 | 8 next u32 | 12 previous u32 |
//             16 limit u64 | 24 used u32 | 28 state u8 | 32 frames u32 | 36 open pots u32 | 40 next ending u32 |
//             44 previous ending u32 | 48 + 4 r: the forwarder of rights r u32, a place
//
// Run of frames, slots 9..31 (92 MB): groups of 33 pages, each for 128 extents of 64 frames
//   page 0    ExtentRecord of extent e at 32 (e mod 128): 0 free frames u64 | 8 next u32 | 12 previous u32 |
//             16 state u8
//   page 1..  BookEntry of frame f at 16 (f mod 8192): 0 next u32 | 4 previous u32 | 8 owner u32 | 12 kind u8 |
//             13 sold nodes u8 | 14 set-apart nodes u8
//
// A place is a frame and, in its low three bits, a node's index. Lists and lines end with None.

using System.Runtime.InteropServices;

namespace Eros.Domains.Bank;

/// <summary>What a frame is sold as.</summary>
public enum BookKind : byte
{
    Free = 0,
    Page = 1,
    Pot = 2,
    Process = 3,

    /// <summary>Never sold again: its versions are used up, or the disk has lost it.</summary>
    Retired = 4,
}

/// <summary>One home frame.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct BookEntry
{
    public const int SizeInBytes = 16;

    /// <summary>In the list of its owner's frames, or of its owner's pots that have a node to sell.</summary>
    [FieldOffset(0)] public uint Next;
    [FieldOffset(4)] public uint Previous;
    [FieldOffset(8)] public uint Owner;
    [FieldOffset(12)] public BookKind Kind;

    /// <summary>Pots: a bit for each node that is sold.</summary>
    [FieldOffset(13)] public byte Nodes;

    /// <summary>
    /// Pots: of nodes that are sold, those that are forwarders of banks; of others, those that are used up.
    /// </summary>
    [FieldOffset(14)] public byte SetApart;
}

/// <summary>Where an extent is found.</summary>
public enum ExtentState : byte
{
    /// <summary>Nowhere: none of its frames is free, or it is fresh.</summary>
    Out = 0,
    InFreeList = 1,
    InPartialList = 2,
    InLine = 3,
}

/// <summary>64 neighbouring frames.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct ExtentRecord
{
    public const int SizeInBytes = 32;

    /// <summary>A bit for each free frame.</summary>
    [FieldOffset(0)] public ulong Free;
    [FieldOffset(8)] public uint Next;
    [FieldOffset(12)] public uint Previous;
    [FieldOffset(16)] public ExtentState State;
}

/// <summary>What a bank is at.</summary>
public enum BankState : byte
{
    /// <summary>The number names no bank.</summary>
    Unused = 0,
    Alive = 1,

    /// <summary>Void to everybody, like all banks below it; what they sold is being rescinded.</summary>
    Dying = 2,

    /// <summary>Void to everybody; what it sold, and the banks below it, are going to the bank above.</summary>
    HandingUp = 3,
}

/// <summary>One bank.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct BankRecord
{
    public const int SizeInBytes = 64;

    [FieldOffset(0)] public uint Parent;
    [FieldOffset(4)] public uint FirstChild;

    /// <summary>Among its parent's children; of an unused number, the next unused one.</summary>
    [FieldOffset(8)] public uint Next;
    [FieldOffset(12)] public uint Previous;

    /// <summary>The most frames that it and the banks below it may have.</summary>
    [FieldOffset(16)] public ulong Limit;

    /// <summary>Frames that it and the banks below it have.</summary>
    [FieldOffset(24)] public uint Used;
    [FieldOffset(28)] public BankState State;

    /// <summary>Its own frames, but for those in <see cref="OpenPots"/>.</summary>
    [FieldOffset(32)] public uint Frames;

    /// <summary>Its own pots that have a node to sell.</summary>
    [FieldOffset(36)] public uint OpenPots;

    /// <summary>Among the banks whose end has been ordered.</summary>
    [FieldOffset(40)] public uint NextEnding;
    [FieldOffset(44)] public uint PreviousEnding;

    /// <summary>The nodes through which this bank is invoked, by what they preclude.</summary>
    [FieldOffset(48)] public BankForwarders Forwarders;
}

/// <summary>A place for each set of precluded rights.</summary>
[System.Runtime.CompilerServices.InlineArray(Count)]
public struct BankForwarders
{
    public const int Count = 4;

    private uint _place0;
}

/// <summary>The first page.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct BookHeader
{
    public const int SizeInBytes = 4096;

    /// <summary>"BOK2", little-endian.</summary>
    public const uint MagicValue = 0x324B4F42;

    /// <summary>Where the lines begin.</summary>
    public const int Lines = 64;

    [FieldOffset(0)] public uint Magic;

    /// <summary>Pages of the runs when the domain starts; their growers count for themselves from then on.</summary>
    [FieldOffset(4)] public uint BankPages;
    [FieldOffset(8)] public ulong Frames;
    [FieldOffset(16)] public uint FramePages;

    /// <summary>Extents from here on have never been sold from, and have no record that counts.</summary>
    [FieldOffset(20)] public uint FirstFresh;
    [FieldOffset(24)] public uint FreeExtents;
    [FieldOffset(28)] public uint PartialExtents;
    [FieldOffset(32)] public uint Banks;
    [FieldOffset(36)] public uint FreeNumbers;
    [FieldOffset(40)] public uint Ending;

    /// <summary>Entries and records that were looked at, ever: what the operations cost.</summary>
    [FieldOffset(48)] public ulong Touched;
}
