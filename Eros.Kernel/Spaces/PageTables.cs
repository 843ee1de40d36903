// PageTables: the cache of address spaces that the processor walks, with the reverse maps that keep it true.
//
// There is one root for each space capability that a process runs on; its tables belong to it alone. Entries are made
// by faults (AddressSpaces) and taken away here, by address range, before what they were made from changes.
//
// What points where, so that every change finds its entries:
//   page  → all leaf entries that map it: a list through the leaves' frames of links, headed in _pages. An entry's
//           place is its table's number and its index; a link is the next place (low half) and the one before (high
//           half).
//   node  → all ranges that it spans in a root: NodeUses
//   space → its root: a hash table by capability; and a hint for each process, proved by comparing the capability
//
// The smallest node spans 32 pages: a group. For each group of a leaf the node that its entries come from is kept, so
// that most faults look at that node only.
//
// A snapshot takes the right to write from all pages at once, and leaves the entries as they are. It begins an epoch.
// An entry that says writable is believed only in a table of this epoch; a table becomes one when all its entries have
// been made read-only. That happens from the root down, where a page is to be written again: so it takes a bounded time
// for each page fault, and none at the snapshot. What lies below entries that are read-only cannot be written, whatever
// it says.
//
// Invariants (docs/invariants.md; SpacesCheck tests them)
//  X1 a present leaf entry maps the page, with no more rights, that a walk from the root's capability finds now.
//  X2 in a table of this epoch it is writable only while the frame table says that the page is.
//  X3 every node of that walk has a use for this root and base.
//  X4 it stands in its page's list, and lists hold nothing else.
//  X5 what the processor may remember of the current root is a part of its tables, or NeedsFlush is set.
//  X6 an upper entry points to a table of the next level, of the same root, for just its addresses.
//  X7 the source of a group, if known, is what a walk says it is, and its way is in the uses.
//  X8 user entries are for addresses from 4096 up to 2^47, and let the user in.
//  X9 a table below another is of this epoch exactly when the other is and its entry is writable. The root that the
//     processor uses is of this epoch, or NeedsFlush is set.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eros.Kernel.Invocation;
using Eros.Kernel.Machine;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Spaces;

/// <summary>The node that decides all entries of a group: see SpaceWalker.Source.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GroupSource
{
    /// <summary>The frame-table entry of its pot.</summary>
    public int Entry;

    /// <summary>Its place in the pot.</summary>
    public byte Node;

    /// <summary>The rights taken away on the way to it, the capability for it included.</summary>
    public Rights Rights;

    /// <summary>True when it is known, and every node on the way to it is in the reverse map.</summary>
    public bool IsKnown;
}

/// <summary>All page tables and reverse maps.</summary>
internal sealed class PageTables
{
    public const int RootLevel = 4;
    private const int RootBuckets = 256;

    /// <summary>Leaves that are found without walking, by the low bits of the number of their 2 MB; a power of
    /// two.</summary>
    private const int RecentLeaves = 64;

    /// <summary>log2 of the bytes that a leaf translates.</summary>
    private const int LeafLog2 = Guard.PageLog2 + PageTableEntry.CountLog2;

    /// <summary>log2 of the bytes that the smallest node spans.</summary>
    private const int GroupLog2 = Guard.PageLog2 + Guard.NodeLog2;

    /// <summary>Groups of a leaf.</summary>
    private const int Groups = PageTableEntry.Count >> Guard.NodeLog2;

    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;
    private const int SpreadShift = 56;

    /// <summary>In a link's upper half: this entry is the first of its list, and the rest is the page's frame-table
    /// entry.</summary>
    public const uint Head = 1u << 31;

    private readonly FastTargets _targets;
    private readonly TablePool _pool;
    private readonly Table[] _tables;
    private readonly GroupSource[] _sources;
    private readonly NodeUses _uses;
    private readonly Mmu _mmu;
    private readonly ProcessorState _state;
    private readonly Counters _counters;

