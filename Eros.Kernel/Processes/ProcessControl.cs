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

using System.Runtime.CompilerServices;
using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Processes;

/// <summary>Run states and activities. Keeps nothing.</summary>
public static class ProcessControl
{
    /// <summary>No process.</summary>
    public const int Nobody = Message.Nobody;

    /// <summary>The entry of the process on the processor, or Nobody.</summary>
    public static int Current(Kernel kernel) =>
        kernel.State.Activity == ActivityTable.None ? Nobody : kernel.State.Process;

    /// <summary>Where its schedule capability has it wait for its turn.</summary>
    public static byte RingOf(Kernel kernel, ref ProcessFrame frame) =>
        kernel.Scheduler.Reserves.RingOf(frame.Schedule);

    /// <summary>A process has another schedule: that counts at once, wherever it waits for its turn. What it has lent
    /// to a thread stays until who waits is looked at again.</summary>
    public static void FindRing(Kernel kernel, int entry)
    {
        ref ProcessFrame frame = ref kernel.Objects.Process(entry);
        if (frame.RunState is RunState.Running or RunState.KernelWait)
        {
            kernel.Scheduler.Move(kernel.Activities.FindByFrame(frame.Frame), RingOf(kernel, ref frame));
        }
    }

    /// <summary>A reserve has come or gone: each goes over to the ring that is right now. Of whose process is on the
    /// disk only, the schedule is not known before its turn comes (Faults.IsItsTurn): who was of the number's ring
    /// waits for that among the most urgent, as after a restart; all others stay where they are.</summary>
    public static void FindRings(Kernel kernel, uint number)
    {
        for (int i = 0; i < Limits.Processes; i++)
        {
            ref Activity record = ref kernel.Activities[i];
            if (record.State != ActivityState.Free)
            {
                uint ring = record.Ring;
                int entry = kernel.Frames.Find(record.Frame);
                if (entry >= 0 && kernel.Frames[entry].Kind == FrameKind.Process)
                {
                    ring = RingOf(kernel, ref kernel.Objects.Process(entry));
                }
                else if (ring == Limits.Priorities + number)
                {
                    ring = Limits.Priorities - 1;
                }

                kernel.Scheduler.Move(i, (byte)ring);
            }
        }

        kernel.Scheduler.Rank();
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
    public static void Start(Kernel kernel, int entry) => kernel.Scheduler.Ready(Allocate(kernel, entry));

    /// <summary>Gives it one that sleeps: the process waits in the kernel.</summary>
    public static void Sleep(Kernel kernel, int entry, ulong wakeNs)
    {
        ref ProcessFrame frame = ref kernel.Objects.Process(entry);
        frame.RunState = RunState.KernelWait;
        frame.WaitsFor = (ulong)CapabilityType.Sleep;
        int activity = Current(kernel) == entry ? Release(kernel) : Allocate(kernel, entry);
        kernel.Scheduler.Sleep(activity, wakeNs);
    }

    /// <summary>The current activity goes over to another process, which has just become Running.</summary>
    public static void Hand(Kernel kernel, int entry)
    {
        ref ProcessFrame frame = ref kernel.Objects.Process(entry);
        ref Activity activity = ref kernel.Activities[kernel.State.Activity];
        activity.Frame = frame.Frame;
        activity.Ring = RingOf(kernel, ref frame);
        activity.Flags = ActivityFlags.None;
        kernel.State.Process = entry;
    }

    /// <summary>The current activity ends.</summary>
    public static void Drop(Kernel kernel) => kernel.Activities.Free(Release(kernel));

    /// <summary>The current activity goes to the end of its ring.</summary>
    public static void Requeue(Kernel kernel) => kernel.Scheduler.Ready(Release(kernel));

    /// <summary>The current activity waits; its process repeats the instruction.</summary>
    public static void StallCurrent(Kernel kernel, StallReason reason, ulong key)
    {
        int activity = Release(kernel);
        kernel.Stalls.Stall(activity, reason, key);
        kernel.Services.Await(reason, kernel.Scheduler.UrgencyOf(activity));
    }

    /// <summary>The current activity does nothing for a time; its process stays as it is.</summary>
    public static void Rest(Kernel kernel, ulong ns)
    {
        Forget(kernel);
        kernel.Scheduler.Sleep(Release(kernel), kernel.Clock.Now + ns);
    }

    /// <summary>Takes the activity from a process, whatever it is doing.</summary>
    public static void Detach(Kernel kernel, int entry)
    {
        ref ProcessFrame frame = ref kernel.Objects.Process(entry);
        if (frame.RunState is not (RunState.Running or RunState.KernelWait))
        {
            return;
        }

        if (Current(kernel) == entry)
        {
            Drop(kernel);
            return;
        }

        int activity = kernel.Activities.FindByFrame(frame.Frame);
        switch (kernel.Activities[activity].State)
        {
            case ActivityState.Ready:
                kernel.Scheduler.Remove(activity);
                break;
            case ActivityState.Stalled:
                kernel.Stalls.Remove(activity);
                break;
            default:
                kernel.Scheduler.CancelSleep(activity);
                break;
        }

        kernel.Activities.Free(activity);
    }

    /// <summary>
    /// The process, which has no activity, waits for anybody; if notifications are pending it gets them and runs.
    /// </summary>
    public static void BecomeAvailable(Kernel kernel, int entry)
    {
        ref ProcessFrame frame = ref kernel.Objects.Process(entry);
        frame.RunState = RunState.Available;
        if (frame.Notifications != 0)
        {
            Delivery.DeliverNotifications(ref frame);
            Start(kernel, entry);
            return;
        }

        kernel.Stalls.WakeAll(StallReason.Available, frame.Frame);
    }

    /// <summary>
    /// Adds to the pending notifications of a writable process. True when it was Available: it runs now, and needs an
    /// activity.
    /// </summary>
    public static bool Notify(Kernel kernel, int entry, uint bits)
    {
        ref ProcessFrame frame = ref kernel.Objects.Process(entry);
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
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool HasLoadFailed(Kernel kernel, ulong frame) => WasTold(kernel, ActivityFlags.LoadFailed, frame);

    /// <summary>The same of what an activity is told of a frame when it is woken.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool WasTold(Kernel kernel, ActivityFlags what, ulong frame)
    {
        ref Activity activity = ref kernel.Activities[kernel.State.Activity];
        return (activity.Flags & what) != 0 && activity.ToldFrame == frame;
    }

    /// <summary>The current activity has dealt with what it was told of a frame.</summary>
    public static void Forget(Kernel kernel) =>
        kernel.Activities[kernel.State.Activity].Flags &= ActivityFlags.Restarted;

    private static int Allocate(Kernel kernel, int entry)
    {
        ref ProcessFrame frame = ref kernel.Objects.Process(entry);
        return kernel.Activities.Allocate(frame.Frame, RingOf(kernel, ref frame));
    }

    private static int Release(Kernel kernel)
    {
        int activity = kernel.State.Activity;
        kernel.Scheduler.Release();
        kernel.State.Process = Nobody;
        return activity;
    }
}
