using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>Authority over the machine's persistence. In the simulated machine no page was ever saved, so that none can
/// be journalled.</summary>
internal sealed class CheckpointModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.Checkpoint;

    public override System.Type Orders => typeof(CheckpointOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        ulong word = ask.Sent.Word1;
        switch (ask.Sent.Order)
        {
            case CheckpointOrder.Take:
                ask.Reply.Word1 = world.Working;
                return Result.Ok;
            case CheckpointOrder.WaitCommitted:
                return WaitFor(world, ask, world.Committed, StallReason.Committed);
            case CheckpointOrder.WaitSettled:
                return WaitFor(world, ask, world.Settled, StallReason.Settled);
            case CheckpointOrder.JournalPage:
                return JournalPage(world, ask);
            case CheckpointOrder.Generation:
                ask.Reply.Word1 = world.Committed;
                ask.Reply.Word2 = world.Working;
                ask.Reply.Word3 = world.IntervalMs;
                return Result.Ok;
            case CheckpointOrder.Counters:
                if (world.Strings.TryOpenSink(ask, ask.ReplyTo, world.Counters.Length, out int room))
                {
                    world.Strings.Answer(ask, world.Counters, room);
                }

                return Result.Ok;
            case CheckpointOrder.SetInterval:
                if (word > uint.MaxValue || word is > 0 and < Limits.MinCheckpointIntervalMs)
                {
                    return Result.BadArgument;
                }

                world.IntervalMs = (uint)word;
                return Result.Ok;
            case CheckpointOrder.PowerOff:
                return ask.End(Ending.PoweredOff);
            default:
                return Common(ask);
        }
    }

    private static Result WaitFor(ModelWorld world, Ask ask, ulong reached, StallReason reason)
    {
        ulong generation = ask.Sent.Word1;
        if (generation > world.Working)
        {
            return Result.BadArgument;
        }

        if (generation > reached)
        {
            return world.Calls.Wait(ask, reason);
        }

        ask.Reply.Word1 = reached;
        return Result.Ok;
    }

    private static Result JournalPage(ModelWorld world, Ask ask)
    {
        Capability page = ask.Sent.Argument0;
        if (page.Type != CapabilityType.Page || (page.Rights & (Rights.ReadOnly | Rights.Weak)) != 0)
        {
            return Result.BadArgument;
        }

        return world.Calls.TryFind(ask, page, Result.BadArgument, out _)
            ? (Result)CheckpointResult.NotInCheckpoint
            : Result.Ok;
    }
}
