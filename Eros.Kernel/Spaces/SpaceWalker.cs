// SpaceWalker: from a space capability and an address to the page, through the tree of space nodes.
//
// At each node the address chooses one of 32 slots. What a slot holds:
//   void, number, a capability whose object is gone: nothing there. If a node passed on the way has a background, the innermost one is
//     entered at the same offset; else the address is invalid.
//   page, space: its guard must fit into the slot (else the space is malformed) and admit the offset (else nothing is there). Its rights
//     join those of the way; weak counts as read-only and no-call too, since what is fetched through weak is.
//   anything else: the space is malformed.
// A node's keeper slot and background slot are no memory: nothing is there.
//
// The keeper of an address is that of the innermost node on the way which has one, and is not reached through no-call. A walk ends after
// Limits.SpaceSteps nodes, so that a cycle of backgrounds is found out; sizes shrink on any other way down.
//
// A walker's results are valid until its next walk. One walk is under way at a time; the gate is closed.

using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Spaces;

/// <summary>One node on the way.</summary>
internal struct SpaceStep
{
    /// <summary>The first address that the node spans here.</summary>
    public ulong Base;

    /// <summary>The frame-table entry of its pot.</summary>
    public int Entry;

    /// <summary>Its place in the pot.</summary>
    public byte Node;

    /// <summary>log2 of the bytes that it spans.</summary>
    public byte Log2;

    /// <summary>The rights taken away on the way, the capability for this node included.</summary>
    public Rights Rights;

    /// <summary>The step whose keeper keeps what is below, or -1.</summary>
    public sbyte Keeper;

    /// <summary>The next outer step whose background has not been entered, or -1.</summary>
    public sbyte Outer;
}

/// <summary>Walks spaces.</summary>
internal sealed class SpaceWalker(FrameTable frames, PhysicalMemory memory)
{
    private const int None = -1;

    /// <summary>What a slot holds for an offset.</summary>
    private enum Holding : byte
    {
        Nothing = 0,
        Object,
        Absent,
        Malformed,
    }

    /// <summary>The sizes that a slot can have: bits 12, 17, 22, 27, 32, 37, 42.</summary>
    private const ulong SlotSizes = 0x0000_0421_0842_1000;

    /// <summary>log2 of the bytes that a leaf table translates.</summary>
    private const int LeafLog2 = Guard.PageLog2 + PageTableEntry.CountLog2;

    private readonly FrameTable _frames = frames;
    private readonly PhysicalMemory _memory = memory;
    private readonly SpaceStep[] _steps = new SpaceStep[Limits.SpaceSteps];
    private ulong _address;

    // The innermost step whose background has not been entered, or -1.
    private int _background;

    /// <summary>Nodes on the way, in order.</summary>
    public int StepCount { get; private set; }

    /// <summary>Ok: the frame-table entry of the page.</summary>
    public int Page { get; private set; }

    /// <summary>Ok: the rights taken away on the way, the page's capability included.</summary>
    public Rights Rights { get; private set; }

    /// <summary>The step whose keeper keeps the address, or -1.</summary>
    public int Keeper { get; private set; }

    /// <summary>The smallest node that spans a whole leaf table, if the way to it led through no background; else -1.</summary>
    public int Producer { get; private set; }

    /// <summary>True when a background was entered.</summary>
    public bool FellThrough { get; private set; }

    /// <summary>Absent: the home frame.</summary>
    public ulong Frame { get; private set; }

    /// <summary>Fault: why.</summary>
    public FaultCode Code { get; private set; }

    public ref SpaceStep this[int step] => ref _steps[step];

    /// <summary>Looks up <paramref name="address"/> in the space of a process.</summary>
    public SpaceOutcome Walk(ref readonly Capability space, ulong address)
    {
        Begin(address);
        SpaceOutcome outcome = Descend(in space, address, Guard.AddressLog2, Rights.None);
        if (outcome == SpaceOutcome.Fault && StepCount == 0 && !(IsMemory(in space) && Find(in space, out _) == Holding.Object))
        {
            Code = FaultCode.NoSpace;
        }

        return outcome;
    }

    /// <summary>Looks up <paramref name="address"/> below a node that is known to span it, outside any background. Finds the page that a whole
    /// walk finds, or fails; then only a whole walk says why.</summary>
    public bool TryWalkBelow(int entry, int nodeIndex, ulong nodeBase, Rights rights, ulong address)
    {
        Begin(address);
        ref Node node = ref NodeAt(entry, nodeIndex);
        ulong offset = address - nodeBase;
        int slotLog2 = node.SlotLog2;
        int slot = (int)(offset >> slotLog2);
        return IsMemory(node.Flags, slot)
            && Descend(in node.Slots[slot], offset & ((1UL << slotLog2) - 1), slotLog2, rights) == SpaceOutcome.Ok;
    }

    /// <summary>The node of a step.</summary>
    public ref Node NodeOf(int step) => ref NodeAt(_steps[step].Entry, _steps[step].Node);

