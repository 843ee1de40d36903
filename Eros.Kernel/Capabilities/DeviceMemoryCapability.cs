// DeviceMemory: registers of a device that lie at physical addresses, for the boot in which it was made. They are read
// and written by order, one at a time; they cannot be mapped into a space, whose pages are objects of the store.
//
// As with ports, a device that can write into memory is total authority over the machine: never discreet.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: DeviceMemoryOrder. OID: the physical frame of the first; data: the number of frames.</summary>
public static class DeviceMemoryCapability
{
    private const ulong Sizes = (1 << 1) | (1 << 2) | (1 << 4) | (1 << 8);

    public static Result Invoke(Message message)
    {
        // Decode
        if (!DeviceGrantCapability.IsOfThisBoot(message.Kernel, message.Invoked))
        {
            return Result.VoidCapability;
        }

        bool isRead = message.Sent.Order == DeviceMemoryOrder.Read;
        if (!isRead && message.Sent.Order != DeviceMemoryOrder.Write)
        {
            return message.AnswerCommon();
        }

        ulong offset = message.Sent.Word1;
        int bytes = (int)message.Sent.Word2;
        ulong length = (ulong)message.Invoked.Data << PhysicalMemory.FrameLog2;
        if (!IoPortCapability.IsInside(message, length, Sizes) || (offset & (uint)(bytes - 1)) != 0)
        {
            return Result.BadArgument;
        }

        message.Commit();

        // Perform
        ulong address = (message.Invoked.Oid.Value << PhysicalMemory.FrameLog2) + offset;
        if (isRead)
        {
            message.Reply.Word1 = message.Kernel.Devices.ReadMemory(address, bytes);
        }
        else
        {
            message.Kernel.Devices.WriteMemory(address, bytes, message.Sent.Word3);
        }

        return Result.Ok;
    }
}
