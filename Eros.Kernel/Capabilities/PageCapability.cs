// Page: 4096 bytes of data. Its capability stands in spaces, where data is its guard, or is asked here.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: PageOrder.</summary>
public static class PageCapability
{
    public static Verdict Invoke(Message message)
    {
        if (!message.Find(out int page))
        {
            return message.Verdict;
        }

        switch (message.Sent.Order)
        {
            case PageOrder.Reduce:
                return Reduction.Answer(message, message.Sent.Word1, message.Invoked.Data);
            case PageOrder.WithGuard:
                return new Guard((uint)message.Sent.Word1).Log2 == Guard.PageLog2
                    ? Reduction.Answer(message, 0, message.Sent.Word1)
                    : message.Answer(Result.BadArgument);
            case PageOrder.Read:
                return Read(message, page);
            case PageOrder.Zero or PageOrder.CopyFrom or PageOrder.Write:
                break;
            default:
                return message.AnswerCommon();
        }

        if ((message.Invoked.Rights & Rights.ReadOnly) != 0)
        {
            return message.Answer(Result.NoAccess);
        }

        return message.Sent.Order switch
        {
            PageOrder.Zero => Zero(message, page),
            PageOrder.CopyFrom => CopyFrom(message, page),
            _ => Write(message, page),
        };
    }

    private static Verdict Zero(Message message, int page)
    {
        // Decode
        if (!message.MakeDirty(page))
        {
            return message.Verdict;
        }

        message.Commit();

        // Perform
        message.Kernel.Memory.Clear(message.Kernel.Frames[page].Pfn);
        return message.Answer(Result.Ok);
    }

    private static Verdict CopyFrom(Message message, int page)
    {
        // Decode
        Capability source = message.Sent.Arguments[0];
        if (source.Type != CapabilityType.Page)
        {
            return message.Answer(Result.BadArgument);
        }

        if (!message.FindArgument(source, out int from) || !message.MakeDirty(page))
        {
            return message.Verdict;
        }

        message.Commit();

        // Perform
        message.Kernel.Memory.Copy(message.Kernel.Frames[from].Pfn, message.Kernel.Frames[page].Pfn);
        return message.Answer(Result.Ok);
    }

    private static Verdict Read(Message message, int page)
    {
        // Decode
        ulong offset = message.Sent.Word1;
        ulong length = message.Sent.Word2;
        if (offset > PhysicalMemory.FrameBytes || length > PhysicalMemory.FrameBytes - offset)
        {
            return message.Answer(Result.BadArgument);
        }

        if (!message.OpenReply((int)length))
        {
            return message.Verdict;
        }

        message.Commit();

        // Perform
        message.Kernel.Frames.Bytes(page).Slice((int)offset, (int)length).CopyTo(message.Buffer);
        message.PutReply((int)length);
        return message.Answer(Result.Ok);
    }

    private static Verdict Write(Message message, int page)
    {
        // Decode
        ulong offset = message.Sent.Word1;
        if (offset > PhysicalMemory.FrameBytes || (ulong)message.StringLength > PhysicalMemory.FrameBytes - offset)
        {
            return message.Answer(Result.BadArgument);
        }

        if (!message.OpenString() || !message.MakeDirty(page))
        {
            return message.Verdict;
        }

        message.Commit();

        // Perform
        message.TakeString().CopyTo(message.Kernel.Frames.Bytes(page)[(int)offset..]);
        return message.Answer(Result.Ok);
    }
}
