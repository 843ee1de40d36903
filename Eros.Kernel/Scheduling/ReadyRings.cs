// ReadyRings: the activities that are ready, one ring for each priority, first come first served.
//
// Links are those of the activity record; while it is ready its Key is the count at which it went to the end of its
// ring, so
// that activities and kernel threads of one priority can be put in one order.
//
// Invariant R1: bit p of _mask is set exactly when ring p is not empty, and every activity in it has State Ready and
// Priority p.

using System.Numerics;
using Eros.Kernel.Processes;

namespace Eros.Kernel.Scheduling;

/// <summary>Ready activities by priority.</summary>
internal sealed class ReadyRings
{
    private const int None = ActivityTable.None;

    private readonly ActivityTable _activities;
    private readonly int[] _first = new int[Limits.Priorities];
    private readonly int[] _last = new int[Limits.Priorities];
    private uint _mask;

    public ReadyRings(ActivityTable activities)
    {
        _activities = activities;
        for (int i = 0; i < Limits.Priorities; i++)
        {
            _first[i] = None;
            _last[i] = None;
        }
    }

    /// <summary>The highest priority of a ready activity, -1 when none is ready.</summary>
    public int Highest => 31 - BitOperations.LeadingZeroCount(_mask);

    /// <summary>The activity that is next at <paramref name="priority"/>; the ring is not empty.</summary>
    public int First(int priority) => _first[priority];

    /// <summary>Puts an activity, which is in no list, at the end of its ring.</summary>
    public void Append(int activity, ulong count)
    {
        ref Activity record = ref _activities[activity];
        int priority = record.Priority;
        record.State = ActivityState.Ready;
        record.Key = count;
        Link(activity, _last[priority], None, priority);
    }

    /// <summary>Puts an activity, which is in no list, back at the head of its ring.</summary>
    public void Prepend(int activity)
    {
        ref Activity record = ref _activities[activity];
        int priority = record.Priority;
        record.State = ActivityState.Ready;
        Link(activity, None, _first[priority], priority);
    }

    /// <summary>Takes a ready activity out.</summary>
    public void Remove(int activity)
    {
        ref Activity record = ref _activities[activity];
        int priority = record.Priority;
        SetNext(record.Previous, record.Next, priority);
        SetPrevious(record.Next, record.Previous, priority);
        record.Next = None;
        record.Previous = None;
        if (_first[priority] == None)
        {
            _mask &= ~(1u << priority);
        }
    }

    private void Link(int activity, int previous, int next, int priority)
    {
        ref Activity record = ref _activities[activity];
        record.Previous = previous;
        record.Next = next;
        SetNext(previous, activity, priority);
        SetPrevious(next, activity, priority);
        _mask |= 1u << priority;
    }

    private void SetNext(int activity, int next, int priority)
    {
        if (activity == None)
        {
            _first[priority] = next;
        }
        else
        {
            _activities[activity].Next = next;
        }
    }

    private void SetPrevious(int activity, int previous, int priority)
    {
        if (activity == None)
        {
            _last[priority] = previous;
        }
        else
        {
            _activities[activity].Previous = previous;
        }
    }
}
