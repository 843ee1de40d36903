// Interrupt: one interrupt line, for the boot in which it was made. See DeviceLines.

using Eros.Kernel.Invocation;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: InterruptOrder. Data: the line.</summary>
public static class InterruptCapability
{
    public static Result Invoke(Message message)
    {
        // Decode
        if (!DeviceGrantCapability.IsOfThisBoot(message.Kernel, message.Invoked))
        {
            return Result.VoidCapability;
        }

        DeviceLines lines = message.Kernel.Lines;
        uint line = message.Invoked.Data;
        switch (message.Sent.Order)
        {
            case InterruptOrder.Listen:
                int place = lines.PlaceFor(line);
                if (!ConsoleSessionCapability.IsListener(message) || place < 0)
                {
                    return place < 0 ? Result.LimitReached : Result.BadArgument;
                }

                message.Commit();
                lines.Listen(place, line, message.Sent.Arguments[0]);
                return Result.Ok;
            case InterruptOrder.Acknowledge:
                message.Commit();
                lines.Acknowledge(line);
                return Result.Ok;
            default:
                return message.AnswerCommon();
        }
    }
}
