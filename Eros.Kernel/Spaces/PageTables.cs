// PageTables: the cache of address spaces that the processor walks, with the reverse maps that keep it true.
//
// There is one root for each space capability that a process runs on; its tables belong to it alone. Entries are made by
// faults (AddressSpaces) and taken away here, by address range, before what they were made from changes.
//
// What points where, so that every change finds its entries:
//   page  → all leaf entries that map it: a list through the leaves' frames of links, headed in _pages
//   node  → all ranges that it spans in a root: NodeUses
//   space → its root: a hash table by capability; and a hint for each process, proved by comparing the capability
//
// Invariants (docs/invariants.md, X1..X8; SpacesCheck tests them)
//  X1 a present leaf entry maps the page, with no more rights, that a walk from the root's capability finds now.
//  X2 it is writable only while the frame table says that the page is.
//  X3 every node of that walk has a use for this root and base.
//  X4 it stands in its page's list, and lists hold nothing else.
//  X5 what the processor may remember of the current root is a part of its tables, or NeedsFlush is set.

using Eros.Kernel.Machine;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Spaces;

/// <summary>All page tables and reverse maps.</summary>
internal sealed class PageTables
{
    public const int RootLevel = 4;
    private const int RootBuckets = 256;
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;
    private const int SpreadShift = 56;

    /// <summary>In a link's upper half: this entry is the first of its list, and the rest is the page's frame-table entry.</summary>
    public const uint Head = 1u << 31;

    /// <summary>Translations forgotten one by one before it is cheaper to forget all.</summary>
    private const int SingleInvalidations = 8;

    private readonly TablePool _pool;
    private readonly NodeUses _uses;
    private readonly Mmu _mmu;
    private readonly ProcessorState _state;
    private readonly Counters _counters;

    // For each frame-table entry: the first leaf entry that maps it; the root that it, a process, ran on last.
    private readonly uint[] _pages;
    private readonly ushort[] _rootOf;
    private readonly int[] _rootBuckets = new int[RootBuckets];
    private ulong _loads;
    private uint _stamp;
    private int _singles;

    public PageTables(FrameTable frames, PhysicalMemory memory, Mmu mmu, ProcessorState state, Counters counters, int tables)
    {
        _pool = new TablePool(tables, frames, memory, mmu);
        _uses = new NodeUses(tables * Limits.NodeUsesPerPageTable, frames.Capacity);
        _mmu = mmu;
        _state = state;
        _counters = counters;
        _pages = new uint[frames.Capacity];
        _rootOf = new ushort[frames.Capacity];
    }

    public TablePool Pool => _pool;

    public NodeUses Uses => _uses;

    /// <summary>True while the processor may remember translations that are gone: it must not go on with a domain before they are forgotten.</summary>
    public bool NeedsFlush { get; private set; }

    /// <summary>log2 of the bytes that an entry of this level translates.</summary>
    public static int ShiftOf(int level) => Guard.PageLog2 + ((level - 1) * PageTableEntry.CountLog2);

    /// <summary>The name of a leaf entry.</summary>
    public static uint PlaceOf(int leaf, int index) => ((uint)leaf << PageTableEntry.CountLog2) | (uint)index;

    /// <summary>The first leaf entry that maps the page at <paramref name="entry"/>, 0 for none. See <see cref="NextOf"/>.</summary>
    public uint FirstOf(int entry) => _pages[entry];

    /// <summary>The leaf entry after <paramref name="place"/> in its page's list, 0 for none.</summary>
    public uint NextOf(uint place) => (uint)Link(place);

    /// <summary>The place before it, or <see cref="Head"/> and the page's frame-table entry.</summary>
    public uint PreviousOf(uint place) => (uint)(Link(place) >> 32);

    /// <summary>The root that a process on this space runs on; 0 when none is known.</summary>
    public int KnownRoot(int process, ref readonly Capability space)
    {
        int root = _rootOf[process];
        ref Table t = ref _pool[root];
        return t.Key.SameAs(in space) && t.Level == RootLevel ? root : 0;
    }

    /// <summary>The root for a process on this space, made if need be; 0 when there is no memory for it.</summary>
    public int MakeRoot(int process, ref readonly Capability space)
    {
        int bucket = BucketOf(in space);
        int root = _rootBuckets[bucket];
        while (root != 0 && !_pool[root].Key.SameAs(in space))
        {
            root = _pool[root].Next;
        }

        if (root == 0)
        {
            do
            {
                root = _pool.Take(TableKind.Root);
            }
            while (root == 0 && RecycleOldest(0));

            if (root == 0)
            {
                return 0;
            }

            ref Table t = ref _pool[root];
            Place(root, RootLevel, root, 0);
            t.Key = space;
            t.Serial++;
            t.Next = _rootBuckets[bucket];
            _rootBuckets[bucket] = root;
        }

        _rootOf[process] = (ushort)root;
        return root;
    }

