using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>Looks at capabilities without invoking them.</summary>
internal sealed class DiscrimModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.Discrim;

    public override System.Type Orders => typeof(DiscrimOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        ulong order = ask.Sent.Order;
        if (order is not (DiscrimOrder.Classify or DiscrimOrder.VerifyDiscreet or DiscrimOrder.Compare))
        {
            return Common(ask);
        }

        if (!world.Calls.TryFreshen(ask, ask.Sent.Argument0, out Capability first))
        {
            return Result.Ok;
        }

        Capability second = default;
        if (order == DiscrimOrder.Compare && !world.Calls.TryFreshen(ask, ask.Sent.Argument1, out second))
        {
            return Result.Ok;
        }

        bool hasRights = first.Type is CapabilityType.Page or CapabilityType.Node or CapabilityType.Space;
        ask.Reply.Word2 = order == DiscrimOrder.Classify && hasRights ? (ulong)first.Rights : 0;
        ask.Reply.Word1 = order switch
        {
            DiscrimOrder.Classify => ClassOf(first.Type),
            DiscrimOrder.VerifyDiscreet => IsDiscreet(first) ? 1u : 0,
            _ => Compare(first, second),
        };
        return Result.Ok;
    }

    private static uint ClassOf(CapabilityType type) => type switch
    {
        CapabilityType.Void => DiscrimClass.Void,
        CapabilityType.Number => DiscrimClass.Number,
        CapabilityType.Page => DiscrimClass.Page,
        CapabilityType.Node => DiscrimClass.Node,
        CapabilityType.Space => DiscrimClass.Space,
        CapabilityType.Schedule => DiscrimClass.Schedule,
        CapabilityType.Resume or CapabilityType.FaultResume => DiscrimClass.Resume,
        _ => DiscrimClass.Other,
    };

    private static bool IsDiscreet(in Capability capability)
    {
        const Rights OnlySees = Rights.ReadOnly | Rights.Weak | Rights.NoCall;
        return capability.Type switch
        {
            CapabilityType.Void or CapabilityType.Number or CapabilityType.Discrim => true,
            CapabilityType.Page => (capability.Rights & (Rights.ReadOnly | Rights.Weak)) != 0,
            CapabilityType.Node or CapabilityType.Space => (capability.Rights & OnlySees) == OnlySees,
            _ => false,
        };
    }

    private static uint Compare(in Capability first, in Capability second)
    {
        bool areObjects = Of(first.Type).NamesObject && Of(second.Type).NamesObject;
        return first.SameAs(second) ? DiscrimComparison.Same
            : areObjects && first.Oid.Value == second.Oid.Value ? DiscrimComparison.SameObject
            : DiscrimComparison.Different;
    }
}
