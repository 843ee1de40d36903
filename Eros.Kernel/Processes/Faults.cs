// Faults: what happens to a process that cannot go on, and the way by which activities come to the processor.
//
//   page fault ─▶ the space mends it, or it waits for a load, or
//                 the innermost keeper of the space is called ──────┐ Retry: it runs on
//                                     │ there is none, or it refuses│
//   exception ───▶ recorded in the process ◀────────────────────────┘
//                                     │ at once; after a wait, a restart or a refusal when it has its turn (TryEnter)
//                  the process's own keeper is called ──────────────┐ Retry: it runs on
//                                     │ there is none, or it refuses│
//                                  Faulted, with one line on the console
//
// A recorded fault (FaultCode) is part of the process: it outlives waiting for a busy keeper, and a restart. A page
// fault is recorded only when no keeper of the space takes it; a process that waits for a busy space keeper repeats the
// instruction instead, since the space may be mended by then. While a keeper works on it the process is Waiting, with
// the fault in it to be looked at; the keeper holds its fault-resume capability.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Processes;

/// <summary>Faults and their keepers. Keeps nothing.</summary>
public static class Faults
{
    private const ulong RetryNs = 60_000_000_000;

    /// <summary>The current process has no page, or not the right, at an address.</summary>
    public static void PageFault(Kernel kernel, int process, ulong address, Access access)
    {
        SpaceOutcome outcome = kernel.Spaces.HandleFault(process, address, access, out SpaceFault fault);
        bool isLost = outcome == SpaceOutcome.Absent && ProcessControl.HasLoadFailed(kernel, fault.Frame);
        if (outcome == SpaceOutcome.Fault)
        {
            TellSpaceKeeper(kernel, process, address, access, fault);
        }
        else if (outcome == SpaceOutcome.NoRoom)
        {
            ProcessControl.StallCurrent(kernel, StallReason.Space, 0);
        }
        else if (outcome == SpaceOutcome.Absent && !isLost)
        {
            ProcessControl.StallCurrent(kernel, StallReason.Load, fault.Frame);
        }
        else
        {
            ProcessControl.Forget(kernel);
            if (isLost)
            {
                Raise(kernel, process, FaultCode.BadObject, address, Oid.Of(fault.Frame).Value);
            }
        }
    }

    /// <summary>The current process has faulted, and its own keeper is told. So does FastFault.xsi.</summary>
    public static void Raise(Kernel kernel, int process, FaultCode code, ulong address, ulong info)
    {
        Record(kernel, process, code, address, info);
        TellOwnKeeper(kernel, process);
    }

    private static void Record(Kernel kernel, int process, FaultCode code, ulong address, ulong info)
    {
        ref ProcessFrame frame = ref kernel.Objects.Process(process);
        frame.FaultCode = code;
        frame.FaultAddress = address;
        frame.FaultInfo = info;
    }

    /// <summary>
    /// Brings the current activity's process to where it can run an instruction. False: it waits, or is no more.
    /// </summary>
    public static bool TryEnter(Kernel kernel, int activity)
    {
        ref Activity record = ref kernel.Activities[activity];
        if (GoesOn(kernel, in record))
        {
            return true;
        }

        kernel.State.Process = ProcessControl.Nobody;
        if (!Find(kernel, ref record, out int process))
        {
            return false;
        }

        kernel.State.Process = process;
        ref ProcessFrame frame = ref kernel.Objects.Process(process);
        if (frame.RunState == RunState.KernelWait)
        {
            CompleteWait(ref frame, (record.Flags & ActivityFlags.Restarted) != 0);
        }

        record.Flags &= ~ActivityFlags.Restarted;
        if (!IsItsTurn(kernel, activity, ProcessControl.RingOf(kernel, ref frame)))
        {
            return false;
        }

        if (frame.FaultCode == FaultCode.None && frame.Schedule.Type != CapabilityType.Schedule)
        {
            Record(kernel, process, FaultCode.NoSchedule, frame.Rip, 0);
        }

        if (frame.FaultCode == FaultCode.None)
        {
            return true;
        }

        if (TellOwnKeeper(kernel, process) == Verdict.Delivered)
        {
            ProcessControl.Requeue(kernel);
        }

        return false;
    }

    /// <summary>
    /// True for the process that comes from the processor when there is nothing about it that must be seen to: all that
    /// the long way would find and do. Its ring is the right one: whoever changes its schedule changes that too.
    /// </summary>
    private static bool GoesOn(Kernel kernel, in Activity record)
    {
        int process = kernel.State.Process;
        if (process == ProcessControl.Nobody)
        {
            return false;
        }

        ref FrameEntry entry = ref kernel.Frames[process];
        if (entry.Frame != record.Frame || entry.Kind != FrameKind.Process || !kernel.Frames.IsWritable(process))
        {
            return false;
        }

        ref ProcessFrame frame = ref kernel.Objects.Process(process);
        return frame.RunState == RunState.Running
            && frame.FaultCode == FaultCode.None
            && frame.Schedule.Type == CapabilityType.Schedule
            && (record.Flags & ActivityFlags.Restarted) == 0;
    }

