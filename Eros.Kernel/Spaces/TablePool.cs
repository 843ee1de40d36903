// TablePool: the frames that are page tables, and what is known of each: its place in its space and, for a leaf, where its entries come from.
//
// Tables are numbered from 1. A table given back is empty, and stays ready for the next of its kind, so that a new space costs no clearing:
//
//   bare ──Take──▶ in use ──Give──▶ spare ──Take──▶ in use          bare: a descriptor without frames. A spare of one kind
//    ▲                                │                             loses its frames when another kind needs them.
//    └──────────── Strip ─────────────┘
//
// Safety: this file is a doorway to memory. Entries and Links are the direct-map addresses of frames that the pool has allocated for
// this table and has not freed; every index is cut to the 512 words of a frame.
//
// A leaf has a second frame, of links: for each entry its place in the list of all entries that map the same page (ReverseMap).
//
// Invariants
//  M1 in use exactly while Level is not 0. Spare tables have no user entry.
//  M2 every root's upper 256 entries equal those of the kernel's root.
//  M3 Serial of a root changes whenever it begins to stand for another space.

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

/// <summary>One page table.</summary>
internal unsafe struct Table
{
    /// <summary>log2 of the entries that the smallest node spans.</summary>
    private const int GroupLog2 = Guard.NodeLog2;

    private PageTableEntry* _entries;
    private ulong* _links;

    public uint Pfn;

    /// <summary>Leaf: the frame of links.</summary>
    public uint LinkPfn;

    /// <summary>The next of its list: spares of its kind, or roots of its hash bucket.</summary>
    public int Next;

    /// <summary>The root of the space that it belongs to (a root: itself).</summary>
    public int Root;

    /// <summary>The first address that it translates.</summary>
    public ulong Base;

    /// <summary>Root: the space capability that it translates for, all 16 bytes.</summary>
    public Capability Key;

    /// <summary>Root: the count of loads when it was last loaded; the oldest is recycled first.</summary>
    public ulong LastUse;

    /// <summary>Leaf: the first address that the producer spans.</summary>
    public ulong ProducerBase;

    /// <summary>Leaf: the frame-table entry of the pot of its producer: the smallest node that spans all of the leaf, and through which
    /// alone its addresses go. -1 when there is none.</summary>
    public int ProducerEntry;

    /// <summary>Root: see M3.</summary>
    public uint Serial;

    /// <summary>Present user entries.</summary>
    public ushort Used;

    /// <summary>Leaf: bit g is set when the node that spans entries 32 g .. 32 g + 31, if there is one, is in the reverse map.</summary>
    public ushort Groups;

    /// <summary>Leaf: the producer's place in its pot.</summary>
    public byte ProducerNode;

    /// <summary>Leaf: the rights taken away on the way to the producer, itself included.</summary>
    public Rights ProducerRights;

    public TableKind Kind;

    /// <summary>1 (leaf) to 4 (root); 0 when not in use.</summary>
    public byte Level;

    /// <summary>The entry at <paramref name="index"/>, of which the low 9 bits count.</summary>
    public readonly ref PageTableEntry Entry(int index) => ref _entries[index & (PageTableEntry.Count - 1)];

    /// <summary>Leaf: the links of the entry at <paramref name="index"/>, of which the low 9 bits count.</summary>
    public readonly ref ulong Link(int index) => ref _links[index & (PageTableEntry.Count - 1)];

    /// <summary>Leaf: whether the node that spans the entry for an address, if there is one, is in the reverse map.</summary>
    public readonly bool IsGroupNoted(ulong address) => ((Groups >> GroupOf(address)) & 1) != 0;

    public void NoteGroup(ulong address) => Groups |= (ushort)(1 << GroupOf(address));

    /// <summary>Leaf: forgets about whole groups among <paramref name="count"/> entries from <paramref name="first"/> on.</summary>
    public void ForgetGroups(int first, int count) =>
        Groups &= (ushort)~(((1 << (count >> GroupLog2)) - 1) << (first >> GroupLog2));

    private static int GroupOf(ulong address) => (int)(address >> (Guard.PageLog2 + GroupLog2)) & ((PageTableEntry.Count >> GroupLog2) - 1);

    /// <summary>Gives the table its frames.</summary>
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
    private const int Kinds = 4;

    /// <summary>User entries of a root: the lower half.</summary>
    private const int RootEntries = PageTableEntry.Count / 2;

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

    /// <summary>Table numbers are below this.</summary>
    public int Count => _tables.Length;

    public ref Table this[int table] => ref _tables[table];

    /// <summary>User entries of a table of that kind.</summary>
    public static int EntriesOf(TableKind kind) => kind == TableKind.Root ? RootEntries : PageTableEntry.Count;

    /// <summary>An empty table, not yet in use: the caller gives it level, root and base. 0 when there is no frame for it.</summary>
    public int Take(TableKind kind)
    {
        int table = Pop(kind);
        if (table != 0)
        {
            return table;
        }

        do
        {
            table = Pop(TableKind.Bare);
            if (table != 0)
            {
                if (Build(table, kind))
                {
                    return table;
                }

                Push(table, TableKind.Bare);
            }
        }
        while (Strip());

        return 0;
    }

    /// <summary>Takes back a table that has no user entry.</summary>
    public void Give(int table)
    {
        ref Table t = ref _tables[table];
        t.Level = 0;
        t.Root = 0;
        t.Key = default;
        Push(table, t.Kind);
    }

    private bool Build(int table, TableKind kind)
    {
        uint pfn = _frames.AllocateFrame();
        if (pfn == 0)
        {
            return false;
        }

        uint linkPfn = 0;
        if (kind == TableKind.Leaf)
        {
            linkPfn = _frames.AllocateFrame();
            if (linkPfn == 0)
            {
                _frames.FreeFrame(pfn);
                return false;
            }
        }

        ref Table t = ref _tables[table];
        t.Kind = kind;
        t.SetFrames(_memory, pfn, linkPfn);
        _memory.Clear(pfn);
        if (kind == TableKind.Root)
        {
            for (int i = RootEntries; i < PageTableEntry.Count; i++)
            {
                t.Entry(i) = _tables[0].Entry(i);
            }
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
                ref Table t = ref _tables[table];
                _frames.FreeFrame(t.Pfn);
                if (t.LinkPfn != 0)
                {
                    _frames.FreeFrame(t.LinkPfn);
                }

                Push(table, TableKind.Bare);
                return true;
            }
        }

        return false;
    }

    private void Push(int table, TableKind kind)
    {
        _tables[table].Kind = kind;
        _tables[table].Next = _spare[(int)kind];
        _spare[(int)kind] = table;
    }

    private int Pop(TableKind kind)
    {
        int table = _spare[(int)kind];
        if (table != 0)
        {
            _spare[(int)kind] = _tables[table].Next;
        }

        return table;
    }
}
