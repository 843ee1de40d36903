// NodeUses: where each node is passed on the way to something that is mapped: the reverse map from nodes to page
// tables.
//
// A use says: the node at (entry, node) spans 2^log2 bytes from base on, in the space of this root. It covers every
// entry that the root's tables have for those addresses. So a change of slot s concerns the addresses base + s *
// 2^(log2 - 5) and nothing else.
//
// The table is fixed. When it is full, the use under the hand is taken away, and what it covers is invalidated by the
// caller. Uses that the walk under way needs carry its stamp and are passed over.
//
// Invariants
//  N1 every node that a walk to a mapped page passes has a use for (root, base). (Kept by PageTables.)
//  N2 a use is in exactly one list: that of its pot's entry, or the free list.
//  N3 a use whose serial is not its root's is junk: it covers nothing.

namespace Eros.Kernel.Spaces;

/// <summary>One use of a node.</summary>
internal struct NodeUse
{
    public ulong Base;

    /// <summary>The frame-table entry of the pot.</summary>
    public int Entry;
    public int Next;
    public int Previous;

    /// <summary>The walk that needed it last.</summary>
    public uint Stamp;
    public ushort Root;

    /// <summary>The root's serial number when the use was noted.</summary>
    public ushort Serial;
    public byte Node;
    public byte Log2;
    public bool IsUsed;
}

/// <summary>All uses of nodes.</summary>
internal sealed class NodeUses
{
    /// <summary>No use; use 0 is not given out.</summary>
    public const int None = 0;

    private readonly NodeUse[] _uses;
    private readonly int[] _first;
    private int _free;
    private int _hand;

    /// <param name="uses">Uses in the table; more than a walk has steps.</param>
    /// <param name="entries">Entries of the frame table.</param>
    public NodeUses(int uses, int entries)
    {
        _uses = new NodeUse[uses];
        _first = new int[entries];
        for (int i = uses - 1; i > 0; i--)
        {
            _uses[i].Next = _free;
            _free = i;
        }
    }

    public ref NodeUse this[int use] => ref _uses[use];

    /// <summary>The first use of a node of the pot at <paramref name="entry"/>.</summary>
    public int First(int entry) => _first[entry];

    /// <summary>The use of this step in this root, or None.</summary>
    public int Find(in SpaceStep step, ushort root, ushort serial)
    {
        int use = _first[step.Entry];
        while (use != None)
        {
            ref NodeUse u = ref _uses[use];
            if (u.Base == step.Base && u.Root == root && u.Serial == serial && u.Node == step.Node)
            {
                break;
            }

            use = u.Next;
        }

        return use;
    }

    /// <summary>Notes a use, with the stamp of the walk that needs it; false when it is not there and the table is
    /// full.</summary>
    public bool TryNote(in SpaceStep step, ushort root, ushort serial, uint stamp)
    {
        int use = Find(in step, root, serial);
        if (use != None)
        {
            _uses[use].Stamp = stamp;
            return true;
        }

        use = _free;
        if (use == None)
        {
            return false;
        }

        ref NodeUse u = ref _uses[use];
        _free = u.Next;
        u.Base = step.Base;
        u.Entry = step.Entry;
        u.Root = root;
        u.Serial = serial;
        u.Stamp = stamp;
        u.Node = step.Node;
        u.Log2 = step.Log2;
        u.IsUsed = true;
        u.Previous = None;
        u.Next = _first[step.Entry];
        _uses[u.Next].Previous = use;
        _first[step.Entry] = use;
        return true;
    }

    /// <summary>Takes a use away. What it covers must have been invalidated.</summary>
    public void Remove(int use)
    {
        ref NodeUse u = ref _uses[use];
        if (u.Previous == None)
        {
            _first[u.Entry] = u.Next;
        }
        else
        {
            _uses[u.Previous].Next = u.Next;
        }

        _uses[u.Next].Previous = u.Previous;
        u.IsUsed = false;
        u.Next = _free;
        _free = use;
    }

    /// <summary>The use that has to go when the table is full: any but those that carry <paramref
    /// name="stamp"/>.</summary>
    public int Victim(uint stamp)
    {
        do
        {
            _hand = _hand + 1 < _uses.Length ? _hand + 1 : 1;
        }
        while (!_uses[_hand].IsUsed || _uses[_hand].Stamp == stamp);

        return _hand;
    }
}
