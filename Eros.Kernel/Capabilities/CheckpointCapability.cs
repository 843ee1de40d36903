// Checkpoint: authority over the machine's persistence. Waiting for a commit is an ordinary stall: after a restart the
// process asks again, and finds the generation committed.

using System;
using System.Runtime.InteropServices;
using Eros.Kernel.Invocation;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: CheckpointOrder.</summary>
public static class CheckpointCapability
{
    public static Result Invoke(Message message)
    {
        CheckpointControl checkpoints = message.Kernel.Checkpoints;
        switch (message.Sent.Order)
        {
            case CheckpointOrder.Take:
                return checkpoints.IsDurable ? Take(message) : Result.NotDurable;
            case CheckpointOrder.WaitCommitted:
                return WaitFor(message, checkpoints.Committed, StallReason.Committed);
            case CheckpointOrder.WaitSettled:
                return WaitFor(message, checkpoints.Settled, StallReason.Settled);
            case CheckpointOrder.JournalPage:
                return checkpoints.IsDurable ? Journal(message) : Result.NotDurable;
            case CheckpointOrder.Generation:
                message.Reply.Word1 = checkpoints.Committed;
                message.Reply.Word2 = checkpoints.Working;
                message.Reply.Word3 = checkpoints.IntervalMs;
                return Result.Ok;
            case CheckpointOrder.Counters:
                return ReadCounters(message);
            case CheckpointOrder.SetInterval:
                return checkpoints.SetInterval(message.Sent.Word1);
            case CheckpointOrder.PowerOff:
                message.Kernel.Power.Off();
                return Message.Ended;
            default:
                return message.AnswerCommon();
        }
    }

    private static Result Take(Message message)
    {
        message.Commit();
        message.Reply.Word1 = message.Kernel.Checkpoints.Ask();
        return Result.Ok;
    }

    private static Result WaitFor(Message message, ulong reached, StallReason reason)
    {
        // Decode
        ulong generation = message.Sent.Word1;
        if (generation <= reached)
        {
            message.Reply.Word1 = reached;
            return Result.Ok;
        }

        // First: where a snapshot was given up, a number that Take has answered may be beyond Working.
        CheckpointControl checkpoints = message.Kernel.Checkpoints;
        return !checkpoints.IsDurable ? Result.NotDurable
            : generation > checkpoints.Working ? Result.BadArgument
            : message.Wait(reason);
    }

    private static Result Journal(Message message)
    {
        // Decode
        Capability page = message.Sent.Arguments[0];
        if (page.Type != CapabilityType.Page || (page.Rights & (Rights.ReadOnly | Rights.Weak)) != 0)
        {
            return Result.BadArgument;
        }

        if (message.FindArgument(page) == Message.Nobody)
        {
            return Message.Ended;
        }

        ulong frame = page.Oid.Frame;
        return !message.Kernel.Frames.HasSavedPage(frame, page.Version) ? (Result)CheckpointResult.NotInCheckpoint
            : ProcessControl.WasTold(message.Kernel, ActivityFlags.Journalled, frame) ? Result.Ok
            : message.Wait(StallReason.Journal, frame);
    }

    private static Result ReadCounters(Message message)
    {
        // Decode
        ref KernelCounters values = ref message.Kernel.Counters.Values;
        ReadOnlySpan<byte> counters = MemoryMarshal.AsBytes(new ReadOnlySpan<KernelCounters>(ref values));
        if (!message.OpenReply(counters.Length))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        message.PutReply(counters);
        values.LongestClosedCycles = 0;
        return Result.Ok;
    }
}