    // For each frame-table entry: the first leaf entry that maps it; the root that it, a process, ran on last.
    private readonly uint[] _pages;
    private readonly ushort[] _rootOf;
    private readonly ushort[] _recentLeaves = new ushort[RecentLeaves];
    private readonly ushort[] _rootBuckets = new ushort[RootBuckets];
    private uint _loads;
    private uint _stamp;
    private ulong _epoch;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public PageTables(
        FrameTable frames,
        PhysicalMemory memory,
        Mmu mmu,
        ProcessorState state,
        Counters counters,
        FastTargets targets,
        int tables)
    {
        _targets = targets;
        _pool = new TablePool(tables, frames, memory, mmu);
        _tables = _pool.Tables;
        _sources = new GroupSource[tables * Groups];
        _uses = new NodeUses(tables * Limits.NodeUsesPerPageTable, frames.Capacity);
        _mmu = mmu;
        _state = state;
        _counters = counters;
        _pages = new uint[frames.Capacity];
        _rootOf = new ushort[frames.Capacity];
    }

    public Table[] Tables => _tables;

    public NodeUses Uses => _uses;

    /// <summary>True while the processor may remember translations that are gone: it must not go on with a domain
    /// before they are forgotten. A few are forgotten one by one.</summary>
    public bool NeedsFlush => _state.Trap.Stale > TrapBlock.MostStale;

    /// <summary>log2 of the bytes that an entry of this level translates.</summary>
    public static int ShiftOf(int level) => Guard.PageLog2 + ((level - 1) * PageTableEntry.CountLog2);

    /// <summary>True when what the table says of writing is to be believed.</summary>
    public bool IsOfThisEpoch(int table) => _tables[table].Epoch == _epoch;

    /// <summary>The name of a leaf entry.</summary>
    public static uint PlaceOf(int leaf, uint index) => ((uint)leaf << PageTableEntry.CountLog2) | index;

    /// <summary>The first leaf entry that maps the page at <paramref name="entry"/>, 0 for none. See <see
    /// cref="NextOf"/>.</summary>
    public uint FirstOf(int entry) => _pages[entry];

    /// <summary>The leaf entry after <paramref name="place"/> in its page's list, 0 for none.</summary>
    public uint NextOf(uint place) => (uint)Link(place);

    /// <summary>The place before it, or <see cref="Head"/> and the page's frame-table entry.</summary>
    public uint PreviousOf(uint place) => (uint)(Link(place) >> 32);

    /// <summary>The root that a process on this space runs on; 0 when none is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int KnownRoot(int process, ref readonly Capability space)
    {
        int root = _rootOf[process];
        ref Table t = ref _tables[root];
        return t.Key.SameAs(in space) && t.Level == RootLevel ? root : 0;
    }

    /// <summary>The current root, if this process is the one that it was activated for; else 0.</summary>
    public int ActiveRoot(int process) => _rootOf[process] == _state.Root ? _state.Root : 0;

    /// <summary>The root for a process on this space, made if need be; 0 when there is no memory for it.</summary>
    public int MakeRoot(int process, ref readonly Capability space)
    {
        ref ushort first = ref _rootBuckets[BucketOf(in space)];
        int root = first;
        while (root != 0 && !_tables[root].Key.SameAs(in space))
        {
            root = _tables[root].Next;
        }

        if (root == 0)
        {
            root = Take(TableKind.Root, 0);
            if (root == 0)
            {
                return 0;
            }

            ref Table t = ref Begin(root, RootLevel, root, 0);
            t.Key = space;
            t.Serial++;
            t.Next = first;
            first = (ushort)root;
        }

        _rootOf[process] = (ushort)root;
        return root;
    }

