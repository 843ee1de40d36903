using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>A keeper's right to say what becomes of a fault.</summary>
internal sealed class FaultResumeModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.FaultResume;

    public override System.Type Orders => typeof(FaultResumeOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        ref ProcessFrame process = ref frame.Process;
        if (process.RunState is not (RunState.Waiting or RunState.Faulted))
        {
            return Result.VoidCapability;
        }

        world.Touch(frame);
        process.CallCount++;
        if (ask.Sent.Order == FaultResumeOrder.Retry)
        {
            world.Faults.Forget(frame);
        }
        else if (process.FaultCode == FaultCode.None || (process.Flags & ProcessFlags.KeeperTold) != 0)
        {
            world.Faults.Stop(frame);
            return Result.Ok;
        }

        process.RunState = RunState.Running;
        ask.Started = frame;
        return Result.Ok;
    }
}
