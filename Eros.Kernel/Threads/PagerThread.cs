// PagerThread: brings frames into memory that activities wait for, the most urgent first. It inherits their urgency.
//
// It is the only thread that loads. So it is also the ageing daemon, that has frames leave when memory is short: no
// tag block leaves between a load's two steps. And it is the one that tells those who listen, to the terminal and to
// interrupt lines: their processes may have to be loaded first.

using Eros.Kernel.Processes;
using Eros.Persistence.Base;
using Eros.Persistence.Store;

namespace Eros.Kernel.Threads;

/// <summary>Loads what is waited for, and makes room for it.</summary>
public sealed class PagerThread(Kernel kernel, SingleLevelStore store) : KernelThread("pager", OwnPriority, true)
{
    private const int OwnPriority = 8;

    /// <summary>How long a listener that cannot be dirtied is left alone.</summary>
    private const ulong PauseNs = 10_000_000;

    /// <summary>Entries that the hand passes in one step with the gate closed.</summary>
    private const int Step = 16;

    /// <summary>How long others wait at a time for who is served alone to run.</summary>
    private const ulong TurnNs = 200_000;

    /// <summary>Loads, and waits for its turn, for which one is served alone: more than any invocation needs, and more
    /// than a quantum; but who computes when it has all that it needs is not waited for long.</summary>
    private const int Turns = 64;

    /// <summary>In place of an activity: who is served has yet to have its turn, or room.</summary>
    private const int Deferred = ActivityTable.None - 1;

    private readonly Kernel _kernel = kernel;
    private readonly SingleLevelStore _store = store;
    private int _served;
    private int _turnsLeft;

    public override void Run()
    {
        Event due = _kernel.Services.LoadDue;
        ulong pause = Machine.Clock.Never;
        while (true)
        {
            due.WaitUntil(pause == Machine.Clock.Never ? pause : _kernel.Clock.Now + pause);
            due.Reset();
            bool isTold;
            int activity;
            do
            {
                MakeRoom();
                isTold = TellListener();
                activity = Next(out ulong frame);
                if (activity >= 0)
                {
                    _ = _store.Load(frame);
                }
            }
            while (activity >= 0);

            pause = activity == Deferred ? TurnNs : isTold ? Machine.Clock.Never : PauseNs;
        }
    }

    /// <summary>
    /// The activity whose frame is loaded next, the most urgent; None; or Deferred. Where memory is short, one is
    /// served alone for a while, also while it waits for room for what is dirty: else many that need much at once could
    /// take the frames and that room from each other without end. Then others as urgent have their turn.
    /// </summary>
    private int Next(out ulong frame)
    {
        frame = 0;
        _kernel.Processor.Close();
        int activity = _kernel.Stalls.MostUrgent(StallReason.Load, StallReason.Load, _served);
        if (activity != ActivityTable.None)
        {
            ref Activity served = ref _kernel.Activities[_served];
            bool isAlone = _turnsLeft > 0 && _kernel.Frames.FreeFrames <= StoreLimits.EnoughFrames
                && _kernel.Scheduler.UrgencyOf(activity) <= _kernel.Scheduler.UrgencyOf(_served);
            if (isAlone && (served.State == ActivityState.Ready || served.Reason == StallReason.Space))
            {
                _turnsLeft--;
                activity = Deferred;
            }
            else if (isAlone && served.Reason == StallReason.Load)
            {
                _turnsLeft--;
                activity = _served;
            }
            else
            {
                _turnsLeft = Turns;
                _served = activity;
            }

            frame = _kernel.Activities[_served].Key;
        }

        _kernel.Processor.Open();
        return activity;
    }

    /// <summary>
    /// Where little memory is free, has frames leave until enough is, or the hand has been round twice: the first time
    /// it may have done nothing but mark. Where that was not enough, a checkpoint makes more of them clean.
    /// </summary>
    private void MakeRoom()
    {
        FrameTable frames = _kernel.Frames;
        if (frames.FreeFrames > StoreLimits.LowFrames)
        {
            return;
        }

        int free = frames.FreeFrames;
        for (int left = 2 * frames.Capacity; left > 0 && frames.FreeFrames < StoreLimits.EnoughFrames;)
        {
            _kernel.Processor.Close();
            left -= _kernel.Age(Step);
            _kernel.Processor.Open();
        }

        _kernel.Processor.Close();
        if (frames.FreeFrames > free)
        {
            _kernel.Services.WakeForRoom();
        }

        if (frames.FreeFrames < StoreLimits.EnoughFrames && frames.DirtyCount != 0)
        {
            _kernel.Services.AskCheckpoint();
        }

        _kernel.Processor.Open();
    }

    /// <summary>False: not yet, there is no room to dirty the listener.</summary>
    private bool TellListener()
    {
        ulong unreadable = ulong.MaxValue;
        while (true)
        {
            _kernel.Processor.Close();
            Outcome outcome = _kernel.TellListener(out ulong frame, unreadable);
            _kernel.Processor.Open();
            if (outcome != Outcome.Absent)
            {
                return outcome == Outcome.Ok;
            }

            outcome = _store.Load(frame);
            if (outcome == Outcome.NoMemory)
            {
                return false;
            }

            unreadable = outcome == Outcome.Ok ? ulong.MaxValue : frame;
        }
    }
}
