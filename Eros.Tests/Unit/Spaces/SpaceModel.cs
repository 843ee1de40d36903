using Eros.Kernel;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Tests.Unit.Spaces;

/// <summary>What the model says of an address.</summary>
public readonly record struct ModelResult(
    SpaceOutcome Outcome,
    FaultCode Code = FaultCode.None,
    int Page = -1,
    bool IsReadOnly = false,
    bool IsNoExecute = false,
    Capability Keeper = default,
    ulong KeeperBase = 0,
    ulong Frame = 0);

/// <summary>
/// The meaning of a space, told as a recursion: a node gives what its slot gives, or else what its background gives.
/// The kernel's walker tells the same with a loop; tests compare the two. </summary>
public sealed class SpaceModel(FrameTable frames, PhysicalMemory memory)
{
    private readonly record struct Way(Rights Rights, Capability Keeper, ulong KeeperBase);

    private int _nodes;
    private ulong _address;

    public ModelResult Look(Capability space, ulong address)
    {
        if (address < 4096 || address >= 1UL << 47)
        {
            return new ModelResult(SpaceOutcome.Fault, FaultCode.InvalidAddress);
        }

        _nodes = 0;
        _address = address;
        bool isMemory = space.Type is CapabilityType.Space or CapabilityType.Node or CapabilityType.Page;
        Outcome found = isMemory ? Find(space, out _) : Outcome.NoObject;
        ModelResult result = Slot(space, address, 47, default);
        return result.Outcome != SpaceOutcome.Fault || found == Outcome.Ok ? result
            : found == Outcome.Absent ? new ModelResult(SpaceOutcome.Absent, Frame: space.Oid.Frame)
            : new ModelResult(SpaceOutcome.Fault, FaultCode.NoSpace);
    }

    private static ModelResult Fault(FaultCode code, Way way) =>
        new(SpaceOutcome.Fault, code, Keeper: way.Keeper, KeeperBase: way.KeeperBase);

    private ModelResult Slot(Capability capability, ulong offset, int limit, Way way)
    {
        if (capability.Type is CapabilityType.Void or CapabilityType.Number)
        {
            return Fault(FaultCode.InvalidAddress, way);
        }

        int log2 = (byte)capability.Data;
        bool isNode = capability.Type is CapabilityType.Space or CapabilityType.Node;
        if ((!isNode && capability.Type != CapabilityType.Page) || log2 > limit || log2 < 12)
        {
            return Fault(FaultCode.MalformedSpace, way);
        }

        if (offset >> log2 != capability.Data >> 8)
        {
            return Fault(FaultCode.InvalidAddress, way);
        }

        Outcome found = Find(capability, out int entry);
        if (found != Outcome.Ok)
        {
            return found == Outcome.Absent
                ? new ModelResult(SpaceOutcome.Absent, Frame: capability.Oid.Frame)
                : Fault(FaultCode.InvalidAddress, way);
        }

        Rights rights = way.Rights | capability.Rights;
        rights |= (capability.Rights & Rights.Weak) != 0 ? Rights.ReadOnly | Rights.NoCall : Rights.None;
        way = way with { Rights = rights };
        if (isNode)
        {
            return NodeAt(entry, capability.Oid.Index, log2, offset % (1UL << log2), way);
        }

        return log2 == 12
            ? new ModelResult(
                SpaceOutcome.Ok,
                Page: entry,
                IsReadOnly: (rights & Rights.ReadOnly) != 0,
                IsNoExecute: (rights & Rights.NoExecute) != 0,
                Keeper: way.Keeper,
                KeeperBase: way.KeeperBase)
            : Fault(FaultCode.MalformedSpace, way);
    }

    private ModelResult NodeAt(int entry, int index, int log2, ulong offset, Way way)
    {
        Node node = memory.As<NodePot>(frames[entry].Pfn).Nodes[index];
        int slotLog2 = node.SlotLog2;
        if (node.Kind != NodeKind.Space || log2 != slotLog2 + 5
            || slotLog2 < 12 || slotLog2 > 42 || (slotLog2 - 12) % 5 != 0)
        {
            return Fault(FaultCode.MalformedSpace, way);
        }

        if (_nodes++ == Limits.SpaceSteps)
        {
            return Fault(FaultCode.SpaceTooDeep, way);
        }

        bool hasKeeper = (node.Flags & NodeFlags.Keeper) != 0;
        bool hasBackground = (node.Flags & NodeFlags.Background) != 0;
        if (hasKeeper && (way.Rights & Rights.NoCall) == 0)
        {
            way = way with { Keeper = node.Slots[31], KeeperBase = _address - offset };
        }

        int slot = (int)(offset >> slotLog2);
        bool isMemory = !(hasKeeper && slot == 31) && !(hasBackground && slot == 30);
        ModelResult result = isMemory
            ? Slot(node.Slots[slot], offset % (1UL << slotLog2), slotLog2, way)
            : Fault(FaultCode.InvalidAddress, way);
        return hasBackground && result.Code == FaultCode.InvalidAddress
            ? Slot(node.Slots[30], offset, log2, way)
            : result;
    }

    private Outcome Find(Capability capability, out int entry)
    {
        entry = -1;
        if (capability.Oid.Volume != 0)
        {
            return Outcome.NoObject;
        }

        Outcome outcome = frames.Resident(capability.Oid.Frame, out entry);
        FrameKind kind = capability.Type == CapabilityType.Page ? FrameKind.Page : FrameKind.Pot;
        return outcome == Outcome.Ok && !frames.IsCurrent(entry, kind, capability.Oid.Index, capability.Version)
            ? Outcome.NoObject
            : outcome;
    }
}
