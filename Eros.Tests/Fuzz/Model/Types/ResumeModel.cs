using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>The right to answer one call.</summary>
internal sealed class ResumeModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.Resume;

    public override bool PassesOn => true;

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        if (frame.Process.RunState != RunState.Waiting)
        {
            world.Calls.Refuse(ask, Result.VoidCapability);
            return Result.Ok;
        }

        if (!world.Strings.TryOpenSource(ask)
            || !world.Strings.TryOpenSink(ask, frame, ask.StringLength, out int room))
        {
            return Result.Ok;
        }

        world.Touch(frame).Process.CallCount++;
        return world.Calls.DeliverTo(ask, frame, 0, room);
    }
}