    /// <summary>
    /// A process's fault will not be mended: it stands until a holder of its process capability moves it on. It has no
    /// activity. Its line is left out while much output waits: whoever has a process stopped again and again must not
    /// keep the domains from writing.
    /// </summary>
    public static void Stop(Kernel kernel, int process)
    {
        ref ProcessFrame frame = ref kernel.Objects.Process(process);
        frame.RunState = RunState.Faulted;
        if (kernel.Terminal.Room < Limits.ConsoleOutput - Limits.ConsoleKernelOutput)
        {
            return;
        }

        kernel.Log.Begin("process "u8).Oid(Oid.Of(frame.Frame)).Text(" stopped: "u8)
            .Text(FaultText.Of(frame.FaultCode)).Text(" at "u8).Hex(frame.FaultAddress).End();
    }

    /// <summary>
    /// The process of the current activity, in memory and writable. One that cannot be read (the store has said so) is
    /// tried again later, and stays in the list of processes for the next restart. Only a damaged list names one that
    /// does not run.
    /// </summary>
    private static bool Find(Kernel kernel, ref Activity record, out int process)
    {
        Outcome outcome = kernel.Frames.Resident(record.Frame, out process);
        if (outcome == Outcome.Absent && !ProcessControl.HasLoadFailed(kernel, record.Frame))
        {
            ProcessControl.StallCurrent(kernel, StallReason.Load, record.Frame);
            return false;
        }

        if (outcome != Outcome.Ok)
        {
            ProcessControl.Rest(kernel, RetryNs);
            return false;
        }

        if (!Runs(kernel, process))
        {
            bool isListed = (record.Flags & ActivityFlags.Restarted) != 0;
            Fail.Unless(isListed, "activity without a process that runs"u8, record.Frame);
            ProcessControl.Drop(kernel);
            return false;
        }

        if (kernel.Frames.MakeDirty(process) != Outcome.Ok)
        {
            ProcessControl.StallCurrent(kernel, StallReason.Space, 0);
            return false;
        }

        return true;
    }

    private static bool Runs(Kernel kernel, int process) =>
        kernel.Frames[process].Kind == FrameKind.Process
        && kernel.Objects.Process(process).RunState is RunState.Running or RunState.KernelWait;

    /// <summary>
    /// The schedule may have changed, or not been known (after a restart, or a reserve's end): then its own ring is
    /// where to wait.
    /// </summary>
    private static bool IsItsTurn(Kernel kernel, int activity, byte ring)
    {
        int before = kernel.Scheduler.LevelOf(activity);
        kernel.Activities[activity].Ring = ring;
        int level = kernel.Scheduler.LevelOf(activity);
        if (level < before && kernel.Scheduler.HighestReady > level)
        {
            ProcessControl.Requeue(kernel);
            return false;
        }

        return true;
    }

    private static void CompleteWait(ref ProcessFrame frame, bool isRestarted)
    {
        MessageContent answer = default;
        answer.Order = (uint)(isRestarted ? Result.Restarted : Result.Ok);
        frame.WaitsFor = 0;
        Delivery.Deliver(ref frame, ref answer);
    }

    private static void TellSpaceKeeper(Kernel kernel, int process, ulong address, Access access, in SpaceFault fault)
    {
        ulong way = (ulong)access | ((ulong)fault.Rights << InvocationWord.FaultRightsShift);
        Verdict verdict = fault.Keeper.Type == CapabilityType.Void
            ? Verdict.NoKeeper
            : kernel.Invoker.Tell(process, fault.Keeper, fault.Code, fault.Offset, way, fault.Node);
        if (verdict == Verdict.Stalled)
        {
            return;
        }

        ProcessControl.Forget(kernel);
        kernel.Objects.Process(process).Flags &= ~ProcessFlags.KeeperTold;
        Record(kernel, process, fault.Code, address, (ulong)access);
        if (verdict == Verdict.NoKeeper)
        {
            TellOwnKeeper(kernel, process);
        }
    }

    /// <summary>Tells the process's own keeper of the recorded fault. Delivered: the keeper has the activity.</summary>
    private static Verdict TellOwnKeeper(Kernel kernel, int process)
    {
        ref ProcessFrame frame = ref kernel.Objects.Process(process);
        Verdict verdict = kernel.Invoker.Tell(
            process, frame.Keeper, frame.FaultCode, frame.FaultAddress, frame.FaultInfo, Capability.Void);
        switch (verdict)
        {
            case Verdict.Delivered:
                frame.Flags |= ProcessFlags.KeeperTold;
                break;
            case Verdict.NoKeeper:
                ProcessControl.Drop(kernel);
                Stop(kernel, process);
                break;
        }

        return verdict;
    }
}
