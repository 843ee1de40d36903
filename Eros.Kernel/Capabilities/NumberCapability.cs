// Number: 96 bits of value in the capability itself. There is no object behind it, so nothing to decode and nothing to
// change.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: NumberOrder.</summary>
public static class NumberCapability
{
    public static Result Invoke(Message message)
    {
        if (message.Sent.Order != NumberOrder.Get)
        {
            return message.AnswerCommon();
        }

        message.Reply.Word2 = message.Invoked.NumberTop;
        message.Reply.Word1 = message.Invoked.NumberValue;
        return Result.Ok;
    }
}
