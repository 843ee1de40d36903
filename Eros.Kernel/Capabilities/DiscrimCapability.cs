// Discrim: looks at capabilities without invoking them. It tells nothing of what lies behind them, and what it tells
// cannot be changed by whoever answers them: so it is discreet itself, and a confined program may have it.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: DiscrimOrder.</summary>
public static class DiscrimCapability
{
    public static Result Invoke(Message message)
    {
        // Decode
        ulong order = message.Sent.Order;
        if (order is < DiscrimOrder.Classify or > DiscrimOrder.Compare)
        {
            return message.AnswerCommon();
        }

        ref Capability first = ref message.Sent.Arguments[0];
        ref Capability second = ref message.Sent.Arguments[1];
        if (!Liveness.TryFreshen(message, ref first)
            || (order == DiscrimOrder.Compare && !Liveness.TryFreshen(message, ref second)))
        {
            return Message.Ended;
        }

        if (order == DiscrimOrder.Classify)
        {
            uint found = ClassOf(first.Type);
            message.Reply.Word1 = found;
            message.Reply.Word2 = found is >= DiscrimClass.Page and <= DiscrimClass.Space ? (ulong)first.Rights : 0;
        }
        else
        {
            message.Reply.Word1 = order == DiscrimOrder.Compare ? Compare(first, second) : IsDiscreet(first) ? 1u : 0;
        }

        return Result.Ok;
    }

    /// <summary>True when its holder can neither change anything through it nor be heard by anybody. Devices never are:
    /// they may write where they like.</summary>
    public static bool IsDiscreet(in Capability capability) => capability.Type switch
    {
        CapabilityType.Void or CapabilityType.Number or CapabilityType.Discrim => true,
        CapabilityType.Page => (capability.Rights & (Rights.ReadOnly | Rights.Weak)) != 0,
        CapabilityType.Node or CapabilityType.Space => (capability.Rights & Weakening.Sensory) == Weakening.Sensory,
        _ => false,
    };

    private static uint ClassOf(CapabilityType type) => type switch
    {
        <= CapabilityType.Space => (uint)type,
        CapabilityType.Schedule => DiscrimClass.Schedule,
        CapabilityType.Resume or CapabilityType.FaultResume => DiscrimClass.Resume,
        _ => DiscrimClass.Other,
    };

    private static uint Compare(in Capability first, in Capability second) =>
        first.SameAs(second) ? DiscrimComparison.Same
        : first.NamesObject && second.NamesObject && first.Oid.Value == second.Oid.Value ? DiscrimComparison.SameObject
        : DiscrimComparison.Different;
}
