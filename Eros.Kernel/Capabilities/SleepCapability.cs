// Sleep: the clock. Whoever would be answered waits in the kernel until the time has come; TryEnter then completes its
// call. A restart completes it with Restarted, since the time that passed meanwhile is unknown.

using Eros.Kernel.Invocation;
using Eros.Kernel.Machine;
using Eros.Kernel.Protocol;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: SleepOrder.</summary>
public static class SleepCapability
{
    public static Result Invoke(Message message)
    {
        // Decode
        ulong now = message.Kernel.Clock.Now;
        ulong word = message.Sent.Word1;
        ulong boot = message.Kernel.Counters.Values.BootEpoch;
        ulong wake;
        switch (message.Sent.Order)
        {
            case SleepOrder.Now:
                message.Reply.Word1 = now;
                message.Reply.Word2 = boot;
                return Result.Ok;
            case SleepOrder.For:
                wake = word < Clock.Never - now ? now + word : Clock.Never;
                break;
            case SleepOrder.Until:
                wake = word;
                break;
            case SleepOrder.UntilRestart:
                if (word != boot)
                {
                    return Result.Restarted;
                }

                wake = Clock.Never;
                break;
            default:
                return message.AnswerCommon();
        }

        message.Commit();

        // Perform
        return wake <= now ? Result.Ok : message.AnswerLater(wake);
    }
}
