// Notification: the right to set certain bits in a process's word of pending notifications. It never waits for the
// process: an Available one gets the bits at once, any other when it next becomes Available. Whatever the order, except
// TypeOf.

using Eros.Kernel.Invocation;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;

namespace Eros.Kernel.Capabilities;

/// <summary>Sets bits.</summary>
public static class NotificationCapability
{
    public static Result Invoke(Message message, int process)
    {
        // Decode
        if (message.Sent.Order == CommonOrder.TypeOf)
        {
            return message.AnswerCommon();
        }

        if (!message.MakeDirty(process))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        if (ProcessControl.Notify(message.Kernel, process, message.Invoked.Data))
        {
            message.Started = process;
        }

        return Result.Ok;
    }
}
