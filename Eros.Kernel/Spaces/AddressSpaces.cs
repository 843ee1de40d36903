// AddressSpaces: what the rest of the kernel asks of address spaces. It makes page-table entries where a fault or a string needs them, and
// has them taken away when what they were made from changes.
//
// A fault walks the tree of nodes below the leaf's producer only, which finds the page in nearly all cases; whatever that does not
// find is looked up from the space capability on, so that restrictions, backgrounds and keepers are told from one walk.
//
// Everything is called with the gate closed. Invariants: PageTables.

using System.Runtime.CompilerServices;
using Eros.Kernel.Machine;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Spaces;

/// <summary>The address spaces of all processes.</summary>
public sealed class AddressSpaces
{
    private readonly FrameTable _frames;
    private readonly PageTables _tables;
    private readonly SpaceWalker _walk;
    private readonly Counters _counters;

    /// <param name="frames">The object cache, which also gives the frames for page tables.</param>
    /// <param name="memory">The machine's memory.</param>
    /// <param name="mmu">Its address translation.</param>
    /// <param name="state">The processor.</param>
    /// <param name="counters">Where loads, flushes and faults are counted.</param>
    /// <param name="pageTables">Page tables that may exist; 0 for as many as suit the memory.</param>
    public AddressSpaces(
        FrameTable frames,
        PhysicalMemory memory,
        Mmu mmu,
        ProcessorState state,
        Counters counters,
        int pageTables = 0)
    {
        _frames = frames;
        _counters = counters;
        _walk = new SpaceWalker(frames, memory);
        _tables = new PageTables(frames, memory, mmu, state, counters, pageTables == 0 ? TablesFor(frames.Capacity) : pageTables);
        Check = new SpacesCheck(frames, _tables, _walk);
    }

    /// <summary>The consistency check of page tables and reverse maps.</summary>
    public SpacesCheck Check { get; }

    /// <summary>A process faulted at an address. Ok: it is to repeat the instruction.</summary>
    public SpaceOutcome HandleFault(int process, ulong address, Access access, out SpaceFault fault)
    {
        _counters.Values.PageFaults++;
        return Resolve(process, address, access, out fault);
    }

    /// <summary>The physical frame of the page at an address of a process; it has been made dirty for Access.Write. The page gets
    /// mapped, since the process is about to use it as well. Valid while the gate stays closed.</summary>
    public SpaceOutcome Translate(int process, ulong address, Access access, out uint pfn, out SpaceFault fault)
    {
        PageTableEntry entry = Lookup(process, address);
        SpaceOutcome outcome = SpaceOutcome.Ok;
        fault = default;
        if (!entry.IsPresent || (access == Access.Write && !entry.IsWritable))
        {
            outcome = Resolve(process, address, access, out fault);
            entry = outcome == SpaceOutcome.Ok ? Lookup(process, address) : default;
        }

        pfn = entry.Pfn;
        return outcome;
    }

    /// <summary>The root that the process runs on if one is known and needs no flush, else 0: what the fast path may <see cref="Load"/>.</summary>
    public int KnownRoot(int process) => _tables.NeedsFlush ? 0 : _tables.KnownRoot(process, in _frames.Process(process).Space);

    /// <summary>Loads a root that <see cref="KnownRoot"/> gave, unless it is the current one.</summary>
    public void Load(int root) => _tables.Load(root);

    /// <summary>Makes the space of a process the current one. A space for which there is no memory yet is made by the first fault.</summary>
    public void Activate(int process)
    {
        ref readonly Capability space = ref _frames.Process(process).Space;
        int root = _tables.KnownRoot(process, in space);
        if (root == 0 && space.Type is CapabilityType.Space or CapabilityType.Page)
        {
            root = _tables.MakeRoot(process, in space);
        }

        _tables.Load(root);
    }

    /// <summary>A slot of a node is about to change, or has just changed in this closed step.</summary>
    public void SlotChanging(int entry, int node, int slot)
    {
        if (_tables.Uses.First(entry) != NodeUses.None)
        {
            bool isBackground = slot == Node.BackgroundSlot && (_frames.Pot(entry).Nodes[node].Flags & NodeFlags.Background) != 0;
            _tables.InvalidateNode(entry, node, isBackground ? -1 : slot);
        }
    }

    /// <summary>All slots of a node change, or its flags do.</summary>
    public void NodeChanging(int entry, int node) => _tables.InvalidateNode(entry, node, -1);

    /// <summary>The page, or the node of a pot, is rescinded.</summary>
    public void ObjectGone(int entry, int node)
    {
        _tables.Unmap(entry);
        _tables.InvalidateNode(entry, node, -1);
    }

    /// <summary>The frame is retyped or leaves memory: whatever was made from it goes.</summary>
    public void FrameGone(int entry)
    {
        for (int node = 0; node < NodePot.NodeCount; node++)
        {
            ObjectGone(entry, node);
        }
    }

