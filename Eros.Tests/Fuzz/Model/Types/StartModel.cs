using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>The right to send to a process that waits for anybody.</summary>
internal sealed class StartModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.Start;

    public override bool PassesOn => true;

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        if (ask.IsFault && frame == ask.From)
        {
            // Its own keeper.
            return Result.VoidCapability;
        }

        if (frame.Process.RunState != RunState.Available)
        {
            return world.Calls.Wait(ask, StallReason.Available, frame.Number);
        }

        return world.Strings.TryOpenSource(ask)
            && world.Strings.TryOpenSink(ask, frame, ask.StringLength, out int room)
            ? world.Calls.DeliverTo(ask, frame, ask.Invoked.Data, room)
            : Result.Ok;
    }
}
