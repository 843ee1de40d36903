// FaultResume: a keeper's right to say what becomes of a fault. It changes no registers of the process.
//
// Retry: the process repeats the instruction. Anything else: the process's own keeper is told, unless it has been (or
// there was no fault); then the process is Faulted.

using Eros.Kernel.Invocation;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: FaultResumeOrder.</summary>
public static class FaultResumeCapability
{
    public static Result Invoke(Message message, int process)
    {
        // Decode
        ref ProcessFrame frame = ref message.Process(process);
        if (frame.RunState is not (RunState.Waiting or RunState.Faulted))
        {
            return Result.VoidCapability;
        }

        if (!message.MakeDirty(process))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        frame.CallCount++;
        if (message.Sent.Order == FaultResumeOrder.Retry)
        {
            ProcessControl.ForgetFault(ref frame);
        }
        else if (frame.FaultCode == FaultCode.None || (frame.Flags & ProcessFlags.KeeperTold) != 0)
        {
            Faults.Stop(message.Kernel, process);
            return Result.Ok;
        }

        frame.RunState = RunState.Running;
        message.Started = process;
        return Result.Ok;
    }
}
