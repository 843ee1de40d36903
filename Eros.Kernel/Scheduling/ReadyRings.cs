// ReadyRings: the activities that are ready, one ring for each priority, first come first served.
//
// The rings are lists of the activity table; while an activity is ready its Key is the count at which it went to the
// end of its ring, so that activities and kernel threads of one priority can be put in one order.
//
// Invariant R1: bit p of _mask is set exactly when ring p is not empty, and every activity in it has State Ready and
// Priority p.

using System.Numerics;
using Eros.Kernel.Processes;

namespace Eros.Kernel.Scheduling;

/// <summary>Ready activities by priority.</summary>
internal sealed class ReadyRings(ActivityTable activities)
{
    private readonly ActivityTable _activities = activities;
    private uint _mask;

    /// <summary>The highest priority of a ready activity, -1 when none is ready.</summary>
    public int Highest => 31 - BitOperations.LeadingZeroCount(_mask);

    /// <summary>The activity that is next at <paramref name="priority"/>; the ring is not empty.</summary>
    public int First(int priority) => _activities[ActivityTable.Ring(priority)].Next;

    /// <summary>Puts an activity, which is in no list, at the end of its ring.</summary>
    public void Append(int activity, ulong count)
    {
        ref Activity record = ref _activities[activity];
        record.Key = count;
        Link(activity, _activities[ActivityTable.Ring(record.Priority)].Previous);
    }

    /// <summary>Puts an activity, which is in no list, back at the head of its ring.</summary>
    public void Prepend(int activity) => Link(activity, ActivityTable.Ring(_activities[activity].Priority));

    /// <summary>Takes a ready activity out.</summary>
    public void Remove(int activity)
    {
        int priority = _activities[activity].Priority;
        int ring = ActivityTable.Ring(priority);
        _activities.Unlink(activity);
        if (_activities[ring].Next == ring)
        {
            _mask &= ~(1u << priority);
        }
    }

    private void Link(int activity, int previous)
    {
        ref Activity record = ref _activities[activity];
        record.State = ActivityState.Ready;
        _mask |= 1u << record.Priority;
        _activities.Link(activity, previous);
    }
}
