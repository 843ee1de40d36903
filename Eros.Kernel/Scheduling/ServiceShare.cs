// ServiceShare: the guaranteed share of the service threads, by how far they are behind it.
//
// While one of them is ready and none runs they fall behind, by a nanosecond for every seven that pass, up to a
// quantum. Whatever they run, at whichever level, they catch up by. Since time is looked at once a tick, they can get
// ahead by as much, and no more. So service threads that always want to run get one eighth of the time at least; and
// who uses less than seven eighths himself never makes them fall behind for long.
//
// Behind, they go before everything but the most urgent level; far behind, before that too, until they have caught up.
// So nothing of the most urgent level waits for them while it leaves them their share, whatever the others do.

namespace Eros.Kernel.Scheduling;

/// <summary>How far the service threads are behind.</summary>
internal struct ServiceShare
{
    /// <summary>Parts of the time that the others get, for one of the service threads'.</summary>
    private const int Others = 7;

    /// <summary>What of the most urgent level may take at a stretch is seven times this.</summary>
    private const long FarNs = 2 * (long)Scheduler.TickNs;

    private long _behindNs;
    private ulong _since;
    private bool _runs;
    private bool _waits;

    /// <summary>The level that they have from their share; -1 when they are not behind.</summary>
    public int Level { get; private set; }

    /// <summary>True while one runs or waits, as was noted last.</summary>
    public readonly bool IsWanted => _runs | _waits;

    /// <summary>Counts the time since it was last called, and notes what is so from now on.</summary>
    public void Note(ulong now, bool runs, bool waits)
    {
        long elapsed = (long)(now - _since);
        _since = now;
        if (_runs)
        {
            _behindNs -= elapsed;
            _behindNs = _behindNs > -(long)Scheduler.TickNs ? _behindNs : -(long)Scheduler.TickNs;
        }
        else if (_waits)
        {
            _behindNs += elapsed / Others;
            _behindNs = _behindNs < (long)Scheduler.QuantumNs ? _behindNs : (long)Scheduler.QuantumNs;
        }

        (_runs, _waits) = (runs, waits);
        Level = _behindNs <= 0 ? -1
            : _behindNs >= FarNs || Level == Scheduler.AboveAll ? Scheduler.AboveAll : Scheduler.BelowMostUrgent;
    }
}
