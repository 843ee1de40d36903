// StallQueues: activities that wait with their process's program counter on the instruction that they will repeat.
//
// One hash table of lists, keyed by reason and key, first come first served. Whoever waits holds nothing. Waking wakes
// all that wait for the same thing, since what each of them does next is not known until it has done it (its space, its
// gate or its registers may have changed); those that lose the race stall again. Work is bounded by the limit on
// processes.

using Eros.Kernel.Scheduling;
using Eros.Persistence.Base;

namespace Eros.Kernel.Processes;

/// <summary>All stalled activities.</summary>
public sealed class StallQueues
{
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;
    private const int SpreadShift = 56;

    private readonly ActivityTable _activities;
    private readonly Scheduler _scheduler;
    private readonly int[] _first = new int[Limits.StallBuckets];
    private readonly int[] _last = new int[Limits.StallBuckets];

    public StallQueues(ActivityTable activities, Scheduler scheduler, Fail fail)
    {
        fail.Unless(Limits.StallBuckets == 1 << (64 - SpreadShift), "stall buckets do not fit their hash"u8);
        _activities = activities;
        _scheduler = scheduler;
        for (int i = 0; i < Limits.StallBuckets; i++)
        {
            _first[i] = ActivityTable.None;
            _last[i] = ActivityTable.None;
        }
    }

    /// <summary>Adds an activity that is in no list.</summary>
    public void Stall(int activity, StallReason reason, ulong key)
    {
        ref Activity record = ref _activities[activity];
        int bucket = Bucket(reason, key);
        record.State = ActivityState.Stalled;
        record.Reason = reason;
        record.Key = key;
        record.Next = ActivityTable.None;
        record.Previous = _last[bucket];
        if (record.Previous == ActivityTable.None)
        {
            _first[bucket] = activity;
        }
        else
        {
            _activities[record.Previous].Next = activity;
        }

        _last[bucket] = activity;
    }

    /// <summary>Takes one out, whatever it waits for.</summary>
    public void Remove(int activity)
    {
        ref Activity record = ref _activities[activity];
        int bucket = Bucket(record.Reason, record.Key);
        if (record.Previous == ActivityTable.None)
        {
            _first[bucket] = record.Next;
        }
        else
        {
            _activities[record.Previous].Next = record.Next;
        }

        if (record.Next == ActivityTable.None)
        {
            _last[bucket] = record.Previous;
        }
        else
        {
            _activities[record.Next].Previous = record.Previous;
        }

        record.Reason = StallReason.None;
        record.Next = ActivityTable.None;
        record.Previous = ActivityTable.None;
    }

    /// <summary>Makes everything ready that waits for this.</summary>
    public void WakeAll(StallReason reason, ulong key = 0) => Wake(reason, key, ActivityFlags.None);

    /// <summary>Tells everything that waits for the frame that it cannot be read, and makes it ready.</summary>
    public void FailLoad(ulong frame) => Wake(StallReason.Load, frame, ActivityFlags.LoadFailed);

    /// <summary>
    /// False when nothing waits for this. May be true when something waits for another thing in the same bucket.
    /// </summary>
    public bool MayHold(StallReason reason, ulong key) => _first[Bucket(reason, key)] != ActivityTable.None;

    /// <summary>The most urgent activity that waits for this reason, whatever the key, or None.</summary>
    public int MostUrgent(StallReason reason)
    {
        int best = ActivityTable.None;
        for (int i = 0; i < Limits.Processes; i++)
        {
            ref Activity record = ref _activities[i];
            if (record.State == ActivityState.Stalled
                && record.Reason == reason
                && (best == ActivityTable.None || record.Priority > _activities[best].Priority))
            {
                best = i;
            }
        }

        return best;
    }

    private void Wake(StallReason reason, ulong key, ActivityFlags flags)
    {
        int activity = _first[Bucket(reason, key)];
        while (activity != ActivityTable.None)
        {
            ref Activity record = ref _activities[activity];
            int next = record.Next;
            if (record.Reason == reason && record.Key == key)
            {
                Remove(activity);
                record.Flags |= flags;
                record.FailedFrame = key;
                _scheduler.Ready(activity);
            }

            activity = next;
        }
    }

    private static int Bucket(StallReason reason, ulong key) =>
        (int)(((key ^ ((ulong)reason << 48)) * Spread) >> SpreadShift);
}
