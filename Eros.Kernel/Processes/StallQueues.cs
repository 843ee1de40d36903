// StallQueues: activities that wait with their process's program counter on the instruction that they will repeat.
//
// One hash table of lists, which go through the activity table, keyed by reason and key, first come first served.
// Whoever waits holds nothing. Waking wakes all that wait for the same thing, since what each of them does next is not
// known until it has done it (its space, its gate or its registers may have changed); those that lose the race stall
// again. Work is bounded by the limit on processes.

using System.Runtime.CompilerServices;
using Eros.Kernel.Scheduling;
using Eros.Persistence.Base;

namespace Eros.Kernel.Processes;

/// <summary>All stalled activities.</summary>
public sealed class StallQueues
{
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;
    private const int SpreadShift = 56;

    private const int AwaitedCounts = 256;

    private readonly ActivityTable _activities;
    private readonly Scheduler _scheduler;

    // How many wait for each reason: mostly none do, and then nobody is looked for.
    private readonly ushort[] _waiting = new ushort[(int)StallReason.ConsoleRoom + 1];

    public StallQueues(ActivityTable activities, Scheduler scheduler)
    {
        Fail.Unless(Limits.StallBuckets == 1 << (64 - SpreadShift), "stall buckets do not fit their hash"u8);
        _activities = activities;
        _scheduler = scheduler;
    }

    /// <summary>How many activities wait for a process to become Available, by the low byte of its home frame: the fast
    /// path leaves the return of one that may be waited for to the general path.</summary>
    public ushort[] Awaited { get; } = new ushort[AwaitedCounts];

    /// <summary>Adds an activity that is in no list.</summary>
    public void Stall(int activity, StallReason reason, ulong key)
    {
        ref Activity record = ref _activities[activity];
        record.State = ActivityState.Stalled;
        record.Reason = reason;
        record.Key = key;
        _waiting[(int)reason]++;
        _activities.Link(activity, _activities[Bucket(reason, key)].Previous);
        if (reason == StallReason.Available)
        {
            Awaited[(byte)key]++;
        }
    }

    /// <summary>Takes one out, whatever it waits for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Remove(int activity)
    {
        _activities.Unlink(activity);
        ref Activity record = ref _activities[activity];
        if (record.Reason == StallReason.Available)
        {
            Awaited[(byte)record.Key]--;
        }

        _waiting[(int)record.Reason]--;
        record.Reason = StallReason.None;
    }

    /// <summary>Makes everything ready that waits for this.</summary>
    public void WakeAll(StallReason reason, ulong key = 0) => Wake(reason, key, Outcome.Ok);

    /// <summary>
    /// The load of a frame has ended: everything that waits for it is made ready, and if it cannot be read told so.
    /// Where there was no memory, it waits for that from now on: nothing is wrong with the frame.
    /// </summary>
    public void Loaded(ulong frame, Outcome outcome) => Wake(StallReason.Load, frame, outcome);

    /// <summary>
    /// The most urgent activity that waits for one of these reasons, which follow one another, or None; among several,
    /// the first behind <paramref name="behind"/>.
    /// </summary>
    public int MostUrgent(StallReason first, StallReason last, int behind = ActivityTable.None)
    {
        int best = ActivityTable.None;
        int highest = -1;
        int unseen = 0;
        for (StallReason reason = first; reason <= last; reason++)
        {
            unseen += _waiting[(int)reason];
        }

        int i = behind;
        while (unseen > 0)
        {
            i = i + 1 < Limits.Processes ? i + 1 : 0;
            ref Activity record = ref _activities[i];
            if (record.State == ActivityState.Stalled
                && record.Reason >= first
                && record.Reason <= last)
            {
                unseen--;
                int urgency = _scheduler.UrgencyOf(i);
                if (urgency > highest)
                {
                    best = i;
                    highest = urgency;
                }
            }
        }

        return best;
    }

    private void Wake(StallReason reason, ulong key, Outcome outcome)
    {
        int bucket = Bucket(reason, key);
        int activity = _activities[bucket].Next;
        while (activity != bucket)
        {
            ref Activity record = ref _activities[activity];
            int next = record.Next;
            if (record.Reason == reason && record.Key == key)
            {
                Remove(activity);
                if (outcome == Outcome.NoMemory)
                {
                    Stall(activity, StallReason.Space, 0);
                }
                else
                {
                    record.Flags &= ~ActivityFlags.LoadFailed;
                    record.Flags |= outcome == Outcome.Ok ? ActivityFlags.None : ActivityFlags.LoadFailed;
                    record.ToldFrame = key;
                    _scheduler.Ready(activity, reason <= StallReason.Space);
                }
            }

            activity = next;
        }
    }

    private static int Bucket(StallReason reason, ulong key) =>
        ActivityTable.Bucket((int)(((key ^ ((ulong)reason << 48)) * Spread) >> SpreadShift));
}