    private static bool IsMemory(ref readonly Capability capability) =>
        capability.Type is CapabilityType.Space or CapabilityType.Page;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsMemory(NodeFlags flags, int slot) =>
        flags == NodeFlags.None
        || !((slot == Node.KeeperSlot && (flags & NodeFlags.Keeper) != 0)
            || (slot == Node.BackgroundSlot && (flags & NodeFlags.Background) != 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Begin(ulong address)
    {
        _address = address;
        _background = None;
        StepCount = 0;
        Keeper = None;
        Producer = None;
        FellThrough = false;
    }

    private ref Node NodeAt(int entry, int index) => ref _memory.As<NodePot>(_frames[entry].Pfn).Nodes[index];

    /// <summary>Goes down from a capability in a slot (or a process) of 2^<paramref name="limitLog2"/> bytes.</summary>
    private SpaceOutcome Descend(ref readonly Capability start, ulong offset, int limitLog2, Rights rights)
    {
        ref readonly Capability capability = ref start;
        while (true)
        {
            Holding holding = Open(in capability, offset, limitLog2, out int entry);
            if (holding == Holding.Object)
            {
                rights |= Implied(capability.Rights);
                Guard guard = new(capability.Data);
                if (capability.Type == CapabilityType.Page)
                {
                    Page = entry;
                    Rights = rights;
                    return guard.Log2 == Guard.PageLog2 ? SpaceOutcome.Ok : Fail(FaultCode.MalformedSpace);
                }

                int index = capability.Oid.Index;
                ref Node node = ref NodeAt(entry, index);
                offset = guard.Inside(offset);
                FaultCode code = Note(ref node, entry, index, offset, guard.Log2, rights);
                if (code != FaultCode.None)
                {
                    return Fail(code);
                }

                limitLog2 = node.SlotLog2;
                int slot = (int)(offset >> limitLog2);
                if (IsMemory(node.Flags, slot))
                {
                    capability = ref node.Slots[slot];
                    offset &= (1UL << limitLog2) - 1;
                    continue;
                }
            }
            else if (holding == Holding.Absent)
            {
                Frame = capability.Oid.Frame;
                return SpaceOutcome.Absent;
            }

            if (holding == Holding.Malformed || _background == None)
            {
                return Fail(holding == Holding.Malformed ? FaultCode.MalformedSpace : FaultCode.InvalidAddress);
            }

            // Nothing there: the innermost background that has not been entered, at the same offset.
            ref SpaceStep step = ref _steps[_background];
            capability = ref NodeOf(_background).Slots[Node.BackgroundSlot];
            offset = _address - step.Base;
            limitLog2 = step.Log2;
            rights = step.Rights;
            Keeper = step.Keeper;
            _background = step.Outer;
            FellThrough = true;
        }
    }

    /// <summary>What a slot holds for an offset in it; if an object, the entry of its frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Holding Open(ref readonly Capability capability, ulong offset, int limitLog2, out int entry)
    {
        entry = None;
        if (!IsMemory(in capability))
        {
            return capability.Type is CapabilityType.Void or CapabilityType.Number ? Holding.Nothing : Holding.Malformed;
        }

        Guard guard = new(capability.Data);
        if (guard.Log2 > limitLog2 || guard.Log2 < Guard.PageLog2)
        {
            return Holding.Malformed;
        }

        return guard.Admits(offset) ? Find(in capability, out entry) : Holding.Nothing;
    }

    /// <summary>Adds a node, whose space capability had a guard for its size, to the way. Not None: the walk ends here.</summary>
    private FaultCode Note(ref Node node, int entry, int index, ulong offset, int log2, Rights rights)
    {
        if (node.Kind != NodeKind.Space || log2 != node.SlotLog2 + Guard.NodeLog2 || ((SlotSizes >> node.SlotLog2) & 1) == 0)
        {
            return FaultCode.MalformedSpace;
        }

        int count = StepCount;
        if (count == Limits.SpaceSteps)
        {
            return FaultCode.SpaceTooDeep;
        }

        if ((node.Flags & NodeFlags.Keeper) != 0 && (rights & Rights.NoCall) == 0)
        {
            Keeper = count;
        }

        ref SpaceStep step = ref _steps[count];
        step.Base = _address - offset;
        step.Entry = entry;
        step.Node = (byte)index;
        step.Log2 = (byte)log2;
        step.Rights = rights;
        step.Keeper = (sbyte)Keeper;
        if (log2 >= LeafLog2 && !FellThrough)
        {
            Producer = count;
        }

        if ((node.Flags & NodeFlags.Background) != 0)
        {
            step.Outer = (sbyte)_background;
            _background = count;
        }

        StepCount = count + 1;
        return FaultCode.None;
    }

    /// <summary>The entry of the object that a page or space capability names, if it still names one.</summary>
    private Holding Find(ref readonly Capability capability, out int entry)
    {
        Oid oid = capability.Oid;
        entry = _frames.Find(oid.Frame);
        if (entry < 0 || oid.Volume != 0)
        {
            return oid.Volume == 0 && oid.Frame < _frames.HomeFrames ? Holding.Absent : Holding.Nothing;
        }

        FrameKind kind = capability.Type == CapabilityType.Page ? FrameKind.Page : FrameKind.Pot;
        return _frames.IsCurrent(entry, kind, oid.Index, capability.Version) ? Holding.Object : Holding.Nothing;
    }

    private static Rights Implied(Rights rights) =>
        (rights & Rights.Weak) == 0 ? rights : rights | Rights.ReadOnly | Rights.NoCall;

    private SpaceOutcome Fail(FaultCode code)
    {
        Code = code;
        return SpaceOutcome.Fault;
    }
}
