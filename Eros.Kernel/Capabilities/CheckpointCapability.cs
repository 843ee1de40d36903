// Checkpoint: authority over the machine's persistence. Waiting for a commit is an ordinary stall: after a restart the
// process asks again, and finds the generation committed.

using System;
using System.Runtime.InteropServices;
using Eros.Kernel.Invocation;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: CheckpointOrder.</summary>
public static class CheckpointCapability
{
    public static Verdict Invoke(Message message)
    {
        CheckpointControl checkpoints = message.Kernel.Checkpoints;
        switch (message.Sent.Order)
        {
            case CheckpointOrder.Take:
                return checkpoints.IsDurable ? Take(message) : message.Answer(Result.NotDurable);
            case CheckpointOrder.WaitCommitted:
                return WaitFor(message, checkpoints.Committed, StallReason.Committed);
            case CheckpointOrder.WaitMigrated:
                return WaitFor(message, checkpoints.Migrated, StallReason.Migrated);
            case CheckpointOrder.Generation:
                message.Reply.Word2 = checkpoints.Working;
                message.Reply.Word3 = checkpoints.IntervalMs;
                return message.Answer(Result.Ok, checkpoints.Committed);
            case CheckpointOrder.Counters:
                return ReadCounters(message);
            case CheckpointOrder.SetInterval:
                return message.Answer(checkpoints.SetInterval(message.Sent.Word1));
            case CheckpointOrder.PowerOff:
                message.Kernel.Power.Off();
                return message.End();
            default:
                return message.AnswerCommon();
        }
    }

    private static Verdict Take(Message message)
    {
        message.Commit();
        return message.Answer(Result.Ok, message.Kernel.Checkpoints.Ask());
    }

    private static Verdict WaitFor(Message message, ulong reached, StallReason reason)
    {
        // Decode
        ulong generation = message.Sent.Word1;
        if (generation <= reached)
        {
            return message.Answer(Result.Ok, reached);
        }

        if (generation > message.Kernel.Checkpoints.Working)
        {
            return message.Answer(Result.BadArgument);
        }

        return message.Kernel.Checkpoints.IsDurable ? message.Wait(reason) : message.Answer(Result.NotDurable);
    }

    private static Verdict ReadCounters(Message message)
    {
        // Decode
        ref KernelCounters values = ref message.Kernel.Counters.Values;
        ReadOnlySpan<byte> counters = MemoryMarshal.AsBytes(new ReadOnlySpan<KernelCounters>(ref values));
        if (!message.OpenReply(counters.Length))
        {
            return message.Verdict;
        }

        message.Commit();

        // Perform
        counters.CopyTo(message.Buffer);
        message.PutReply(counters.Length);
        values.LongestClosedCycles = 0;
        return message.Answer(Result.Ok);
    }
}
