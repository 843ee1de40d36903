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
    public SpaceOutcome Walk(in Capability space, ulong address)
    {
        Begin(address);
        SpaceOutcome outcome = Descend(space, address, Guard.AddressLog2, Rights.None);
        if (outcome == SpaceOutcome.Fault && StepCount == 0 && !(space.Type is CapabilityType.Space or CapabilityType.Page && IsAlive(space)))
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
        ref Node node = ref _memory.As<NodePot>(_frames[entry].Pfn).Nodes[nodeIndex];
        ulong offset = address - nodeBase;
        int slot = (int)(offset >> node.SlotLog2);
        return IsMemory(node.Flags, slot)
            && Descend(node.Slots[slot], offset & ((1UL << node.SlotLog2) - 1), node.SlotLog2, rights) == SpaceOutcome.Ok;
    }

    /// <summary>The node of a step.</summary>
    public ref Node NodeOf(int step) => ref _memory.As<NodePot>(_frames[_steps[step].Entry].Pfn).Nodes[_steps[step].Node];

    private static bool IsMemory(NodeFlags flags, int slot) =>
        flags == NodeFlags.None
        || !((slot == Node.KeeperSlot && (flags & NodeFlags.Keeper) != 0)
            || (slot == Node.BackgroundSlot && (flags & NodeFlags.Background) != 0));

    private void Begin(ulong address)
    {
        _address = address;
        _background = None;
        StepCount = 0;
        Keeper = None;
        Producer = None;
        FellThrough = false;
    }

    /// <summary>Goes down from a capability in a slot (or a process) of 2^<paramref name="limitLog2"/> bytes.</summary>
    private SpaceOutcome Descend(Capability capability, ulong offset, int limitLog2, Rights rights)
    {
        while (true)
        {
            CapabilityType type = capability.Type;
            if (type is CapabilityType.Space or CapabilityType.Page)
            {
                Guard guard = new(capability.Data);
                if (guard.Log2 > limitLog2 || guard.Log2 < Guard.PageLog2)
                {
                    return Fail(FaultCode.MalformedSpace);
                }

                Outcome found = guard.Admits(offset) ? Find(capability, out int entry) : Miss(out entry);
                if (found == Outcome.Ok)
                {
                    rights |= Implied(capability.Rights);
                    if (type == CapabilityType.Page)
                    {
                        Page = entry;
                        Rights = rights;
                        return guard.Log2 == Guard.PageLog2 ? SpaceOutcome.Ok : Fail(FaultCode.MalformedSpace);
                    }

                    FaultCode code = EnterNode(ref capability, entry, ref offset, ref limitLog2, rights);
                    if (code == FaultCode.None)
                    {
                        continue;
                    }

                    if (code != FaultCode.InvalidAddress)
                    {
                        return Fail(code);
                    }
                }
                else if (found == Outcome.Absent)
                {
                    Frame = capability.Oid.Frame;
                    return SpaceOutcome.Absent;
                }
            }
            else if (type is not (CapabilityType.Void or CapabilityType.Number))
            {
                return Fail(FaultCode.MalformedSpace);
            }

            if (!FallThrough(ref capability, ref offset, ref limitLog2, ref rights))
            {
                return Fail(FaultCode.InvalidAddress);
            }
        }
    }

    /// <summary>Notes the node and goes on with the slot that the offset chooses. InvalidAddress: that slot is no memory.</summary>
    private FaultCode EnterNode(ref Capability capability, int entry, ref ulong offset, ref int limitLog2, Rights rights)
    {
        Guard guard = new(capability.Data);
        int index = capability.Oid.Index;
        ref Node node = ref _memory.As<NodePot>(_frames[entry].Pfn).Nodes[index];
        int slotLog2 = node.SlotLog2;
        if (node.Kind != NodeKind.Space || guard.Log2 != slotLog2 + Guard.NodeLog2 || ((SlotSizes >> slotLog2) & 1) == 0)
        {
            return FaultCode.MalformedSpace;
        }

        if (StepCount == Limits.SpaceSteps)
        {
            return FaultCode.SpaceTooDeep;
        }

        offset = guard.Inside(offset);
        if ((node.Flags & NodeFlags.Keeper) != 0 && (rights & Rights.NoCall) == 0)
        {
            Keeper = StepCount;
        }

        ref SpaceStep step = ref _steps[StepCount];
        step.Base = _address - offset;
        step.Entry = entry;
        step.Node = (byte)index;
        step.Log2 = (byte)guard.Log2;
        step.Rights = rights;
        step.Keeper = (sbyte)Keeper;
        if (guard.Log2 >= LeafLog2 && !FellThrough)
        {
            Producer = StepCount;
        }

        if ((node.Flags & NodeFlags.Background) != 0)
        {
            step.Outer = (sbyte)_background;
            _background = StepCount;
        }

        StepCount++;
        int slot = (int)(offset >> slotLog2);
        if (!IsMemory(node.Flags, slot))
        {
            return FaultCode.InvalidAddress;
        }

        capability = node.Slots[slot];
        offset &= (1UL << slotLog2) - 1;
        limitLog2 = slotLog2;
        return FaultCode.None;
    }

    /// <summary>Goes on with the innermost background that has not been entered; false when there is none.</summary>
    private bool FallThrough(ref Capability capability, ref ulong offset, ref int limitLog2, ref Rights rights)
    {
        if (_background == None)
        {
            return false;
        }

        ref SpaceStep step = ref _steps[_background];
        capability = NodeOf(_background).Slots[Node.BackgroundSlot];
        offset = _address - step.Base;
        limitLog2 = step.Log2;
        rights = step.Rights;
        Keeper = step.Keeper;
        _background = step.Outer;
        FellThrough = true;
        return true;
    }

    /// <summary>The entry of the object that a page or space capability names. NoObject when it names nothing any more.</summary>
    private Outcome Find(in Capability capability, out int entry)
    {
        Oid oid = capability.Oid;
        Outcome outcome = oid.Volume == 0 ? _frames.Resident(oid.Frame, out entry) : Miss(out entry);
        if (outcome != Outcome.Ok)
        {
            return outcome;
        }

        FrameKind kind = capability.Type == CapabilityType.Page ? FrameKind.Page : FrameKind.Pot;
        return _frames.IsCurrent(entry, kind, oid.Index, capability.Version) ? Outcome.Ok : Outcome.NoObject;
    }

    private bool IsAlive(in Capability capability) => Find(capability, out _) == Outcome.Ok;

    private static Outcome Miss(out int entry)
    {
        entry = None;
        return Outcome.NoObject;
    }

    private static Rights Implied(Rights rights) =>
        (rights & Rights.Weak) == 0 ? rights : rights | Rights.ReadOnly | Rights.NoCall;

    private SpaceOutcome Fail(FaultCode code)
    {
        Code = code;
        return SpaceOutcome.Fault;
    }
}
