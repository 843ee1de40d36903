// Resume: the right to answer one call. Delivering needs nobody's consent but the kernel's: the caller is known to
// wait. Any copy's use raises the process's call count, which makes all copies void.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Passes the message to the Waiting process whose call it answers.</summary>
public static class ResumeCapability
{
    public static Result Invoke(Message message, int receiver)
    {
        // Decode
        if (message.Process(receiver).RunState != RunState.Waiting)
        {
            return message.AnswerVoid();
        }

        if (!message.OpenReceiver(receiver))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        message.Process(receiver).CallCount++;
        return message.Deliver(receiver, 0);
    }
}
