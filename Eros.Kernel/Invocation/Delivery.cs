// Delivery: a message arrives in the registers of the process that waits for it. What the process had in rax when it
// began to wait says where the capabilities go.

using Eros.Kernel.Objects;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Invocation;

/// <summary>Stores messages into processes. The process must be writable.</summary>
public static class Delivery
{
    /// <summary>Stores the message; the process is Running from now on.</summary>
    public static void Deliver(ref ProcessFrame to, ref MessageContent content)
    {
        InvocationWord waiting = new(to.Rax);
        for (int i = 0; i < InvocationWord.MaxCapabilities; i++)
        {
            int register = waiting.ReceiveRegister(i);
            if (register != 0)
            {
                ObjectTable.Slot(ref to.Registers, register) = content.Arguments[i];
            }
        }

        to.Rdi = content.Order;
        to.Rsi = content.Word1;
        to.Rdx = content.Word2;
        to.R8 = content.Word3;
        to.Rax = content.Tag;
        to.R10 = content.Lengths;
        to.RunState = RunState.Running;
    }

    /// <summary>Delivers all pending notifications as one message.</summary>
    public static void DeliverNotifications(ref ProcessFrame to)
    {
        MessageContent content = default;
        content.Order = InvocationWord.NotificationOrder;
        content.Word1 = to.Notifications;
        content.Tag = InvocationWord.ReceivedNotification;
        to.Notifications = 0;
        Deliver(ref to, ref content);
    }
}
