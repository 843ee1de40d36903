// SpacesCheck: are the page tables and the reverse maps what the spaces say? The kernel runs it before each commit, in
// bounded steps with the gate closed; the tests after every step. Nothing is changed. The numbers are those of the
// invariants in docs/invariants.md.

using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Spaces;

/// <summary>What is wrong.</summary>
public enum SpacesFlaw : byte
{
    None = 0,

    /// <summary>X1: a walk from the root does not find what the entry maps.</summary>
    Unjustified,

    /// <summary>X1: the entry gives a right that the walk does not.</summary>
    TooManyRights,

    /// <summary>X2: a page that may not be written is mapped writable.</summary>
    WritableButClean,

    /// <summary>X3: a node on the way has no use.</summary>
    NodeNotNoted,

    /// <summary>X4: a leaf entry is not in its page's list, or a list holds what is no entry of its page.</summary>
    BrokenList,

    /// <summary>X6: an upper entry and the table below do not agree.</summary>
    BrokenTree,

    /// <summary>X7: the source of a leaf's group is not the node that the walk passes.</summary>
    WrongSource,

    /// <summary>X8, M2: an entry for page 0, or for the kernel's use, among the user's; or a changed kernel
    /// half.</summary>
    WrongHalf,

    /// <summary>X9: a table of this epoch that cannot be written through, or one of an earlier that can.</summary>
    WrongEpoch,
}

/// <summary>Checks page tables against spaces.</summary>
public sealed class SpacesCheck
{
    private const uint ListHead = PageTables.Head;

    private readonly FrameTable _frames;
    private readonly PageTables _tables;
    private readonly SpaceWalker _walk;

    internal SpacesCheck(FrameTable frames, PageTables tables, SpaceWalker walk)
    {
        _frames = frames;
        _tables = tables;
        _walk = walk;
    }

    /// <summary>Stops the machine if anything is wrong. Kernel threads only, with the gate open.</summary>
    public void Run(Gate gate)
    {
        for (int table = 1; table < TableCount; table++)
        {
            for (uint index = 0; index < PageTableEntry.Count && _tables.Tables[table].Level != 0; index++)
            {
                // The gate is open: what appears behind this look has been made by the rules just now.
                if (!IsPlain(ref _tables.Tables[table], index))
                {
                    gate.Close();
                    SpacesFlaw flaw = CheckEntry(table, index, out ulong address);
                    Demand(flaw, address);
                    gate.Open();
                }
            }
        }

        for (int entry = 0; entry < _frames.Capacity; entry++)
        {
            if (_tables.FirstOf(entry) != 0)
            {
                gate.Close();
                Demand(CheckFrame(entry), _frames[entry].Frame << Guard.PageLog2);
                gate.Open();
            }
        }
    }

    /// <summary>Tables to check: 1 to this, exclusive.</summary>
    public int TableCount => _tables.Tables.Length;

    /// <summary>The frames of a table's entries and links, 0 for none; for tests that damage them.</summary>
    public (uint Entries, uint Links) FramesOf(int table)
    {
        ref Table t = ref _tables.Tables[table];
        return t.Level == 0 ? default : (t.Pfn, t.LinkPfn);
    }

    /// <summary>Checks a whole table; <paramref name="address"/> is where the flaw is.</summary>
    public SpacesFlaw CheckTable(int table, out ulong address)
    {
        SpacesFlaw flaw = SpacesFlaw.None;
        address = 0;
        for (uint index = 0; flaw == SpacesFlaw.None && index < PageTableEntry.Count; index++)
        {
            flaw = CheckEntry(table, index, out address);
        }

        return flaw;
    }

    /// <summary>Checks the list of leaf entries that map the page at a frame-table entry.</summary>
    public SpacesFlaw CheckFrame(int entry)
    {
        uint previous = ListHead | (uint)entry;
        for (uint place = _tables.FirstOf(entry); place != 0; place = _tables.NextOf(place))
        {
            if (!IsOfLeaf(place))
            {
                return SpacesFlaw.BrokenList;
            }

            int table = (int)(place >> PageTableEntry.CountLog2);
            PageTableEntry value = _tables.Tables[table].Entry(place);
            if (!value.IsPresent
                || value.Pfn != _frames[entry].Pfn
                || _tables.PreviousOf(place) != previous)
            {
                return SpacesFlaw.BrokenList;
            }

            if (value.IsWritable && _tables.IsOfThisEpoch(table) && !_frames.IsWritable(entry))
            {
                return SpacesFlaw.WritableButClean;
            }

            previous = place;
        }

        return SpacesFlaw.None;
    }

