// SpaceWalker: from a space capability and an address to the page, through the tree of space nodes.
//
// At each node the address chooses one of 32 slots. What a slot holds:
//   void, number, a capability whose object is gone: nothing there. If a node passed on the way has a background, the
//     innermost one is entered at the same offset; else the address is invalid.
//   page, space, or a node that has a guard: the guard must fit into the slot (else the space is malformed) and admit
//     the offset (else nothing is there). Its rights join those of the way; weak counts as read-only and no-call too,
//     since what is fetched through weak is.
//   anything else: the space is malformed.
// A node's keeper slot and background slot are no memory: nothing is there.
//
// The keeper of an address is that of the innermost node on the way which has one, and is not reached through no-call.
// A walk ends after Limits.SpaceSteps nodes, so that a cycle of backgrounds is found out; sizes shrink on any other way
// down.
//
// A walker's results are valid until its next walk. One walk is under way at a time; the gate is closed.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eros.Kernel.Objects;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Spaces;

/// <summary>One node on the way.</summary>
[StructLayout(LayoutKind.Sequential)]
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
internal sealed class SpaceWalker(FrameTable frames, ObjectTable objects)
{
    /// <summary>Rights that make a page read-only: what is fetched through weak is.</summary>
    public const Rights ReadOnly = Rights.ReadOnly | Rights.Weak;

    private const int None = -1;

    /// <summary>log2 of the bytes that the smallest node spans.</summary>
    private const int GroupLog2 = Guard.PageLog2 + Guard.NodeLog2;

    private readonly FrameTable _frames = frames;
    private readonly ObjectTable _objects = objects;
    private readonly SpaceStep[] _steps = new SpaceStep[Limits.SpaceSteps];
    private ulong _address;

    // The innermost step whose background has not been entered, or -1.
    private int _background;

    // True when the page of the address has taken another way than its neighbours may.
    private bool _isPagesOwn;

    /// <summary>What a slot holds for an offset.</summary>
    private enum Holding : byte
    {
        Nothing = 0,
        Object,
        Absent,
        Malformed,
    }

    /// <summary>Nodes on the way, in order.</summary>
    public int StepCount { get; private set; }

    /// <summary>Ok: the frame-table entry of the page.</summary>
    public int Page { get; private set; }

    /// <summary>Ok: the rights taken away on the way, the page's capability included.</summary>
    public Rights Rights { get; private set; }

    /// <summary>The step whose keeper keeps the address, or -1.</summary>
    public int Keeper { get; private set; }

    /// <summary>The step of the first node of the smallest size, if the whole group of pages that it spans takes the
    /// same way to it; else -1.
    /// Then a page in a slot of that node is what a walk finds at that slot's address.</summary>
    public int Source { get; private set; }

    /// <summary>Absent: the home frame.</summary>
    public ulong Frame { get; private set; }

    /// <summary>Fault: why.</summary>
    public FaultCode Code { get; private set; }

    public ref SpaceStep this[int step] => ref _steps[step];

    /// <summary>Looks up <paramref name="address"/> in the space of a process.</summary>
    public SpaceOutcome Walk(ref readonly Capability space, ulong address)
    {
        _address = address;
        _background = None;
        _isPagesOwn = false;
        StepCount = 0;
        Keeper = None;
        Source = None;
        SpaceOutcome outcome = Descend(in space, address, Guard.AddressLog2, Rights.None);
        if (outcome == SpaceOutcome.Fault && StepCount == 0)
        {
            // What is wrong must not depend on what happens to be in memory.
            Holding holding = IsMemory(in space) ? Find(in space, out _) : Holding.Nothing;
            if (holding == Holding.Absent)
            {
                Frame = space.Oid.Frame;
                return SpaceOutcome.Absent;
            }

            Code = holding == Holding.Nothing ? FaultCode.NoSpace : Code;
        }

        return outcome;
    }

    /// <summary>The page in a slot of a group's source, for which <see cref="Page"/> and <see cref="Rights"/> are set
    /// then. False: a walk has to say what is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySource(ref readonly GroupSource source, int slot)
    {
        ref Node node = ref _objects.Node(source.Entry, source.Node);
        ref readonly Capability page = ref node.Slots[slot];
        if ((byte)page.Low != (byte)CapabilityType.Page || page.Data != Guard.PageLog2 || !IsMemory(node.Flags, slot))
        {
            return false;
        }

        int entry = _frames.Find(page.Oid.Frame);
        if (entry < 0)
        {
            return false;
        }

        ref FrameEntry e = ref _frames[entry];
        e.Use |= FrameUse.Recent;
        _frames[source.Entry].Use |= FrameUse.Recent;
        Page = entry;
        Rights = source.Rights | page.Rights;
        return e.Kind == FrameKind.Page && e.Version == page.Version && page.Oid.Volume == 0;
    }

