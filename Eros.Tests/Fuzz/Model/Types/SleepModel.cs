using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>The clock.</summary>
internal sealed class SleepModel : TypeModel
{
    private const ulong Never = ulong.MaxValue;

    public override CapabilityType Type => CapabilityType.Sleep;

    public override System.Type Orders => typeof(SleepOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        ulong word = ask.Sent.Word1;
        if (ask.Sent.Order == SleepOrder.UntilRestart && word != world.BootEpoch)
        {
            return Result.Restarted;
        }

        ulong? until = ask.Sent.Order switch
        {
            SleepOrder.For => word < Never - world.Now ? world.Now + word : Never,
            SleepOrder.Until => word,
            SleepOrder.UntilRestart => Never,
            _ => null,
        };
        if (until is { } time)
        {
            return time <= world.Now ? Result.Ok : world.Calls.AnswerLater(ask, time);
        }

        if (ask.Sent.Order != SleepOrder.Now)
        {
            return Common(ask);
        }

        ask.Reply.Word1 = world.Now;
        ask.Reply.Word2 = world.BootEpoch;
        return Result.Ok;
    }
}
