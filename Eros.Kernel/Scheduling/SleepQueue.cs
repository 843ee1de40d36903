// SleepQueue: who wakes when. A binary heap of fixed size, ordered by time; each sleeper knows its place, so that it
// can be
// taken out. Sleepers are numbered: activities by their index, kernel threads by Limits.Processes + their index.
//
// Invariants
//  W1 _heap[(i - 1) / 2] wakes no later than _heap[i].
//  W2 _place[s] == i exactly when _heap[i] is sleeper s; -1 when s does not sleep.

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
    public ulong First => _count == 0 ? ulong.MaxValue : _time[_heap[0]];

    /// <summary>Adds a sleeper that does not sleep yet.</summary>
    public void Add(int sleeper, ulong time)
    {
        _time[sleeper] = time;
        Rise(sleeper, _count++);
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
            Sink(last, place);
            Rise(last, _place[last]);
        }
    }

    /// <summary>Takes out the first sleeper whose time is not after <paramref name="now"/>; -1 when there is
    /// none.</summary>
    public int TakeExpired(ulong now)
    {
        if (_count == 0 || _time[_heap[0]] > now)
        {
            return None;
        }

        int sleeper = _heap[0];
        Remove(sleeper);
        return sleeper;
    }

    private void Rise(int sleeper, int place)
    {
        while (place > 0)
        {
            int parent = (place - 1) >> 1;
            if (_time[_heap[parent]] <= _time[sleeper])
            {
                break;
            }

            Put(_heap[parent], place);
            place = parent;
        }

        Put(sleeper, place);
    }

    private void Sink(int sleeper, int place)
    {
        while (true)
        {
            int child = (place << 1) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && _time[_heap[child + 1]] < _time[_heap[child]])
            {
                child++;
            }

            if (_time[sleeper] <= _time[_heap[child]])
            {
                break;
            }

            Put(_heap[child], place);
            place = child;
        }

        Put(sleeper, place);
    }

    private void Put(int sleeper, int place)
    {
        _heap[place] = sleeper;
        _place[sleeper] = place;
    }
}