    /// <summary>Makes the root the current one, and forgets what must be forgotten.</summary>
    public void Load(int root)
    {
        ref Table t = ref _tables[root];
        Renew(ref t);
        if (root != _state.Root)
        {
            t.LastUse = ++_loads;
            _state.Root = root;
            _counters.Values.SpaceLoads++;
            _mmu.LoadRoot(t.Pfn);
        }
        else if (NeedsFlush)
        {
            _counters.Values.TlbFlushes++;
            _mmu.InvalidateAll();
        }

        _state.Trap.Stale = 0;
    }

    /// <summary>The leaf for an address, 0 when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindLeaf(int root, ulong address)
    {
        ref ushort recent = ref _recentLeaves[(int)(address >> LeafLog2) & (RecentLeaves - 1)];
        ref Table t = ref _tables[recent];
        return t.Root == root && t.Base == address >> LeafLog2 << LeafLog2 && t.Level == 1
            ? recent : WalkToLeaf(root, address, ref recent);
    }

    /// <summary>The source of the group that holds <paramref name="address"/>'s entry in a leaf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref GroupSource Source(int leaf, ulong address) =>
        ref _sources[(leaf * Groups) + ((int)(address >> GroupLog2) & (Groups - 1))];

    /// <summary>The leaf for an address, made if need be; 0 when there is no memory for it.</summary>
    public int MakeLeaf(int root, ulong address)
    {
        int leaf = Extend(root, address);
        if (leaf == 0)
        {
            Empty(root);
            leaf = Extend(root, address);
        }

        return leaf;
    }

    /// <summary>Notes that a walk in this root passed these nodes. Any table may be taken away for that, but no use of
    /// these nodes.</summary>
    public void NoteUses(int root, SpaceWalker walk)
    {
        _stamp++;
        for (int i = 0; i < walk.StepCount; i++)
        {
            while (!_uses.TryNote(in walk[i], (ushort)root, _tables[root].Serial, _stamp))
            {
                RemoveUse(_uses.Victim(_stamp));
            }
        }
    }

    /// <summary>The leaf's entry for an address, as far as it is to be believed.</summary>
    public PageTableEntry EntryOf(int leaf, ulong address)
    {
        PageTableEntry entry = _tables[leaf].Entry((uint)(address >> Guard.PageLog2));
        return IsOfThisEpoch(leaf) ? entry : entry.Protected();
    }

    /// <summary>Maps a page (the frame-table entry <paramref name="page"/>) at an address.</summary>
    public void Map(int leaf, ulong address, int page, PageTableEntry value)
    {
        ref Table t = ref _tables[leaf];
        uint index = (uint)(address >> Guard.PageLog2) & (PageTableEntry.Count - 1);
        ref PageTableEntry entry = ref t.Entry(index);
        if (value.IsWritable && t.Epoch != _epoch)
        {
            Extend(t.Root, address);
        }

        bool isNew = !entry.IsPresent;
        entry = value;
        if (isNew)
        {
            t.Used++;
            uint place = PlaceOf(leaf, index);
            ref uint first = ref _pages[page];
            t.Link(index) = first | ((ulong)(Head | (uint)page) << 32);
            SetPrevious(first, place);
            first = place;
        }
    }

    /// <summary>Takes the page at a frame-table entry out of all tables.</summary>
    public void Unmap(int entry)
    {
        for (uint place = _pages[entry]; place != 0; place = _pages[entry])
        {
            Drop((int)(place >> PageTableEntry.CountLog2), place & (PageTableEntry.Count - 1));
        }
    }

    /// <summary>No page is writable any more: a new epoch begins.</summary>
    public void Protect()
    {
        _epoch++;
        _state.Trap.Stale = TrapBlock.MostStale + 1;
    }