    /// <summary>The node of a step.</summary>
    public ref Node NodeOf(int step) => ref _objects.Node(_steps[step].Entry, _steps[step].Node);

    /// <summary>True for what addresses pass through, if its guard allows it.</summary>
    public static bool IsMemory(ref readonly Capability capability) =>
        capability.Type is CapabilityType.Space or CapabilityType.Page or CapabilityType.Node;

    /// <summary>False for the slots of keeper and background.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMemory(NodeFlags flags, int slot) =>
        slot < Node.BackgroundSlot
        || (flags & (slot == Node.KeeperSlot ? NodeFlags.Keeper : NodeFlags.Background)) == 0;

    /// <summary>Goes down from a capability in a slot (or a process) of 2^<paramref name="limitLog2"/> bytes.</summary>
    private SpaceOutcome Descend(ref readonly Capability start, ulong offset, int limitLog2, Rights rights)
    {
        ref readonly Capability capability = ref start;
        while (true)
        {
            Holding holding = Open(in capability, offset, limitLog2, out int entry);
            if (holding == Holding.Object)
            {
                rights |= capability.Rights;
                int log2 = new Guard(capability.Data).Log2;
                if (capability.Type == CapabilityType.Page)
                {
                    Page = entry;
                    Rights = rights;
                    return log2 == Guard.PageLog2 ? SpaceOutcome.Ok : Fail(FaultCode.MalformedSpace);
                }

                int index = capability.Oid.Index;
                ref Node node = ref _objects.Node(entry, index);
                offset &= (1UL << log2) - 1;
                FaultCode code = Note(ref node, entry, index, offset, log2, rights);
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
            _isPagesOwn |= capability.Type == CapabilityType.Page;
            ref SpaceStep step = ref _steps[_background];
            capability = ref NodeOf(_background).Slots[Node.BackgroundSlot];
            offset = _address - step.Base;
            limitLog2 = step.Log2;
            rights = step.Rights;
            Keeper = step.Keeper;
            _background = step.Outer;
        }
    }

    /// <summary>What a slot holds for an offset in it; if an object, the entry of its frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Holding Open(ref readonly Capability capability, ulong offset, int limitLog2, out int entry)
    {
        entry = None;
        if (!IsMemory(in capability))
        {
            return capability.Type is CapabilityType.Void or CapabilityType.Number
                ? Holding.Nothing : Holding.Malformed;
        }

        Guard guard = new(capability.Data);
        if (guard.Log2 > limitLog2 || guard.Log2 < Guard.PageLog2)
        {
            return Holding.Malformed;
        }

        return guard.Admits(offset) ? Find(in capability, out entry) : Holding.Nothing;
    }

    /// <summary>Adds a node, whose space capability had a guard for its size, to the way. Not None: the walk ends
    /// here.</summary>
    private FaultCode Note(ref Node node, int entry, int index, ulong offset, int log2, Rights rights)
    {
        if (node.Kind != NodeKind.Space || log2 != node.SlotLog2 + Guard.NodeLog2 || !Guard.IsSlotSize(node.SlotLog2))
        {
            return FaultCode.MalformedSpace;
        }

        int count = StepCount;
        if (count == Limits.SpaceSteps)
        {
            return FaultCode.SpaceTooDeep;
        }

        if ((node.Flags & NodeFlags.Keeper) != 0 && (rights & (Rights.NoCall | Rights.Weak)) == 0)
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
        if (log2 == GroupLog2 && Source == None && !_isPagesOwn)
        {
            Source = count;
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
        Outcome outcome = _objects.Find(capability, out entry);
        return outcome == Outcome.Ok ? Holding.Object
            : outcome == Outcome.Absent ? Holding.Absent
            : Holding.Nothing;
    }

    private SpaceOutcome Fail(FaultCode code)
    {
        Code = code;
        return SpaceOutcome.Fault;
    }
}
