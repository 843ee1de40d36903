// ReserveGrant: the lasting right to promise the processor's time, and memory. What it makes is the scheduler's
// (Reserves); what it pins is the frame table's.

using Eros.Kernel.Invocation;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Scheduling;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: ReserveGrantOrder.</summary>
public static class ReserveGrantCapability
{
    public static Result Invoke(Message message)
    {
        ulong order = message.Sent.Order;
        if (order == ReserveGrantOrder.Install)
        {
            return Install(message);
        }

        if (order is ReserveGrantOrder.Pin or ReserveGrantOrder.Unpin)
        {
            return SetPin(message, order == ReserveGrantOrder.Pin);
        }

        // Decode
        if (order is not (ReserveGrantOrder.Remove or ReserveGrantOrder.Describe))
        {
            return message.AnswerCommon();
        }

        ulong number = message.Sent.Word1;
        if (number >= Limits.Reserves)
        {
            return Result.BadArgument;
        }

        message.Commit();

        // Perform
        Reserves reserves = message.Kernel.Scheduler.Reserves;
        if (order == ReserveGrantOrder.Remove)
        {
            reserves.Remove((int)number);
            ProcessControl.FindRings(message.Kernel, (uint)number);
            return Result.Ok;
        }

        message.Kernel.Scheduler.Recount();
        ref readonly Reserve reserve = ref reserves[(int)number];
        message.Reply.Word1 = reserve.PeriodNs;
        message.Reply.Word2 = reserve.DurationNs;
        message.Reply.Word3 = reserve.UsedNs;
        return Result.Ok;
    }

    private static Result Install(Message message)
    {
        // Decode
        Kernel kernel = message.Kernel;
        Reserves reserves = kernel.Scheduler.Reserves;
        ulong period = message.Sent.Word2;
        ulong duration = message.Sent.Word3;
        Result result = reserves.Check(message.Sent.Word1, period, duration);
        if (result != Result.Ok)
        {
            return result;
        }

        message.Commit();

        // Perform
        Capability schedule = reserves.Install(message.Sent.Word1, period, duration, kernel.Clock.Now);
        ProcessControl.FindRings(kernel, (byte)message.Sent.Word1);
        return message.Answer(schedule);
    }

    private static Result SetPin(Message message, bool isPinned)
    {
        // Decode
        FrameTable frames = message.Kernel.Frames;
        Capability argument = message.Sent.Arguments[0];
        if (!argument.NamesObject)
        {
            return Result.BadArgument;
        }

        int entry = message.FindArgument(argument);
        if (entry == Message.Nobody)
        {
            return Message.Ended;
        }

        if (isPinned && !frames.IsPinned(entry) && frames.PinnedFrames >= frames.PinLimit)
        {
            return Result.LimitReached;
        }

        if (!message.MakeDirty(entry))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        frames.SetPinned(entry, isPinned);
        message.Reply.Word1 = frames.PinnedFrames;
        message.Reply.Word2 = frames.PinLimit;
        return Result.Ok;
    }
}
