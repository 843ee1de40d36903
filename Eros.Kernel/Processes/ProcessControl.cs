// ProcessControl: what moves processes from one run state to another, together with their activities.
//
//                                  Hand, Start
//        Available ◀──────────────────────────────────────────────▶ Running ──▶ KernelWait (Sleep)
//            ▲        BecomeAvailable (a Return, MakeAvailable)       │  ▲            │
//            │                                                        │  │ ◀──────────┘ the time has come, or a restart
//            │        MakeAvailable                             Call, │  │
//            └──────────────────────────── Waiting ◀─────────── fault ┘  │ a reply, Retry, Run
//                                             └──────────────────────────┤
//                                          Faulted ──────────────────────┘
//
// Invariants: A1 (ActivityTable), and
//  P1 An Available process has no pending notification: one that becomes Available gets them at once.
//  P2 Whoever waits for a process to become Available is woken when it does, and when it ends.
//  P3 While a domain is on the processor, State.Process is its entry, and its frame is writable in this generation.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Processes;

/// <summary>Run states and activities.</summary>
public sealed class ProcessControl(Kernel kernel)
{
    /// <summary>No process.</summary>
    public const int Nobody = Message.Nobody;

    private readonly Kernel _kernel = kernel;

    /// <summary>The entry of the process on the processor, or Nobody.</summary>
    public int Current => _kernel.State.Activity == ActivityTable.None ? Nobody : _kernel.State.Process;

    /// <summary>What its schedule capability gives it; the least without one.</summary>
    public static byte PriorityOf(ref ProcessFrame frame)
    {
        uint priority = frame.Schedule.Type == CapabilityType.Schedule ? frame.Schedule.Data : 0;
        return (byte)(priority < Limits.Priorities ? priority : Limits.Priorities - 1);
    }

    /// <summary>Nothing is wrong with the process any more.</summary>
    public static void ForgetFault(ref ProcessFrame frame)
    {
        frame.FaultCode = FaultCode.None;
        frame.FaultAddress = 0;
        frame.FaultInfo = 0;
        frame.Flags &= ~ProcessFlags.KeeperTold;
    }

    /// <summary>Gives a process that has just become Running an activity of its own.</summary>
    public void Start(int entry) => _kernel.Scheduler.Ready(Allocate(entry));

    /// <summary>Gives it one that sleeps: the process waits in the kernel.</summary>
    public void Sleep(int entry, ulong wakeNs)
    {
        ref ProcessFrame frame = ref _kernel.Objects.Process(entry);
        frame.RunState = RunState.KernelWait;
        frame.WaitsFor = (ulong)CapabilityType.Sleep;
        int activity = Current == entry ? Release() : Allocate(entry);
        _kernel.Scheduler.Sleep(activity, wakeNs);
    }

    /// <summary>The current activity goes over to another process, which has just become Running.</summary>
    public void Hand(int entry)
    {
        ref ProcessFrame frame = ref _kernel.Objects.Process(entry);
        ref Activity activity = ref _kernel.Activities[_kernel.State.Activity];
        activity.Frame = frame.Frame;
        activity.Priority = PriorityOf(ref frame);
        activity.Flags = ActivityFlags.None;
        _kernel.State.Process = entry;
    }

    /// <summary>The current activity ends.</summary>
    public void Drop() => _kernel.Activities.Free(Release());

    /// <summary>The current activity goes to the end of its ring.</summary>
    public void Requeue() => _kernel.Scheduler.Ready(Release());

    /// <summary>The current activity waits; its process repeats the instruction.</summary>
    public void StallCurrent(StallReason reason, ulong key)
    {
        int activity = Release();
        _kernel.Stalls.Stall(activity, reason, key);
        _kernel.Services.Await(reason, _kernel.Activities[activity].Priority);
    }

    /// <summary>
    /// Takes the activity from a process, whatever it is doing. One that a restart could not read has lost its own
    /// (Faults.Lose), and may have become readable since.
    /// </summary>
    public void Detach(int entry)
    {
        ref ProcessFrame frame = ref _kernel.Objects.Process(entry);
        if (frame.RunState is not (RunState.Running or RunState.KernelWait))
        {
            return;
        }

        if (Current == entry)
        {
            Drop();
            return;
        }

        int activity = _kernel.Activities.FindByFrame(frame.Frame);
        if (activity == ActivityTable.None)
        {
            return;
        }

        switch (_kernel.Activities[activity].State)
        {
            case ActivityState.Ready:
                _kernel.Scheduler.Remove(activity);
                break;
            case ActivityState.Stalled:
                _kernel.Stalls.Remove(activity);
                break;
            default:
                _kernel.Scheduler.CancelSleep(activity);
                break;
        }

        _kernel.Activities.Free(activity);
    }

    /// <summary>
    /// The process, which has no activity, waits for anybody; if notifications are pending it gets them and runs.
    /// </summary>
    public void BecomeAvailable(int entry)
    {
        ref ProcessFrame frame = ref _kernel.Objects.Process(entry);
        frame.RunState = RunState.Available;
        if (frame.Notifications != 0)
        {
            Delivery.DeliverNotifications(ref frame);
            Start(entry);
            return;
        }

        _kernel.Stalls.WakeAll(StallReason.Available, frame.Frame);
    }

    /// <summary>
    /// Adds to the pending notifications of a writable process. True when it was Available: it runs now, and needs an
    /// activity.
    /// </summary>
    public bool Notify(int entry, uint bits)
    {
        ref ProcessFrame frame = ref _kernel.Objects.Process(entry);
        frame.Notifications |= bits;
        if (frame.RunState != RunState.Available || bits == 0)
        {
            return false;
        }

        Delivery.DeliverNotifications(ref frame);
        return true;
    }

    /// <summary>
    /// True when the current activity has been told that <paramref name="frame"/> cannot be read, and has not dealt
    /// with it.
    /// </summary>
    public bool HasLoadFailed(ulong frame)
    {
        ref Activity activity = ref _kernel.Activities[_kernel.State.Activity];
        return (activity.Flags & ActivityFlags.LoadFailed) != 0 && activity.FailedFrame == frame;
    }

    /// <summary>The current activity has dealt with it.</summary>
    public void ForgetLoadFailure() => _kernel.Activities[_kernel.State.Activity].Flags &= ~ActivityFlags.LoadFailed;

    private int Allocate(int entry)
    {
        ref ProcessFrame frame = ref _kernel.Objects.Process(entry);
        return _kernel.Activities.Allocate(frame.Frame, PriorityOf(ref frame));
    }

    private int Release()
    {
        int activity = _kernel.State.Activity;
        _kernel.Scheduler.Release();
        _kernel.State.Process = Nobody;
        return activity;
    }
}
