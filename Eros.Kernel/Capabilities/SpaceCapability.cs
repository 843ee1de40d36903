// Space: a space node that only addresses pass through. Its slots are out of reach; it can be reduced, and moved within
// its slot by another guard of the same size.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: SpaceOrder.</summary>
public static class SpaceCapability
{
    public static Result Invoke(Message message)
    {
        if (message.Sent.Order != SpaceOrder.Reduce)
        {
            return message.AnswerCommon();
        }

        return new Guard((uint)message.Sent.Word2).Log2 == new Guard(message.Invoked.Data).Log2
            ? Reduction.Answer(message, message.Sent.Word1, message.Sent.Word2)
            : Result.BadArgument;
    }
}
