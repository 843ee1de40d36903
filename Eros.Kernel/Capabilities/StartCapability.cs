// Start: the right to send to a process that waits for anybody. The payload, which only a holder of the process
// capability chose, tells the receiver which of its services was invoked. All orders are the process's.

using Eros.Kernel.Invocation;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Passes the message to an Available process; the invoker waits for one that is not.</summary>
public static class StartCapability
{
    public static Result Invoke(Message message, int receiver)
    {
        // Decode
        ref ProcessFrame frame = ref message.Process(receiver);
        if (message.IsFault && receiver == message.Invoker)
        {
            // It would wait for itself for ever.
            return message.AnswerVoid();
        }

        if (frame.RunState != RunState.Available)
        {
            return message.Wait(StallReason.Available, frame.Frame);
        }

        if (!message.OpenReceiver(receiver))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        return message.Deliver(receiver, message.Invoked.Data);
    }
}
