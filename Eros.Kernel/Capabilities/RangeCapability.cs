// Range: authority over home frames, held by the space bank alone. It begins and ends the lives of objects.
//
// Ending a life is raising a version (FrameTable), after everything that the kernel derived from the object has been
// dropped: page-table entries, the activity of a process, those who wait for it.

using Eros.Kernel.Invocation;
using Eros.Kernel.Objects;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: RangeOrder.</summary>
public static class RangeCapability
{
    private const int SlotLog2Shift = 8;
    private const int RightsShift = 8;

    public static Result Invoke(Message message)
    {
        switch (message.Sent.Order)
        {
            case RangeOrder.Query:
                message.Reply.Word1 = message.Invoked.Count;
                return Result.Ok;
            case RangeOrder.Identify:
                return Identify(message);
            case RangeOrder.Create or RangeOrder.Rescind or RangeOrder.Get or RangeOrder.Sever:
                break;
            default:
                return message.AnswerCommon();
        }

        // Decode
        Oid first = message.Invoked.Oid;
        if (message.Sent.Word1 >= message.Invoked.Count || first.Volume != 0)
        {
            return Result.BadArgument;
        }

        ulong frame = first.Frame + message.Sent.Word1;
        Outcome outcome = message.Kernel.Frames.Resident(frame, out int entry);
        if (outcome == Outcome.Absent)
        {
            message.Load(frame);
            return Message.Ended;
        }

        if (outcome != Outcome.Ok)
        {
            return Result.BadArgument;
        }

        return message.Sent.Order switch
        {
            RangeOrder.Create => Create(message, entry),
            RangeOrder.Rescind or RangeOrder.Sever => Rescind(message, entry),
            _ => Get(message, entry),
        };
    }

    private static Result Create(Message message, int entry)
    {
        // Decode
        FrameTable frames = message.Kernel.Frames;
        uint index = (byte)message.Sent.Word3;
        ulong slotLog2 = message.Sent.Word3 >> SlotLog2Shift;
        if (!ObjectKind.TryParse(message.Sent.Word2, slotLog2, out FrameKind kind, out NodeKind nodeKind))
        {
            return Result.BadArgument;
        }

        Outcome outcome = frames.CheckCreate(entry, kind, (int)index);
        if (outcome != Outcome.Ok)
        {
            return outcome == Outcome.Retired ? Result.LimitReached : Result.BadArgument;
        }

        if (kind == FrameKind.Process && frames[entry].Kind != kind && frames.ProcessFrames >= Limits.Processes)
        {
            return Result.LimitReached;
        }

        if (!message.MakeDirty(entry))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        ObjectLife.Begin(message.Kernel, entry, kind, (int)index, nodeKind, (byte)slotLog2);
        return message.Answer(ObjectLife.CapabilityOf(message.Kernel, entry, (int)index));
    }

    private static Result Rescind(Message message, int entry)
    {
        // Decode
        FrameTable frames = message.Kernel.Frames;
        int index = (int)message.Sent.Word2;
        bool keepsContents = message.Sent.Order == RangeOrder.Sever;
        if (!HasObject(message, entry) || (keepsContents && frames[entry].Kind == FrameKind.Process))
        {
            return Result.BadArgument;
        }

        if (keepsContents && frames.VersionOf(entry, index) >= FrameTable.LastVersion - 1)
        {
            return Result.LimitReached;
        }

        if (!message.MakeDirty(entry))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        ObjectLife.End(message.Kernel, entry, index, keepsContents);
        return keepsContents ? message.Answer(ObjectLife.CapabilityOf(message.Kernel, entry, index)) : Result.Ok;
    }

    private static Result Get(Message message, int entry)
    {
        if (!HasObject(message, entry))
        {
            return Result.BadArgument;
        }

        int index = (int)message.Sent.Word2;
        if (message.Kernel.Frames.VersionOf(entry, index) == FrameTable.LastVersion)
        {
            return Result.LimitReached;
        }

        message.Reply.Word1 = ObjectLife.KindOf(message.Kernel, entry, index);
        return message.Answer(ObjectLife.CapabilityOf(message.Kernel, entry, index));
    }

    private static bool HasObject(Message message, int entry) =>
        FrameTable.HasIndex(message.Kernel.Frames[entry].Kind, message.Sent.Word2);

    private static Result Identify(Message message)
    {
        // Decode
        Capability argument = message.Sent.Arguments[0];
        Oid first = message.Invoked.Oid;
        Oid oid = argument.Oid;
        ulong frame = oid.Frame - first.Frame;
        if (!argument.NamesObject || oid.Volume != first.Volume || frame >= message.Invoked.Count)
        {
            return Result.BadArgument;
        }

        if (message.FindArgument(argument) == Message.Nobody)
        {
            return Message.Ended;
        }

        message.Reply.Word1 = frame;
        message.Reply.Word2 = (uint)oid.Index;
        message.Reply.Word3 = (uint)argument.Type | ((ulong)argument.Rights << RightsShift);
        return Result.Ok;
    }
}
