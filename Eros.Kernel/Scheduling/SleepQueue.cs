// SleepQueue: who wakes when. A binary heap of fixed size, ordered by time; each sleeper knows its place, so that it
// can be taken out. Sleepers are numbered: activities by their index, kernel threads by Limits.Processes + their index.
//
// Invariants
//  W1 _heap[(i - 1) / 2] wakes no later than _heap[i].
//  W2 _place[s] == i exactly when _heap[i] is sleeper s; -1 when s does not sleep.

using System.Runtime.CompilerServices;

namespace Eros.Kernel.Scheduling;

/// <summary>Sleepers by the time at which they wake.</summary>
public sealed class SleepQueue
{
    private const int None = -1;

    private readonly int[] _heap;
    private readonly int[] _place;
    private readonly ulong[] _time;
    private int _count;

    public SleepQueue(int sleepers)
    {
        _heap = new int[sleepers];
        _place = new int[sleepers];
        _time = new ulong[sleepers];
        for (int i = 0; i < sleepers; i++)
        {
            _place[i] = None;
        }
    }

    public int Count => _count;

    /// <summary>The time at which the first sleeper wakes, ulong.MaxValue when nobody sleeps.</summary>
    public ulong First => _count == 0 ? ulong.MaxValue : TimeAt(0);

    /// <summary>Adds a sleeper that does not sleep yet.</summary>
    public void Add(int sleeper, ulong time)
    {
        _time[sleeper] = time;
        Settle(sleeper, _count++);
    }

    /// <summary>Takes a sleeper out; nothing happens when it does not sleep.</summary>
    public void Remove(int sleeper)
    {
        int place = _place[sleeper];
        if (place == None)
        {
            return;
        }

        _place[sleeper] = None;
        int last = _heap[--_count];
        if (last != sleeper)
        {
            Settle(last, place);
        }
    }

    /// <summary>Takes out the first sleeper whose time is not after <paramref name="now"/>; -1 when there is
    /// none.</summary>
    public int TakeExpired(ulong now)
    {
        if (_count == 0 || TimeAt(0) > now)
        {
            return None;
        }

        int sleeper = _heap[0];
        Remove(sleeper);
        return sleeper;
    }

    /// <summary>Gives a sleeper, for whom there is a gap at <paramref name="place"/>, its place: the gap rises, or it
    /// sinks.</summary>
    private void Settle(int sleeper, int place)
    {
        ulong time = _time[sleeper];
        for (int parent = (place - 1) >> 1; place > 0 && TimeAt(parent) > time; parent = (place - 1) >> 1)
        {
            Put(_heap[parent], place);
            place = parent;
        }

        for (int child = (place << 1) + 1; child < _count; child = (place << 1) + 1)
        {
            if (child + 1 < _count && TimeAt(child + 1) < TimeAt(child))
            {
                child++;
            }

            if (TimeAt(child) >= time)
            {
                break;
            }

            Put(_heap[child], place);
            place = child;
        }

        Put(sleeper, place);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong TimeAt(int place) => _time[_heap[place]];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Put(int sleeper, int place)
    {
        _heap[place] = sleeper;
        _place[sleeper] = place;
    }
}
