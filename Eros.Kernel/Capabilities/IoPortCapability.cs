// IoPort: a range of ports, for the boot in which it was made. A device that can be told to write into memory is total
// authority over the machine, since nothing checks where it writes: so this is never discreet.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: IoPortOrder. Data: the first port (low 16) and their number.</summary>
public static class IoPortCapability
{
    internal const int CountShift = 16;

    private const ulong Sizes = (1 << 1) | (1 << 2) | (1 << 4);

    public static Result Invoke(Message message)
    {
        // Decode
        if (!DeviceGrantCapability.IsOfThisBoot(message.Kernel, message.Invoked))
        {
            return Result.VoidCapability;
        }

        bool isRead = message.Sent.Order == IoPortOrder.Read;
        if (!isRead && message.Sent.Order != IoPortOrder.Write)
        {
            return message.AnswerCommon();
        }

        uint data = message.Invoked.Data;
        if (!IsInside(message, data >> CountShift, Sizes))
        {
            return Result.BadArgument;
        }

        message.Commit();

        // Perform
        ushort port = (ushort)(data + message.Sent.Word1);
        int bytes = (int)message.Sent.Word2;
        if (isRead)
        {
            message.Reply.Word1 = message.Kernel.Devices.ReadPort(port, bytes);
        }
        else
        {
            message.Kernel.Devices.WritePort(port, bytes, (uint)message.Sent.Word3);
        }

        return Result.Ok;
    }

    /// <summary>True when as many bytes as w2 says, one of <paramref name="sizes"/>, are inside at offset w1.</summary>
    internal static bool IsInside(Message message, ulong length, ulong sizes)
    {
        ulong offset = message.Sent.Word1;
        ulong bytes = message.Sent.Word2;
        return bytes <= sizeof(ulong)
            && ((sizes >> (int)bytes) & 1) != 0
            && offset < length
            && bytes <= length - offset;
    }
}