    /// <summary>True for an entry that leads nowhere, and for one of the kernel's half that is right.</summary>
    private bool IsPlain(ref Table t, uint index) => IsOfKernel(ref t, index)
        ? t.Entry(index).Value == _tables.Tables[0].Entry(index).Value
        : !t.Entry(index).IsPresent;

    private static bool IsOfKernel(ref Table t, uint index) =>
        t.Level == PageTables.RootLevel && index >= TablePool.RootEntries;

    private SpacesFlaw CheckEntry(int table, uint index, out ulong address)
    {
        ref Table t = ref _tables.Tables[table];
        address = t.Base;
        if (t.Level == 0 || IsPlain(ref t, index))
        {
            return SpacesFlaw.None;
        }

        PageTableEntry entry = t.Entry(index);
        address += (ulong)index << PageTables.ShiftOf(t.Level);
        return IsOfKernel(ref t, index) ? SpacesFlaw.WrongHalf
            : t.Level == 1 ? CheckLeafEntry(ref t, entry, PageTables.PlaceOf(table, index), address)
            : CheckUpperEntry(table, entry, address);
    }

    private static void Demand(SpacesFlaw flaw, ulong where) =>
        Fail.Unless(flaw == SpacesFlaw.None, "page tables do not agree with the spaces"u8, where | (byte)flaw);

    private SpacesFlaw CheckLeafEntry(ref Table leaf, PageTableEntry entry, uint place, ulong address)
    {
        ref Table root = ref _tables.Tables[leaf.Root];
        if (address < 1UL << Guard.PageLog2 || !entry.IsUser)
        {
            return SpacesFlaw.WrongHalf;
        }

        if (_walk.Walk(in root.Key, address) != SpaceOutcome.Ok || _frames[_walk.Page].Pfn != entry.Pfn)
        {
            return SpacesFlaw.Unjustified;
        }

        if ((entry.IsWritable && (_walk.Rights & SpaceWalker.ReadOnly) != 0)
            || (entry.IsExecutable && (_walk.Rights & Rights.NoExecute) != 0))
        {
            return SpacesFlaw.TooManyRights;
        }

        for (int i = 0; i < _walk.StepCount; i++)
        {
            if (_tables.Uses.Find(in _walk[i], leaf.Root, root.Serial) == NodeUses.None)
            {
                return SpacesFlaw.NodeNotNoted;
            }
        }

        uint first = _tables.FirstOf(_walk.Page);
        uint previous = _tables.PreviousOf(place);
        bool isLinked = first == place
            ? previous == (ListHead | (uint)_walk.Page)
            : IsOfLeaf(previous) && _tables.NextOf(previous) == place;
        return isLinked ? CheckSource((int)(place >> PageTableEntry.CountLog2), address) : SpacesFlaw.BrokenList;
    }

    /// <summary>True when there is a leaf that the place can be in.</summary>
    private bool IsOfLeaf(uint place) =>
        place >> PageTableEntry.CountLog2 < (uint)TableCount
        && _tables.Tables[(int)(place >> PageTableEntry.CountLog2)].Level == 1;

    private SpacesFlaw CheckSource(int leaf, ulong address)
    {
        ref GroupSource source = ref _tables.Source(leaf, address);
        if (!source.IsKnown)
        {
            return SpacesFlaw.None;
        }

        if (_walk.Source < 0)
        {
            return SpacesFlaw.WrongSource;
        }

        ref SpaceStep step = ref _walk[_walk.Source];
        return step.Entry == source.Entry && step.Node == source.Node && step.Rights == source.Rights
            ? SpacesFlaw.None
            : SpacesFlaw.WrongSource;
    }

    private SpacesFlaw CheckUpperEntry(int table, PageTableEntry entry, ulong address)
    {
        ref Table upper = ref _tables.Tables[table];
        ref Table t = ref _tables.Tables[entry.Table];
        bool isRight = entry.IsUser
            && t.Level == upper.Level - 1
            && t.Pfn == entry.Pfn
            && t.Root == upper.Root
            && t.Base == address;
        bool isWritten = entry.IsWritable && _tables.IsOfThisEpoch(table);
        return !isRight ? SpacesFlaw.BrokenTree
            : isWritten == _tables.IsOfThisEpoch(entry.Table) ? SpacesFlaw.None : SpacesFlaw.WrongEpoch;
    }
}
