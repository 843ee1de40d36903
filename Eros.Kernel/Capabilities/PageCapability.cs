// Page: 4096 bytes of data. Its capability stands in spaces, where data is its guard, or is asked here.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: PageOrder.</summary>
public static class PageCapability
{
    public static Result Invoke(Message message, int page)
    {
        bool isChange = message.Sent.Order is PageOrder.Zero or PageOrder.CopyFrom or PageOrder.Write;
        if (isChange && (message.Invoked.Rights & (Rights.ReadOnly | Rights.Weak)) != 0)
        {
            return Result.NoAccess;
        }

        if (isChange && !message.MakeDirty(page))
        {
            return Message.Ended;
        }

        return message.Sent.Order switch
        {
            PageOrder.Reduce => Reduction.Answer(message, message.Sent.Word1, message.Invoked.Data),
            PageOrder.Zero => Zero(message, page),
            PageOrder.CopyFrom => CopyFrom(message, page),
            PageOrder.Read => Read(message, page),
            PageOrder.Write => Write(message, page),
            PageOrder.WithGuard => WithGuard(message),
            _ => message.AnswerCommon(),
        };
    }

    private static Result WithGuard(Message message) =>
        new Guard((uint)message.Sent.Word1).Log2 == Guard.PageLog2
            ? Reduction.Answer(message, 0, message.Sent.Word1)
            : Result.BadArgument;

    private static Result Zero(Message message, int page)
    {
        message.Commit();
        message.Kernel.Memory.Clear(message.Kernel.Frames[page].Pfn);
        return Result.Ok;
    }

    private static Result CopyFrom(Message message, int page)
    {
        // Decode
        Capability source = message.Sent.Arguments[0];
        if (source.Type != CapabilityType.Page)
        {
            return Result.BadArgument;
        }

        int from = message.FindArgument(source);
        if (from == Message.Nobody)
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        message.Kernel.Memory.Copy(message.Kernel.Frames[from].Pfn, message.Kernel.Frames[page].Pfn);
        return Result.Ok;
    }

    private static Result Read(Message message, int page)
    {
        // Decode
        ulong offset = message.Sent.Word1;
        ulong length = message.Sent.Word2;
        if (offset > PhysicalMemory.FrameBytes || length > PhysicalMemory.FrameBytes - offset)
        {
            return Result.BadArgument;
        }

        if (!message.OpenReply((int)length))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        message.PutReply(message.Kernel.Frames.Bytes(page).Slice((int)offset, (int)length));
        return Result.Ok;
    }

    private static Result Write(Message message, int page)
    {
        // Decode
        ulong offset = message.Sent.Word1;
        if (offset > PhysicalMemory.FrameBytes || (ulong)message.StringLength > PhysicalMemory.FrameBytes - offset)
        {
            return Result.BadArgument;
        }

        if (!message.OpenString())
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        message.TakeString().CopyTo(message.Kernel.Frames.Bytes(page)[(int)offset..]);
        return Result.Ok;
    }
}