    /// <summary>Invalidates what comes through a slot of a node, or through all of it for a <paramref name="slot"/> of
    /// -1.</summary>
    public void InvalidateNode(int entry, int node, int slot)
    {
        int use = _uses.First(entry);
        while (use != NodeUses.None)
        {
            ref NodeUse u = ref _uses[use];
            int next = u.Next;
            if (u.Node == node)
            {
                if (slot < 0)
                {
                    RemoveUse(use);
                }
                else
                {
                    int log2 = u.Log2 - Guard.NodeLog2;
                    Clear(ref u, (ulong)slot << log2, log2);
                }
            }

            use = next;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int WalkToLeaf(int root, ulong address, ref ushort recent)
    {
        int leaf = Descend(root, address, Guard.PageLog2, out _);
        recent = leaf == 0 ? recent : (ushort)leaf;
        return leaf;
    }

    /// <summary>The first table on the way to an address whose entries translate no more than 2^<paramref name="log2"/>
    /// bytes each: 2^<paramref name="shift"/>. 0: there is none.</summary>
    private int Descend(int root, ulong address, int log2, out int shift)
    {
        int table = root;
        shift = ShiftOf(RootLevel);
        while (log2 < shift)
        {
            PageTableEntry entry = _tables[table].Entry((uint)(address >> shift));
            if (!entry.IsPresent)
            {
                return 0;
            }

            table = entry.Table;
            shift -= PageTableEntry.CountLog2;
        }

        return table;
    }

    private static int BucketOf(ref readonly Capability space) =>
        (int)(((space.Low ^ space.High) * Spread) >> SpreadShift);

    private ref ulong Link(uint place) => ref _tables[(int)(place >> PageTableEntry.CountLog2)].Link(place);

    private void SetPrevious(uint place, uint previous)
    {
        if (place != 0)
        {
            ref ulong link = ref Link(place);
            link = (uint)link | ((ulong)previous << 32);
        }
    }

    private ref Table Begin(int table, int level, int root, ulong start)
    {
        ref Table t = ref _tables[table];
        t.Level = (byte)level;
        t.Root = (ushort)root;
        t.Base = start;
        t.Epoch = _epoch;
        return ref t;
    }

    /// <summary>Makes the table one of this epoch, which may have writable entries from now on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Renew(ref Table t)
    {
        if (t.Epoch != _epoch)
        {
            t.Epoch = _epoch;
            t.Protect();
        }
    }

    /// <summary>Makes the tables from the root to the leaf for an address, all of this epoch; 0 when memory ran out on
    /// the way. A table is of this epoch before the entry above it is writable: the processor may look ahead at any
    /// time, and keeps what it has seen.</summary>
    private int Extend(int root, ulong address)
    {
        int table = root;
        Renew(ref _tables[root]);
        for (int level = RootLevel; level > 1; level--)
        {
            ref Table t = ref _tables[table];
            int shift = ShiftOf(level);
            ref PageTableEntry entry = ref t.Entry((uint)(address >> shift));
            if (!entry.IsPresent)
            {
                int child = Take(level == 2 ? TableKind.Leaf : TableKind.Middle, root);
                if (child == 0)
                {
                    return 0;
                }

                uint pfn = Begin(child, level - 1, root, address & ~((1UL << shift) - 1)).Pfn;
                entry = PageTableEntry.OfTable(pfn, child);
                t.Used++;
            }

            table = entry.Table;
            Renew(ref _tables[table]);
            entry = entry.Unprotected();
        }

        return table;
    }

    /// <summary>A table from the pool, for which any space but <paramref name="keep"/>'s may be given up; 0 when there
    /// is none even so.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Take(TableKind kind, int keep)
    {
        int table = _pool.Take(kind);
        while (table == 0 && RecycleOldest(keep))
        {
            table = _pool.Take(kind);
        }

        return table;
    }

    /// <summary>Gives up the space that was loaded longest ago, but not the current one and not <paramref
    /// name="keep"/>; false when there is no other. Roots that the fast path has, and loads without saying so, count as
    /// just loaded.</summary>
    private bool RecycleOldest(int keep)
    {
        for (int i = 0; i < FastTargets.Lines; i++)
        {
            _tables[_targets[i].Root].LastUse = _loads;
        }

        _targets.ForgetAll();
        int oldest = 0;
        uint age = 0;
        for (int i = 1; i < _tables.Length; i++)
        {
            ref Table t = ref _tables[i];
            if (t.Level == RootLevel && i != keep && i != _state.Root && _loads - t.LastUse >= age)
            {
                oldest = i;
                age = _loads - t.LastUse;
            }
        }

        if (oldest == 0)
        {
            return false;
        }

        Empty(oldest);
        ref Table root = ref _tables[oldest];
        ref ushort link = ref _rootBuckets[BucketOf(in root.Key)];
        while (link != oldest)
        {
            link = ref _tables[link].Next;
        }

        link = root.Next;
        root.Serial++;
        _pool.Give(oldest);
        return true;
    }

    private void RemoveUse(int use)
    {
        ref NodeUse u = ref _uses[use];
        Clear(ref u, 0, u.Log2);
        _uses.Remove(use);
    }

    /// <summary>Takes away every entry for the 2^<paramref name="log2"/> bytes at <paramref name="offset"/>, a multiple
    /// of that, of what a node spans in a root.</summary>
    private void Clear(ref NodeUse use, ulong offset, int log2)
    {
        if (_tables[use.Root].Serial != use.Serial)
        {
            return;
        }

        ulong start = use.Base + offset;
        int table = Descend(use.Root, start, log2, out int shift);
        if (table == 0)
        {
            return;
        }

        uint first = (uint)(start >> shift) & (PageTableEntry.Count - 1);
        uint count = 1u << (log2 - shift);
        for (uint i = 0; i < count; i++)
        {
            Drop(table, first + i);
        }

        if (shift == Guard.PageLog2)
        {
            ForgetSources(table, start, count);
        }
    }

    /// <summary>Forgets where whole groups of a leaf come from: those among <paramref name="count"/> entries from
    /// <paramref name="start"/> on.</summary>
    private void ForgetSources(int leaf, ulong start, uint count)
    {
        for (uint group = 0; group < count >> Guard.NodeLog2; group++)
        {
            Source(leaf, start).IsKnown = false;
            start += 1UL << GroupLog2;
        }
    }

    /// <summary>Takes one entry away, with all that is below it.</summary>
    private void Drop(int table, uint index)
    {
        ref Table t = ref _tables[table];
        ref PageTableEntry entry = ref t.Entry(index);
        if (!entry.IsPresent)
        {
            return;
        }

        if (t.Level == 1)
        {
            Unlink(t.Link(index));
        }
        else
        {
            Empty(entry.Table);
            _pool.Give(entry.Table);
        }

        entry = default;
        t.Used--;
        Forget(ref t, index);
    }

    private void Empty(int table)
    {
        ref Table t = ref _tables[table];
        if (t.Level == 1)
        {
            ForgetSources(table, 0, PageTableEntry.Count);
        }

        for (uint i = 0; t.Used != 0; i++)
        {
            Drop(table, i);
        }
    }

    /// <summary>Closes the gap that an entry with this link leaves in its page's list.</summary>
    private void Unlink(ulong link)
    {
        uint next = (uint)link;
        uint previous = (uint)(link >> 32);
        if ((previous & Head) != 0)
        {
            _pages[previous & ~Head] = next;
        }
        else
        {
            ref ulong before = ref Link(previous);
            before = (before & ~(ulong)uint.MaxValue) | next;
        }

        SetPrevious(next, previous);
    }

    /// <summary>The processor forgets what it remembers of an entry: at once, or together with all else when there is
    /// much to forget. Also needed where only a table went: the processor remembers those as well (SDM
    /// 4.10.3).</summary>
    private void Forget(ref Table t, uint index)
    {
        if (t.Root != _state.Root || NeedsFlush)
        {
            return;
        }

        _state.Trap.Stale++;
        if (!NeedsFlush)
        {
            _counters.Values.PageInvalidations++;
            _mmu.Invalidate(t.Base + ((ulong)index << ShiftOf(t.Level)));
        }
    }
}