    /// <summary>Snapshot: the frame is not written any more without MakeDirty.</summary>
    public void Protect(int entry) => _tables.Protect(entry);

    private static int TablesFor(int frames)
    {
        int tables = frames / Limits.FramesPerPageTable;
        tables = tables < Limits.MinPageTables ? Limits.MinPageTables : tables;
        return tables < PageTableEntry.TableLimit ? tables : PageTableEntry.TableLimit;
    }

    private PageTableEntry Lookup(int process, ulong address)
    {
        if (address >> Guard.AddressLog2 != 0)
        {
            return default;
        }

        int root = _tables.KnownRoot(process, in _frames.Process(process).Space);
        int leaf = root == 0 ? 0 : _tables.FindLeaf(root, address);
        return leaf == 0 ? default : _tables.EntryOf(leaf, address);
    }

    private SpaceOutcome Resolve(int process, ulong address, Access access, out SpaceFault fault)
    {
        fault = default;
        if (address < PhysicalMemory.FrameBytes || address >> Guard.AddressLog2 != 0)
        {
            fault.Offset = address;
            fault.Code = FaultCode.InvalidAddress;
            return SpaceOutcome.Fault;
        }

        ref readonly Capability space = ref _frames.Process(process).Space;
        int root = _tables.KnownRoot(process, in space);
        int leaf = root == 0 ? 0 : _tables.FindLeaf(root, address);
        if (leaf == 0 || !TryProducer(leaf, address, access))
        {
            SpaceOutcome outcome = WalkWhole(in space, address, access, ref fault);
            if (outcome != SpaceOutcome.Ok)
            {
                return outcome;
            }

            leaf = 0;
        }

        int page = _walk.Page;
        if (access == Access.Write && !_frames.IsWritable(page) && _frames.MakeDirty(page) != Outcome.Ok)
        {
            return SpaceOutcome.NoRoom;
        }

        leaf = leaf == 0 ? MakeLeaf(root, process, in space, address) : leaf;
        if (leaf == 0)
        {
            return SpaceOutcome.NoRoom;
        }

        bool isWritable = (_walk.Rights & Rights.ReadOnly) == 0 && _frames.IsWritable(page);
        bool isExecutable = (_walk.Rights & Rights.NoExecute) == 0;
        _tables.Map(leaf, address, page, PageTableEntry.OfPage(_frames[page].Pfn, isWritable, isExecutable));
        return SpaceOutcome.Ok;
    }

    /// <summary>Walks from the leaf's producer. True: the page was found as a whole walk finds it, and its nodes are noted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryProducer(int leaf, ulong address, Access access)
    {
        ref Table table = ref _tables.Pool[leaf];
        return table.IsGroupNoted(address)
            && table.ProducerEntry >= 0
            && _walk.TryWalkBelow(table.ProducerEntry, table.ProducerNode, table.ProducerBase, table.ProducerRights, address)
            && !_walk.FellThrough
            && Allows(access);
    }

    /// <summary>Walks from the space capability, and fills <paramref name="fault"/> if that does not lead to a page that allows the access.</summary>
    private SpaceOutcome WalkWhole(ref readonly Capability space, ulong address, Access access, ref SpaceFault fault)
    {
        SpaceOutcome outcome = _walk.Walk(in space, address);
        fault.Frame = _walk.Frame;
        fault.Code = _walk.Code;
        if (outcome == SpaceOutcome.Ok && !Allows(access))
        {
            fault.Code = FaultCode.Access;
            outcome = SpaceOutcome.Fault;
        }

        if (outcome == SpaceOutcome.Fault)
        {
            int keeper = _walk.Keeper;
            fault.Keeper = keeper < 0 ? Capability.Void : _walk.NodeOf(keeper).Slots[Node.KeeperSlot];
            fault.Offset = keeper < 0 ? address : address - _walk[keeper].Base;
        }

        return outcome;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Allows(Access access) => access switch
    {
        Access.Write => (_walk.Rights & Rights.ReadOnly) == 0,
        Access.Execute => (_walk.Rights & Rights.NoExecute) == 0,
        _ => true,
    };

    /// <summary>After a whole walk: notes what it passed, and makes root and leaf. Noting comes first, since it may take tables away.</summary>
    private int MakeLeaf(int root, int process, ref readonly Capability space, ulong address)
    {
        root = root == 0 ? _tables.MakeRoot(process, in space) : root;
        if (root == 0)
        {
            return 0;
        }

        _tables.NoteUses(root, _walk);
        int leaf = _tables.MakeLeaf(root, address);
        if (leaf == 0)
        {
            return 0;
        }

        if (_walk.Producer >= 0)
        {
            _tables.SetProducer(leaf, in _walk[_walk.Producer]);
        }

        if (!_walk.FellThrough)
        {
            _tables.Pool[leaf].NoteGroup(address);
        }

        return leaf;
    }
}
