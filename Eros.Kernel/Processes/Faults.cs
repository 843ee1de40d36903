// Faults: what happens to a process that cannot go on, and the way by which activities come to the processor.
//
//   page fault ─▶ the space mends it, or it waits for a load, or
//                 the innermost keeper of the space is called ──────┐ Retry: it runs on
//                                     │ there is none, or it refuses│
//   exception ───▶ recorded in the process ◀────────────────────────┘
//                                     │ TryEnter
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

namespace Eros.Kernel.Processes;

/// <summary>Faults and their keepers.</summary>
public sealed class Faults
{
    private readonly Kernel _kernel;
    private readonly Invoker _invoker;

    public Faults(Kernel kernel, Invoker invoker)
    {
        _kernel = kernel;
        _invoker = invoker;
    }

    /// <summary>The current process has no page, or not the right, at an address.</summary>
    public void PageFault(int process, ulong address, Access access)
    {
        ProcessControl processes = _kernel.Processes;
        SpaceOutcome outcome = _kernel.Spaces.HandleFault(process, address, access, out SpaceFault fault);
        bool isLost = outcome == SpaceOutcome.Absent && processes.HasLoadFailed(fault.Frame);
        if (outcome == SpaceOutcome.Fault)
        {
            TellSpaceKeeper(process, address, access, fault);
        }
        else if (outcome == SpaceOutcome.NoRoom)
        {
            processes.StallCurrent(StallReason.Space, 0);
        }
        else if (outcome == SpaceOutcome.Absent && !isLost)
        {
            processes.StallCurrent(StallReason.Load, fault.Frame);
        }
        else
        {
            processes.ForgetLoadFailure();
            if (isLost)
            {
                Record(process, FaultCode.BadObject, address, Oid.Of(fault.Frame).Value);
            }
        }
    }

    /// <summary>Notes a fault in the current process. Its keeper is told before it runs again.</summary>
    public void Record(int process, FaultCode code, ulong address, ulong info)
    {
        ref ProcessFrame frame = ref _kernel.Objects.Process(process);
        frame.FaultCode = code;
        frame.FaultAddress = address;
        frame.FaultInfo = info;
    }

    /// <summary>
    /// Brings the current activity's process to where it can run an instruction. False: it waits, or is no more.
    /// </summary>
    public bool TryEnter(int activity)
    {
        ref Activity record = ref _kernel.Activities[activity];
        _kernel.State.Process = ProcessControl.Nobody;
        if (!Find(ref record, out int process))
        {
            return false;
        }

        _kernel.State.Process = process;
        ref ProcessFrame frame = ref _kernel.Objects.Process(process);
        if (frame.RunState == RunState.KernelWait)
        {
            CompleteWait(ref frame, (record.Flags & ActivityFlags.Restarted) != 0);
        }

        record.Flags &= ~ActivityFlags.Restarted;
        if (!IsItsTurn(ref record, ProcessControl.PriorityOf(ref frame)))
        {
            return false;
        }

        if (frame.FaultCode == FaultCode.None && frame.Schedule.Type != CapabilityType.Schedule)
        {
            Record(process, FaultCode.NoSchedule, frame.Rip, 0);
        }

        return frame.FaultCode == FaultCode.None || TellOwnKeeper(process);
    }

    /// <summary>
    /// A process's fault will not be mended: it stands until a holder of its process capability moves it on. It has no
    /// activity. Its line is left out while much output waits: whoever has a process stopped again and again must not
    /// keep the domains from writing.
    /// </summary>
    public void Stop(int process)
    {
        ref ProcessFrame frame = ref _kernel.Objects.Process(process);
        frame.RunState = RunState.Faulted;
        if (_kernel.Terminal.Room < Limits.ConsoleOutput - Limits.ConsoleKernelOutput)
        {
            return;
        }

        _kernel.Log.Begin("process "u8).Oid(Oid.Of(frame.Frame)).Text(" stopped: "u8).Text(FaultText.Of(frame.FaultCode));
        _kernel.Log.Text(" at "u8).Hex(frame.FaultAddress).End();
    }

    /// <summary>The process of the current activity, in memory and writable.</summary>
    private bool Find(ref Activity record, out int process)
    {
        Outcome outcome = _kernel.Frames.Resident(record.Frame, out process);
        if (outcome == Outcome.Absent && !_kernel.Processes.HasLoadFailed(record.Frame))
        {
            _kernel.Processes.StallCurrent(StallReason.Load, record.Frame);
            return false;
        }

        if (outcome != Outcome.Ok || !Runs(process))
        {
            Lose(ref record);
            return false;
        }

        if (_kernel.Frames.MakeDirty(process) != Outcome.Ok)
        {
            _kernel.Processes.StallCurrent(StallReason.Space, 0);
            return false;
        }

        return true;
    }

    private bool Runs(int process) =>
        _kernel.Frames[process].Kind == FrameKind.Process
        && _kernel.Objects.Process(process).RunState is RunState.Running or RunState.KernelWait;

    /// <summary>The process list of a damaged volume names what is no process, or cannot be read.</summary>
    private void Lose(ref Activity record)
    {
        bool isDisksFault = (record.Flags & (ActivityFlags.Restarted | ActivityFlags.LoadFailed)) != 0;
        Fail.Unless(isDisksFault, "activity without a process that runs"u8, record.Frame);
        _kernel.Log.Begin("process "u8).Oid(Oid.Of(record.Frame)).Text(" is lost: it cannot be read"u8).End();
        _kernel.Processes.Drop();
    }

    /// <summary>
    /// The schedule may have changed, or (after a restart) not been known: then the ring of its own priority is where
    /// to wait.
    /// </summary>
    private bool IsItsTurn(ref Activity record, byte priority)
    {
        bool isLess = priority < record.Priority;
        record.Priority = priority;
        if (isLess && _kernel.Scheduler.HighestReady > priority)
        {
            _kernel.Processes.Requeue();
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

    private void TellSpaceKeeper(int process, ulong address, Access access, in SpaceFault fault)
    {
        Verdict verdict = fault.Keeper.Type == CapabilityType.Void
            ? Verdict.NoKeeper
            : _invoker.Tell(process, fault.Keeper, fault.Code, fault.Offset, (ulong)access);
        if (verdict != Verdict.Stalled)
        {
            _kernel.Processes.ForgetLoadFailure();
            _kernel.Objects.Process(process).Flags &= ~ProcessFlags.KeeperTold;
            Record(process, fault.Code, address, (ulong)access);
        }
    }

    /// <summary>Tells the process's own keeper of the recorded fault. Always false: the process does not run.</summary>
    private bool TellOwnKeeper(int process)
    {
        ref ProcessFrame frame = ref _kernel.Objects.Process(process);
        switch (_invoker.Tell(process, frame.Keeper, frame.FaultCode, frame.FaultAddress, frame.FaultInfo))
        {
            case Verdict.Delivered:
                frame.Flags |= ProcessFlags.KeeperTold;
                _kernel.Processes.Requeue();
                break;
            case Verdict.NoKeeper:
                _kernel.Processes.Drop();
                Stop(process);
                break;
        }

        return false;
    }
}
