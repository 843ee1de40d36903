// TablePool: the frames that are page tables, and what is known of each: its place in its space and, for a leaf, where
// its entries come from.
//
// Tables are numbered from 1. A table given back is empty, and stays ready for the next of its kind, so that a new
// space costs no clearing:
//
//   bare ──Take──▶ in use ──Give──▶ spare ──Take──▶ in use
//    ▲                                │
//    └──────────── Strip ─────────────┘
//
// Bare: a descriptor without frames. A spare of one kind loses its frames when another kind needs them.
//
// A leaf has a second frame, of links: for each entry its place in the list of all entries that map the same page
// (PageTables).
//
// Safety: this file is a doorway to memory. Entries and links are at the direct-map addresses of frames that the pool
// has allocated for the table and has not freed; every index is cut to the 512 words of a frame.
//
// Invariants
//  M1 in use exactly while Level is not 0. Spare tables have no user entry.
//  M2 every root's upper 256 entries equal those of the kernel's root.
//  M3 Serial of a root changes whenever it begins to stand for another space.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eros.Kernel.Machine;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Spaces;

/// <summary>What a table's frames are made for.</summary>
internal enum TableKind : byte
{
    /// <summary>No frames.</summary>
    Bare = 0,

    /// <summary>Level 1, with a frame of links.</summary>
    Leaf = 1,

    /// <summary>Levels 2 and 3.</summary>
    Middle = 2,

    /// <summary>Level 4, with the kernel's half.</summary>
    Root = 3,
}

/// <summary>One page table: 72 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Table
{
    private PageTableEntry* _entries;
    private ulong* _links;

    /// <summary>The first address that it translates.</summary>
    public ulong Base;

    /// <summary>Since which snapshot it has been good for writing: see PageTables.</summary>
    public ulong Epoch;

    /// <summary>Root: the space capability that it translates for, all 16 bytes.</summary>
    public Capability Key;

    public uint Pfn;

    /// <summary>Leaf: the frame of links; else 0.</summary>
    public uint LinkPfn;

    /// <summary>Root: the count of loads when it was last loaded; the oldest is recycled first.</summary>
    public uint LastUse;

    /// <summary>Root: see M3.</summary>
    public ushort Serial;

    /// <summary>The next of its list: spares of its kind, or roots of its hash bucket.</summary>
    public ushort Next;

    /// <summary>The root of the space that it belongs to (a root: itself).</summary>
    public ushort Root;

    /// <summary>Present user entries.</summary>
    public ushort Used;

    public TableKind Kind;

    /// <summary>1 (leaf) to 4 (root); 0 when not in use.</summary>
    public byte Level;

    /// <summary>The entry at <paramref name="index"/>, of which the low 9 bits count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref PageTableEntry Entry(uint index) => ref _entries[index & (PageTableEntry.Count - 1)];

    /// <summary>Leaf: the links of the entry at <paramref name="index"/>, of which the low 9 bits count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref ulong Link(uint index) => ref _links[index & (PageTableEntry.Count - 1)];

    /// <summary>Makes all user entries read-only, four at a time.</summary>
    public readonly void Protect()
    {
        PageTableEntry* end = _entries + (Kind is TableKind.Leaf or TableKind.Middle
            ? PageTableEntry.Count
            : (int)TablePool.RootEntries);
        for (PageTableEntry* entry = _entries; entry != end; entry += 4)
        {
            entry[0] = entry[0].Protected();
            entry[1] = entry[1].Protected();
            entry[2] = entry[2].Protected();
            entry[3] = entry[3].Protected();
        }
    }

    /// <summary>Gives the table its frames.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void SetFrames(PhysicalMemory memory, uint pfn, uint linkPfn)
    {
        Pfn = pfn;
        LinkPfn = linkPfn;
        _entries = (PageTableEntry*)memory.Address(pfn);
        _links = (ulong*)memory.Address(linkPfn);
    }
}

/// <summary>All page tables.</summary>
internal sealed class TablePool
{
    /// <summary>User entries of a root: the lower half.</summary>
    public const uint RootEntries = PageTableEntry.Count / 2;

    private const int Kinds = 4;

    private readonly Table[] _tables;
    private readonly int[] _spare = new int[Kinds];
    private readonly FrameTable _frames;
    private readonly PhysicalMemory _memory;

    public TablePool(int tables, FrameTable frames, PhysicalMemory memory, Mmu mmu)
    {
        _tables = new Table[tables];
        _frames = frames;
        _memory = memory;
        _tables[0].SetFrames(memory, mmu.KernelRoot, 0);
        for (int i = tables - 1; i > 0; i--)
        {
            Push(i, TableKind.Bare);
        }
    }

    /// <summary>All tables, by number.</summary>
    public Table[] Tables => _tables;

    /// <summary>An empty table, not yet in use: the caller gives it level, root and base. 0 when there is no frame for
    /// it.</summary>
    public int Take(TableKind kind)
    {
        int table = Pop(kind);
        while (table == 0)
        {
            int bare = Pop(TableKind.Bare);
            if (bare != 0)
            {
                if (Build(bare, kind))
                {
                    return bare;
                }

                Push(bare, TableKind.Bare);
            }

            if (!Strip())
            {
                return 0;
            }
        }

        return table;
    }

    /// <summary>Takes back a table that has no user entry.</summary>
    public void Give(int table)
    {
        ref Table t = ref _tables[table];
        t.Level = 0;
        Push(table, t.Kind);
    }

    private bool Build(int table, TableKind kind)
    {
        uint pfn = _frames.AllocateFrame();
        uint linkPfn = kind == TableKind.Leaf && pfn != 0 ? _frames.AllocateFrame() : 0;
        if (pfn == 0 || (kind == TableKind.Leaf && linkPfn == 0))
        {
            Free(pfn);
            return false;
        }

        ref Table t = ref _tables[table];
        t.Kind = kind;
        t.SetFrames(_memory, pfn, linkPfn);
        _memory.Clear(pfn);
        for (uint i = kind == TableKind.Root ? RootEntries : PageTableEntry.Count; i < PageTableEntry.Count; i++)
        {
            t.Entry(i) = _tables[0].Entry(i);
        }

        return true;
    }

    /// <summary>Gives the frames of some spare table back; false when there is no spare.</summary>
    private bool Strip()
    {
        for (TableKind kind = TableKind.Leaf; kind <= TableKind.Root; kind++)
        {
            int table = Pop(kind);
            if (table != 0)
            {
                Free(_tables[table].Pfn);
                Free(_tables[table].LinkPfn);
                Push(table, TableKind.Bare);
                return true;
            }
        }

        return false;
    }

    private void Free(uint pfn)
    {
        if (pfn != 0)
        {
            _frames.FreeFrame(pfn);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Push(int table, TableKind kind)
    {
        ref int first = ref _spare[(int)kind];
        _tables[table].Kind = kind;
        _tables[table].Next = (ushort)first;
        first = table;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Pop(TableKind kind)
    {
        ref int first = ref _spare[(int)kind];
        int table = first;
        first = _tables[table].Next;
        return table;
    }
}
