// Services: the kernel threads that stalled activities wait for, told that there is work and for whom.
//
// The pager loads frames, the checkpointer makes room and commits, the console's thread moves bytes. Each waits for its
// event. The first two inherit the urgency of the most urgent activity that waits for them, so that no spinning domain
// of lesser urgency delays it.

using System;
using System.Runtime.CompilerServices;
using Eros.Kernel.Machine;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Threads;
using Eros.Persistence.Base;

namespace Eros.Kernel.Processes;

/// <summary>Work for service threads. All of it with the gate closed, unless said otherwise.</summary>
public sealed class Services
{
    private const int NoUrgency = -1;
    internal const ulong NsPerMs = 1_000_000;

    /// <summary>How often more the same one is first when there is room again.</summary>
    private const int RoomTurns = 4;

    private readonly Kernel _kernel;
    private readonly Scheduler _scheduler;
    private int _loadUrgency = NoUrgency;
    private int _checkpointUrgency = NoUrgency;

    // Who is first when there is room, and how often yet.
    private int _firstForRoom;
    private int _roomTurnsLeft;

    public Services(Kernel kernel)
    {
        _kernel = kernel;
        _scheduler = kernel.Scheduler;
        LoadDue = new Event(_scheduler, kernel.Processor);
        CheckpointDue = new Event(_scheduler, kernel.Processor);
        ConsoleDue = new Event(_scheduler, kernel.Processor);
    }

    /// <summary>An activity waits for a frame: <see cref="Next"/>; or few physical frames are free.</summary>
    public Event LoadDue { get; }

    /// <summary>The checkpointer has work: a checkpoint, a page for the journal, or the disk to look at.</summary>
    public Event CheckpointDue { get; }

    /// <summary>When the next checkpoint is to be made: 0 when it was asked for, or room is short.</summary>
    public ulong NextCheckpointNs { get; set; } = Clock.Never;

    /// <summary>When the disk is to be looked at again: 0 when nobody more urgent wants the processor.</summary>
    public ulong NextScrubNs { get; set; } = 1;

    /// <summary>The terminal has output, or input to tell of.</summary>
    public Event ConsoleDue { get; }

    /// <summary>The thread that serves LoadDue. Set at boot.</summary>
    public KernelThread? Pager { get; set; }

    /// <summary>The thread that serves CheckpointDue. Set at boot.</summary>
    public KernelThread? Checkpointer { get; set; }

    /// <summary>The time to the next checkpoint is counted from now on.</summary>
    public void BeginInterval()
    {
        ulong interval = _kernel.Checkpoints.IntervalMs * NsPerMs;
        NextCheckpointNs = interval == 0 ? Clock.Never : _kernel.Clock.Now + interval;
    }

    /// <summary>The same after a change of the interval, unless one is asked for already.</summary>
    public void ChangeInterval()
    {
        if (NextCheckpointNs != 0)
        {
            BeginInterval();
            CheckpointDue.Signal();
        }
    }

    /// <summary>Has a checkpoint made.</summary>
    public void AskCheckpoint()
    {
        NextCheckpointNs = 0;
        CheckpointDue.Signal();
    }

    /// <summary>An activity of this urgency has begun to wait.</summary>
    public void Await(StallReason reason, int urgency)
    {
        if (reason == StallReason.Load)
        {
            _loadUrgency = Lend(Pager, urgency > _loadUrgency ? urgency : _loadUrgency);
            LoadDue.Signal();
        }
        else if (reason is >= StallReason.Space and <= StallReason.Settled)
        {
            _checkpointUrgency = Lend(Checkpointer, urgency > _checkpointUrgency ? urgency : _checkpointUrgency);
            CheckpointDue.Signal();
        }
    }

    /// <summary>
    /// The frame that the most urgent activity waits for, which is told <paramref name="what"/> of it when it is woken.
    /// False: nobody waits for any. Closes the gate itself.
    /// </summary>
    public bool Next(StallReason reason, ActivityFlags what, out ulong frame)
    {
        frame = 0;
        _kernel.Processor.Close();
        int activity = _kernel.Stalls.MostUrgent(reason, reason);
        bool isWanted = activity != ActivityTable.None;
        if (isWanted)
        {
            ref Activity record = ref _kernel.Activities[activity];
            record.Flags |= what;
            frame = record.Key;
        }

        _kernel.Processor.Open();
        return isWanted;
    }

    /// <summary>The pager's work on a frame has ended; if it could not be read, those who wait are told so, or wait for
    /// memory.</summary>
    public void Loaded(ulong frame, Outcome outcome)
    {
        _kernel.Stalls.Loaded(frame, outcome);
        _loadUrgency = Lend(Pager, Urgency(StallReason.Load, StallReason.Load));
        if (outcome == Outcome.NoMemory)
        {
            LendToCheckpointer();
        }
    }

    /// <summary>
    /// There may be room again for what is dirty. Of those who wait for it and are as urgent, one runs first, for some
    /// times, then another: they could take it from each other without end.
    /// </summary>
    public void WakeForRoom()
    {
        StallQueues stalls = _kernel.Stalls;
        int behind = _roomTurnsLeft > 0 ? _firstForRoom - 1 : _firstForRoom;
        int first = stalls.MostUrgent(StallReason.Space, StallReason.Space, behind);
        if (first != ActivityTable.None)
        {
            _roomTurnsLeft = first == _firstForRoom && _roomTurnsLeft > 0 ? _roomTurnsLeft - 1 : RoomTurns;

            // The last to be woken runs first.
            _firstForRoom = first;
            stalls.Remove(first);
            stalls.Stall(first, StallReason.Space, 0);
        }

        Wake(StallReason.Space);
    }

    /// <summary>What some wait for from the checkpointer is there.</summary>
    public void Wake(StallReason reason, ulong key = 0)
    {
        _kernel.Stalls.WakeAll(reason, key);
        LendToCheckpointer();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LendToCheckpointer() =>
        _checkpointUrgency = Lend(Checkpointer, Urgency(StallReason.Space, StallReason.Settled));

    private int Urgency(StallReason first, StallReason last)
    {
        int activity = _kernel.Stalls.MostUrgent(first, last);
        return activity == ActivityTable.None ? NoUrgency : _scheduler.UrgencyOf(activity);
    }

    private int Lend(KernelThread? thread, int urgency)
    {
        if (thread != null)
        {
            _scheduler.SetUrgency(thread, urgency);
        }

        return urgency;
    }
}
