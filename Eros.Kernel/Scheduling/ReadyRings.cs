// ReadyRings: the activities that are ready, first come first served: one ring for each priority, and one for each
// reserve, whose level changes.
//
// The rings are lists of the activity table; while an activity is ready its Key is the count at which it went to the
// end of its ring, so that activities and kernel threads of one level can be put in one order.
//
// Invariant R1: bit r of _mask is set exactly when ring r is not empty, and every activity in it has State Ready and
// Ring r.

using System.Numerics;
using System.Runtime.CompilerServices;
using Eros.Kernel.Processes;

namespace Eros.Kernel.Scheduling;

/// <summary>Ready activities by priority and reserve.</summary>
internal sealed class ReadyRings(ActivityTable activities, Reserves reserves)
{
    /// <summary>No ring, of level -1.</summary>
    public const int None = -1;

    private readonly ActivityTable _activities = activities;
    private readonly Reserves _reserves = reserves;
    private ulong _mask;

    /// <summary>The ring of what is next, or None, and its level.</summary>
    public int FindBest(out int level)
    {
        int best = 31 - BitOperations.LeadingZeroCount((uint)_mask);
        level = best;
        ulong rest = _mask >> Limits.Priorities;
        return rest == 0 ? best : FindBest(best, rest, ref level);
    }

    public bool IsEmpty(int ring) => (_mask >> ring & 1) == 0;

    /// <summary>The activity that is next of a ring, which is not empty.</summary>
    public int First(int ring) => _activities[ActivityTable.Ring(ring)].Next;

    /// <summary>Puts an activity, which is in no list, at the end of its ring.</summary>
    public void Append(int activity, ulong count)
    {
        ref Activity record = ref _activities[activity];
        record.Key = count;
        Link(activity, _activities[ActivityTable.Ring(record.Ring)].Previous);
    }

    /// <summary>Puts an activity, which is in no list, back at the head of its ring.</summary>
    public void Prepend(int activity) => Link(activity, ActivityTable.Ring(_activities[activity].Ring));

    /// <summary>Takes a ready activity out.</summary>
    public void Remove(int activity)
    {
        int number = _activities[activity].Ring;
        int ring = ActivityTable.Ring(number);
        _activities.Unlink(activity);
        if (_activities[ring].Next == ring)
        {
            _mask &= ~(1UL << number);
        }
    }

    /// <summary>The same with the rings of reserves.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FindBest(int best, ulong rest, ref int level)
    {
        for (; rest != 0; rest &= rest - 1)
        {
            int ring = Limits.Priorities + BitOperations.TrailingZeroCount(rest);
            int other = _reserves.LevelOf(ring);
            if (other > level || (other == level && OrderOf(ring, level) < OrderOf(best, level)))
            {
                best = ring;
                level = other;
            }
        }

        return best;
    }

    /// <summary>Of rings of one level the one goes first that has less.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong OrderOf(int ring, int level) =>
        level == Scheduler.Reserved ? _reserves.EndOf(ring) : _activities[First(ring)].Key;

    private void Link(int activity, int previous)
    {
        ref Activity record = ref _activities[activity];
        record.State = ActivityState.Ready;
        _mask |= 1UL << record.Ring;
        _activities.Link(activity, previous);
    }
}