    /// <summary>Makes the root the current one, and forgets what must be forgotten.</summary>
    public void Load(int root)
    {
        if (root != _state.Root)
        {
            ref Table t = ref _pool[root];
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

        NeedsFlush = false;
        _singles = 0;
    }

    /// <summary>The leaf for an address, 0 when there is none.</summary>
    public int FindLeaf(int root, ulong address)
    {
        int table = root;
        for (int shift = ShiftOf(RootLevel); shift > Guard.PageLog2; shift -= PageTableEntry.CountLog2)
        {
            PageTableEntry entry = _pool[table].Entry((int)(address >> shift));
            if (!entry.IsPresent)
            {
                return 0;
            }

            table = entry.Table;
        }

        return table;
    }

    /// <summary>The leaf for an address, made if need be, without a producer then; 0 when there is no memory for it.</summary>
    public int MakeLeaf(int root, ulong address)
    {
        int leaf = Extend(root, address);
        while (leaf == 0 && RecycleOldest(root))
        {
            leaf = Extend(root, address);
        }

        if (leaf == 0)
        {
            Empty(root);
            leaf = Extend(root, address);
        }

        return leaf;
    }

    /// <summary>Says of which node all of the leaf's entries come.</summary>
    public void SetProducer(int leaf, in SpaceStep step)
    {
        ref Table t = ref _pool[leaf];
        t.ProducerEntry = step.Entry;
        t.ProducerNode = step.Node;
        t.ProducerRights = step.Rights;
        t.ProducerBase = step.Base;
    }

    /// <summary>Notes that a walk in this root passed these nodes. May invalidate anything of this root but their ranges' uses.</summary>
    public void NoteUses(int root, SpaceWalker walk)
    {
        _stamp++;
        uint serial = _pool[root].Serial;
        for (int i = 0; i < walk.StepCount; i++)
        {
            ref SpaceStep step = ref walk[i];
            int use = _uses.Find(step, root, serial);
            if (use != NodeUses.None)
            {
                _uses[use].Stamp = _stamp;
                continue;
            }

            while (!_uses.TryAdd(step, root, serial, _stamp))
            {
                RemoveUse(_uses.Victim(_stamp));
            }
        }
    }

    /// <summary>The leaf's entry for an address.</summary>
    public PageTableEntry EntryOf(int leaf, ulong address) => _pool[leaf].Entry((int)(address >> Guard.PageLog2));

    /// <summary>Maps a page (the frame-table entry <paramref name="page"/>) at an address.</summary>
    public void Map(int leaf, ulong address, int page, PageTableEntry value)
    {
        int index = (int)(address >> Guard.PageLog2) & (PageTableEntry.Count - 1);
        ref Table t = ref _pool[leaf];
        ref PageTableEntry entry = ref t.Entry(index);
        if (!entry.IsPresent)
        {
            uint place = PlaceOf(leaf, index);
            uint next = _pages[page];
            t.Link(index) = next | ((ulong)(Head | (uint)page) << 32);
            SetPrevious(next, place);
            _pages[page] = place;
            t.Used++;
        }

        entry = value;
    }

    /// <summary>Takes the page at a frame-table entry out of all tables.</summary>
    public void Unmap(int entry)
    {
        for (uint place = _pages[entry]; place != 0; place = _pages[entry])
        {
            Drop((int)(place >> PageTableEntry.CountLog2), (int)place & (PageTableEntry.Count - 1));
        }
    }

    /// <summary>Makes every entry of the page at a frame-table entry read-only.</summary>
    public void Protect(int entry)
    {
        for (uint place = _pages[entry]; place != 0; place = NextOf(place))
        {
            int leaf = (int)(place >> PageTableEntry.CountLog2);
            ref PageTableEntry value = ref _pool[leaf].Entry((int)place);
            if (value.IsWritable)
            {
                value = value.Protected();
                Forget(leaf, (int)place & (PageTableEntry.Count - 1));
            }
        }
    }

    /// <summary>Invalidates what comes through a slot of a node, or through all of it for a <paramref name="slot"/> of -1.</summary>
    public void InvalidateNode(int entry, int node, int slot)
    {
        int use = _uses.First(entry);
        while (use != NodeUses.None)
        {
            ref NodeUse u = ref _uses[use];
            int next = u.Next;
            if (u.Node == node)
            {
                if (slot < 0 || u.Serial != _pool[u.Root].Serial)
                {
                    RemoveUse(use);
                }
                else
                {
                    int log2 = u.Log2 - Guard.NodeLog2;
                    Clear(u.Root, u.Base + ((ulong)slot << log2), log2);
                }
            }

            use = next;
        }
    }

    private static int BucketOf(ref readonly Capability space) => (int)(((space.Low ^ space.High) * Spread) >> SpreadShift);

    /// <summary>The links of a leaf entry: low half the next place of its page's list, high half the one before.</summary>
    private ref ulong Link(uint place) =>
        ref _pool[(int)(place >> PageTableEntry.CountLog2)].Link((int)place);

    private void SetPrevious(uint place, uint previous)
    {
        if (place != 0)
        {
            ref ulong link = ref Link(place);
            link = (uint)link | ((ulong)previous << 32);
        }
    }

    private void Place(int table, int level, int root, ulong start)
    {
        ref Table t = ref _pool[table];
        t.Level = (byte)level;
        t.Root = root;
        t.Base = start;
        t.Used = 0;
        t.Groups = 0;
        t.ProducerEntry = -1;
    }

    /// <summary>Makes the tables from the root to the leaf for an address; 0 when memory ran out on the way.</summary>
    private int Extend(int root, ulong address)
    {
        int table = root;
        for (int level = RootLevel; level > 1; level--)
        {
            int shift = ShiftOf(level);
            ref PageTableEntry entry = ref _pool[table].Entry((int)(address >> shift));
            if (!entry.IsPresent)
            {
                int child = _pool.Take(level == 2 ? TableKind.Leaf : TableKind.Middle);
                if (child == 0)
                {
                    return 0;
                }

                Place(child, level - 1, root, address & ~((1UL << shift) - 1));
                entry = PageTableEntry.OfTable(_pool[child].Pfn, child);
                _pool[table].Used++;
            }

            table = entry.Table;
        }

        return table;
    }

    /// <summary>Gives up the space that was loaded longest ago, but not the current one and not <paramref name="keep"/>; false when there is no
    /// other.</summary>
    private bool RecycleOldest(int keep)
    {
        int oldest = 0;
        for (int i = 1; i < _pool.Count; i++)
        {
            if (_pool[i].Level == RootLevel
                && i != keep
                && i != _state.Root
                && (oldest == 0 || _pool[i].LastUse < _pool[oldest].LastUse))
            {
                oldest = i;
            }
        }

        if (oldest == 0)
        {
            return false;
        }

        Empty(oldest);
        ref int link = ref _rootBuckets[BucketOf(in _pool[oldest].Key)];
        while (link != oldest)
        {
            link = ref _pool[link].Next;
        }

        link = _pool[oldest].Next;
        _pool[oldest].Serial++;
        _pool.Give(oldest);
        return true;
    }

    private void RemoveUse(int use)
    {
        ref NodeUse u = ref _uses[use];
        if (u.Serial == _pool[u.Root].Serial)
        {
            Clear(u.Root, u.Base, u.Log2);
        }

        _uses.Remove(use);
    }

    /// <summary>Takes away every entry of a root for the 2^<paramref name="log2"/> bytes from <paramref name="start"/>, a multiple of that.</summary>
    private void Clear(int root, ulong start, int log2)
    {
        int table = root;
        int shift = ShiftOf(RootLevel);
        while (log2 < shift)
        {
            PageTableEntry entry = _pool[table].Entry((int)(start >> shift));
            if (!entry.IsPresent)
            {
                return;
            }

            table = entry.Table;
            shift -= PageTableEntry.CountLog2;
        }

        int first = (int)(start >> shift) & (PageTableEntry.Count - 1);
        int count = 1 << (log2 - shift);
        for (int i = 0; i < count; i++)
        {
            Drop(table, first + i);
        }

        if (shift == Guard.PageLog2)
        {
            _pool[table].ForgetGroups(first, count);
        }
    }

    /// <summary>Takes one entry away, with all that is below it.</summary>
    private void Drop(int table, int index)
    {
        ref PageTableEntry entry = ref _pool[table].Entry(index);
        if (!entry.IsPresent)
        {
            return;
        }

        if (_pool[table].Level == 1)
        {
            Unlink(PlaceOf(table, index));
        }
        else
        {
            int child = entry.Table;
            Empty(child);
            _pool.Give(child);
        }

        entry = default;
        _pool[table].Used--;
        Forget(table, index);
    }

    private void Empty(int table)
    {
        ref Table t = ref _pool[table];
        for (int i = 0; t.Used != 0; i++)
        {
            Drop(table, i);
        }

        t.Groups = 0;
    }

    private void Unlink(uint place)
    {
        ulong link = Link(place);
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

    /// <summary>The processor forgets what it remembers of an entry: at once, or together with all else when there is much to forget. Also
    /// needed where only a table went: the processor remembers those as well (SDM 4.10.3).</summary>
    private void Forget(int table, int index)
    {
        ref Table t = ref _pool[table];
        if (t.Root != _state.Root || NeedsFlush)
        {
            return;
        }

        if (++_singles > SingleInvalidations)
        {
            NeedsFlush = true;
            return;
        }

        _counters.Values.PageInvalidations++;
        _mmu.Invalidate(t.Base + ((ulong)index << ShiftOf(t.Level)));
    }
}
