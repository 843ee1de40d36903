using Eros.Kernel;
using Eros.Kernel.Spaces;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model;

/// <summary>What is at an address.</summary>
internal readonly record struct Sight(
    SpaceOutcome Outcome,
    FaultCode Code = FaultCode.None,
    ModelFrame? Page = null,
    Rights Rights = Rights.None,
    Capability Keeper = default,
    Capability KeeperNode = default,
    Rights KeeperRights = Rights.None,
    ulong KeeperBase = 0,
    ulong Frame = 0);

/// <summary>
/// The meaning of a space, told as a recursion: a node gives what its slot gives, or else what its background gives.
/// </summary>
internal sealed class ModelSpace(ModelWorld world)
{
    private const int AddressLog2 = 47;
    private const int PageLog2 = 12;
    private const int NodeLog2 = 5;

    private int _nodes;
    private ulong _address;

    private readonly record struct Way(Rights Rights, Capability Keeper, Capability Node, Rights Above, ulong Base);

    /// <summary>What a process finds where it wants to read, write or execute.</summary>
    public Sight Look(in Capability space, ulong address, Access access)
    {
        if (address is < 1 << PageLog2 or >= 1UL << AddressLog2)
        {
            return new Sight(SpaceOutcome.Fault, FaultCode.InvalidAddress);
        }

        _nodes = 0;
        _address = address;
        Found found = IsMemory(space.Type) ? world.Find(space, out _) : Found.Nothing;
        Sight sight = Slot(space, address, AddressLog2, default);
        bool isDenied = sight.Outcome == SpaceOutcome.Ok
            && ((access == Access.Write && (sight.Rights & Rights.ReadOnly) != 0)
                || (access == Access.Execute && (sight.Rights & Rights.NoExecute) != 0));
        return isDenied ? sight with { Outcome = SpaceOutcome.Fault, Code = FaultCode.Access, Page = null }
            : sight.Outcome != SpaceOutcome.Fault || found == Found.Object ? sight
            : found == Found.Absent ? new Sight(SpaceOutcome.Absent, Frame: space.Oid.Frame)
            : new Sight(SpaceOutcome.Fault, FaultCode.NoSpace);
    }

    private static bool IsMemory(CapabilityType type) =>
        type is CapabilityType.Page or CapabilityType.Node or CapabilityType.Space;

    private static Sight Fault(FaultCode code, in Way way) => new(
        SpaceOutcome.Fault, code, null, Rights.None, way.Keeper, way.Node, way.Above, way.Base);

    private Sight Slot(in Capability capability, ulong offset, int limit, Way way)
    {
        if (!IsMemory(capability.Type))
        {
            bool isEmpty = capability.Type is CapabilityType.Void or CapabilityType.Number;
            return Fault(isEmpty ? FaultCode.InvalidAddress : FaultCode.MalformedSpace, way);
        }

        int log2 = (byte)capability.Data;
        if (log2 > limit || log2 < PageLog2)
        {
            return Fault(FaultCode.MalformedSpace, way);
        }

        if (offset >> log2 != capability.Data >> 8)
        {
            return Fault(FaultCode.InvalidAddress, way);
        }

        Found found = world.Find(capability, out ModelFrame? frame);
        if (found != Found.Object)
        {
            return found == Found.Absent
                ? new Sight(SpaceOutcome.Absent, Frame: capability.Oid.Frame)
                : Fault(FaultCode.InvalidAddress, way);
        }

        Rights rights = way.Rights | capability.Rights;
        Rights implied = (rights & Rights.Weak) != 0 ? Rights.ReadOnly | Rights.NoCall : Rights.None;
        way = way with { Rights = rights };
        if (capability.Type != CapabilityType.Page)
        {
            return Node(frame!, capability.Oid.Index, log2, offset & ((1UL << log2) - 1), way);
        }

        return log2 == PageLog2
            ? new Sight(
                SpaceOutcome.Ok, FaultCode.None, frame, rights | implied, way.Keeper, way.Node, way.Above, way.Base)
            : Fault(FaultCode.MalformedSpace, way);
    }

    private Sight Node(ModelFrame frame, int index, int log2, ulong offset, Way way)
    {
        ref Node node = ref frame.Nodes[index];
        int slotLog2 = node.SlotLog2;
        bool isSize = slotLog2 is >= PageLog2 and <= 42 && (slotLog2 - PageLog2) % NodeLog2 == 0;
        if (node.Kind != NodeKind.Space || log2 != slotLog2 + NodeLog2 || !isSize)
        {
            return Fault(FaultCode.MalformedSpace, way);
        }

        if (_nodes++ == Limits.SpaceSteps)
        {
            return Fault(FaultCode.SpaceTooDeep, way);
        }

        bool hasKeeper = (node.Flags & NodeFlags.Keeper) != 0;
        bool hasBackground = (node.Flags & NodeFlags.Background) != 0;
        if (hasKeeper && (way.Rights & (Rights.NoCall | Rights.Weak)) == 0)
        {
            var all = new Capability(CapabilityType.Node, Oid.Of(frame.Number, index), node.Version);
            way = new Way(way.Rights, node.Slots[31], all, way.Rights, _address - offset);
        }

        int slot = (int)(offset >> slotLog2);
        bool isMemory = !(hasKeeper && slot == 31) && !(hasBackground && slot == 30);
        Sight sight = isMemory
            ? Slot(node.Slots[slot], offset & ((1UL << slotLog2) - 1), slotLog2, way)
            : Fault(FaultCode.InvalidAddress, way);
        return hasBackground && sight.Outcome == SpaceOutcome.Fault && sight.Code == FaultCode.InvalidAddress
            ? Slot(node.Slots[30], offset, log2, way)
            : sight;
    }
}
