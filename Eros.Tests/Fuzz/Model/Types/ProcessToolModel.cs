using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>Tells who can show a brand what is behind capabilities of that brand's processes.</summary>
internal sealed class ProcessToolModel : TypeModel
{
    private const int KeeperSlot = 31;

    public override CapabilityType Type => CapabilityType.ProcessTool;

    public override System.Type Orders => typeof(ProcessToolOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        ulong order = ask.Sent.Order;
        if (order is < ProcessToolOrder.AmplifyStart or > ProcessToolOrder.SameBrand)
        {
            return Common(ask);
        }

        if (!world.Calls.TryFreshen(ask, ask.Sent.Argument0, out Capability given)
            || !world.Calls.TryFreshen(ask, ask.Sent.Argument1, out Capability shown))
        {
            return Result.Ok;
        }

        uint word = 0;
        Capability server = order switch
        {
            ProcessToolOrder.AmplifySpace => KeeperOf(world, given),
            ProcessToolOrder.AmplifyForwarder => TargetOf(world, given, out word),
            _ => given,
        };
        Capability brand = order == ProcessToolOrder.SameBrand ? BrandOf(world, shown) : shown;
        if (!world.Calls.TryFreshen(ask, server, out server) || !world.Calls.TryFreshen(ask, brand, out brand))
        {
            return Result.Ok;
        }

        bool isSame = brand.Type != CapabilityType.Void && BrandOf(world, server).SameAs(brand);
        if (order == ProcessToolOrder.SameBrand)
        {
            ask.Reply.Word1 = isSame ? 1u : 0;
            return Result.Ok;
        }

        if (!isSame)
        {
            return Result.NoAccess;
        }

        bool isStart = order == ProcessToolOrder.AmplifyStart;
        ask.Reply.Word1 = isStart ? given.Data : word;
        return Give(ask, isStart
            ? new Capability(CapabilityType.Process, given.Oid, given.Version)
            : new Capability(CapabilityType.Node, given.Oid, given.Version, 0, given.Rights & ~Rights.Opaque));
    }

    private static Capability KeeperOf(ModelWorld world, in Capability space)
    {
        if (space.Type is not (CapabilityType.Node or CapabilityType.Space))
        {
            return Capability.Void;
        }

        ref Node node = ref world.Frame(space.Oid.Frame)!.Nodes[space.Oid.Index];
        return (node.Flags & NodeFlags.Keeper) != 0 ? node.Slots[KeeperSlot] : Capability.Void;
    }

    private static Capability TargetOf(ModelWorld world, in Capability forwarder, out uint word)
    {
        word = 0;
        if (forwarder.Type != CapabilityType.Forwarder)
        {
            return Capability.Void;
        }

        ref Node node = ref world.Frame(forwarder.Oid.Frame)!.Nodes[forwarder.Oid.Index];
        word = node.Word;
        return (node.Slots[0].Rights & Rights.FixedPayload) == 0 ? node.Slots[0] : Capability.Void;
    }

    /// <summary>Of the process of a start capability that is alive; void for all else.</summary>
    private static Capability BrandOf(ModelWorld world, in Capability start) =>
        start.Type == CapabilityType.Start ? world.Frame(start.Oid.Frame)!.Process.Brand : Capability.Void;
}
