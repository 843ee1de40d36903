// AddressSpaces: what the rest of the kernel asks of address spaces. It makes page-table entries where a fault or a
// string needs them, and has them taken away when what they were made from changes.
//
// A fault looks first at the one node that the group of 32 pages comes from, if that is known: nearly always the page
// is there. Whatever that does not find is looked up from the space capability on, so that restrictions, backgrounds
// and keepers are told by one walk.
//
// Everything is called with the gate closed. Invariants: PageTables.

using System.Runtime.CompilerServices;
using Eros.Kernel.Invocation;
using Eros.Kernel.Machine;
using Eros.Kernel.Objects;
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
    [MethodImpl(MethodImplOptions.NoInlining)]
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
        Objects = new ObjectTable(frames, memory);
        _walk = new SpaceWalker(frames, Objects);
        _tables = new PageTables(
            frames,
            memory,
            mmu,
            state,
            counters,
            Targets,
            pageTables == 0 ? TablesFor(frames.Capacity) : pageTables);
        Check = new SpacesCheck(frames, _tables, _walk);
    }

    /// <summary>What looks up the objects that spaces are made of.</summary>
    public ObjectTable Objects { get; }

    /// <summary>What the fast path knows of processes and their spaces.</summary>
    public FastTargets Targets { get; } = new();

    /// <summary>The consistency check of page tables and reverse maps.</summary>
    public SpacesCheck Check { get; }

    /// <summary>The process whose space was activated last faulted at an address. Ok: it is to repeat the
    /// instruction.</summary>
    public SpaceOutcome HandleFault(int process, ulong address, Access access, out SpaceFault fault)
    {
        _counters.Values.PageFaults++;
        return MapPage(process, _tables.ActiveRoot(process), address, access, out fault);
    }

    /// <summary>The physical frame of the page at an address of a process; it has been made dirty for Access.Write. The
    /// page gets mapped, since the process is about to use it as well. Valid while the gate stays closed.</summary>
    public SpaceOutcome Translate(int process, ulong address, Access access, out uint pfn, out SpaceFault fault)
    {
        fault = default;
        int root = KnownRoot(process);
        PageTableEntry entry = Lookup(root, address);
        if (entry.IsPresent && (access != Access.Write || entry.IsWritable))
        {
            pfn = entry.Pfn;
            return SpaceOutcome.Ok;
        }

        SpaceOutcome outcome = MapPage(process, root, address, access, out fault);
        pfn = outcome == SpaceOutcome.Ok ? _frames[_walk.Page].Pfn : 0;
        return outcome;
    }

    /// <summary>The root that the process runs on, 0 when none is known.</summary>
    public int KnownRoot(int process) => _tables.KnownRoot(process, in _frames.Process(process).Space);

    /// <summary>Makes the space of a process the current one. A space for which there is no memory yet is made by the
    /// first fault.</summary>
    public void Activate(int process)
    {
        ref ProcessFrame frame = ref _frames.Process(process);
        int root = RootOf(process, in frame.Space);
        _tables.Load(root);
        if (root != 0 && _frames.IsWritable(process))
        {
            Targets.Learn(process, _frames[process].Version, ref frame, root, _tables.Tables[root].Pfn);
        }
    }

    /// <summary>A slot of a node is about to change, or has just changed in this closed step.</summary>
    public void SlotChanging(int entry, int node, int slot)
    {
        Forget(entry, node);
        if (_tables.Uses.First(entry) != NodeUses.None)
        {
            bool isBackground = slot == Node.BackgroundSlot
                && (_frames.Pot(entry).Nodes[node].Flags & NodeFlags.Background) != 0;
            _tables.InvalidateNode(entry, node, isBackground ? -1 : slot);
        }
    }

    /// <summary>All slots of a node change, or its flags do.</summary>
    public void NodeChanging(int entry, int node)
    {
        Forget(entry, node);
        _tables.InvalidateNode(entry, node, -1);
    }

    /// <summary>The page, or the node of a pot, or the process, is rescinded.</summary>
    public void ObjectGone(int entry, int node)
    {
        _tables.Unmap(entry);
        NodeChanging(entry, node);
    }

    /// <summary>What the fast path knows of a process or node is so no more.</summary>
    public void Forget(int entry, int node) => Targets.Forget(Oid.Of(_frames[entry].Frame, node));

    /// <summary>The next use of a page, if it is one, comes by here.</summary>
    public void Watch(int entry) => _tables.Unmap(entry);

    /// <summary>The frame is retyped or leaves memory: whatever was made from it goes.</summary>
    public void FrameGone(int entry)
    {
        for (int node = 0; node < NodePot.NodeCount; node++)
        {
            ObjectGone(entry, node);
        }
    }

    /// <summary>Snapshot: no frame is written any more without MakeDirty.</summary>
    public void Protect()
    {
        _tables.Protect();
        Targets.ForgetAll();
    }

    /// <summary>The root for a process, made if need be; 0 when it has no space, or no memory can be had for
    /// it.</summary>
    private int RootOf(int process, ref readonly Capability space)
    {
        int root = _tables.KnownRoot(process, in space);
        return root == 0 && SpaceWalker.IsMemory(in space)
            ? _tables.MakeRoot(process, in space) : root;
    }

    private static int TablesFor(int frames)
    {
        int tables = frames / Limits.FramesPerPageTable;
        tables = tables < Limits.MinPageTables ? Limits.MinPageTables : tables;
        return tables < PageTableEntry.TableLimit ? tables : PageTableEntry.TableLimit;
    }

    /// <summary>X8. Other addresses have bits that no table looks at: they must not be taken for those below.</summary>
    private static bool IsUsers(ulong address) =>
        address >> Guard.AddressLog2 == 0 && address >= PhysicalMemory.FrameBytes;

    private PageTableEntry Lookup(int root, ulong address)
    {
        int leaf = root == 0 || address >> Guard.AddressLog2 != 0 ? 0 : _tables.FindLeaf(root, address);
        return leaf == 0 ? default : _tables.EntryOf(leaf, address);
    }

    /// <summary>
    /// Finds the page of an address, which is the walker's then, makes it dirty for Access.Write, and maps it.
    /// </summary>
    private SpaceOutcome MapPage(int process, int root, ulong address, Access access, out SpaceFault fault)
    {
        fault = default;
        if (!IsUsers(address))
        {
            fault.Offset = address;
            fault.Code = FaultCode.InvalidAddress;
            return SpaceOutcome.Fault;
        }

        SpaceOutcome outcome = SpaceOutcome.Ok;
        Rights forbidding = Forbidding(access);
        int leaf = FindInGroup(root, address, forbidding);
        if (leaf == 0)
        {
            outcome = Resolve(process, address, forbidding, ref fault, out leaf);
            if (leaf == 0)
            {
                return outcome;
            }
        }

        int page = _walk.Page;
        if (access == Access.Write && !_frames.IsWritable(page) && _frames.MakeDirty(page) != Outcome.Ok)
        {
            return SpaceOutcome.NoRoom;
        }

        bool isWritable = (_walk.Rights & SpaceWalker.ReadOnly) == 0 && _frames.IsWritable(page);
        bool isExecutable = (_walk.Rights & Rights.NoExecute) == 0;
        _tables.Map(leaf, address, page, PageTableEntry.OfPage(_frames[page].Pfn, isWritable, isExecutable));
        return outcome;
    }

    /// <summary>The way of nearly all faults: the leaf is there, and the source of the address's group has the page.
    /// Returns the leaf; 0: a whole walk has to say why not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int FindInGroup(int root, ulong address, Rights forbidding)
    {
        int leaf = root == 0 ? 0 : _tables.FindLeaf(root, address);
        if (leaf == 0)
        {
            return 0;
        }

        ref GroupSource source = ref _tables.Source(leaf, address);
        int slot = (int)(address >> Guard.PageLog2) & (Node.SlotCount - 1);
        bool isFound = source.IsKnown && _walk.TrySource(in source, slot) && (_walk.Rights & forbidding) == 0;
        return isFound ? leaf : 0;
    }

    /// <summary>Walks the whole way, and makes a leaf for the address; 0 with every outcome but Ok.</summary>
    private SpaceOutcome Resolve(int process, ulong address, Rights forbidding, ref SpaceFault fault, out int leaf)
    {
        leaf = 0;
        ref readonly Capability space = ref _frames.Process(process).Space;
        SpaceOutcome outcome = WalkWhole(in space, address, forbidding, ref fault);
        if (outcome != SpaceOutcome.Ok)
        {
            return outcome;
        }

        leaf = MakeLeaf(process, in space, address);
        return leaf == 0 ? SpaceOutcome.NoRoom : SpaceOutcome.Ok;
    }

    /// <summary>Walks from the space capability, and fills <paramref name="fault"/> if that does not lead to a page
    /// that allows the access.</summary>
    private SpaceOutcome WalkWhole(
        ref readonly Capability space, ulong address, Rights forbidding, ref SpaceFault fault)
    {
        SpaceOutcome outcome = _walk.Walk(in space, address);
        fault.Frame = _walk.Frame;
        fault.Code = _walk.Code;
        if (outcome == SpaceOutcome.Ok && (_walk.Rights & forbidding) != 0)
        {
            fault.Code = FaultCode.Access;
            outcome = SpaceOutcome.Fault;
        }

        if (outcome == SpaceOutcome.Fault)
        {
            SetKeeper(address, ref fault);
        }

        return outcome;
    }

    private void SetKeeper(ulong address, ref SpaceFault fault)
    {
        int keeper = _walk.Keeper;
        if (keeper < 0)
        {
            fault.Keeper = Capability.Void;
            fault.Offset = address;
            return;
        }

        ref SpaceStep step = ref _walk[keeper];
        ref Node node = ref _walk.NodeOf(keeper);
        fault.Keeper = node.Slots[Node.KeeperSlot];
        fault.Node = new Capability(CapabilityType.Node, Oid.Of(_frames[step.Entry].Frame, step.Node), node.Version);
        fault.Rights = step.Rights;
        fault.Offset = address - step.Base;
    }

    /// <summary>The rights of which one taken away forbids an access.</summary>
    private static Rights Forbidding(Access access) => access switch
    {
        Access.Write => SpaceWalker.ReadOnly,
        Access.Execute => Rights.NoExecute,
        _ => Rights.None,
    };

    /// <summary>After a whole walk: notes what it passed, and makes root and leaf. Noting comes first, since it may
    /// take tables away.</summary>
    private int MakeLeaf(int process, ref readonly Capability space, ulong address)
    {
        int root = RootOf(process, in space);
        if (root == 0)
        {
            return 0;
        }

        _tables.NoteUses(root, _walk);
        int leaf = _tables.MakeLeaf(root, address);
        if (leaf != 0 && _walk.Source >= 0)
        {
            ref SpaceStep step = ref _walk[_walk.Source];
            ref GroupSource source = ref _tables.Source(leaf, address);
            source.Entry = step.Entry;
            source.Node = step.Node;
            source.Rights = step.Rights;
            source.IsKnown = true;
        }

        return leaf;
    }
}
