using System;
using Eros.Persistence.Store;

namespace Eros.Tests.Crash;

/// <summary>
/// The power goes. Thrown through the store by the disk; nothing of the machine but the disk is used after it.
/// </summary>
public sealed class PowerCutException : Exception
{
}

/// <summary>
/// When the power goes: after some events in or after a phase. An event is a request to the disk or one block of it.
/// </summary>
public sealed class CutPlan(StorePhase phase, int events)
{
    private readonly StorePhase _phase = phase;
    private int _events = events;

    // Idle, with events to come: it is so from the start, and what happens on the disk is the journal's.
    private bool _isReached = phase == StorePhase.Idle && events > 0;

    /// <summary>Chooses evenly among the phases.</summary>
    public static CutPlan Choose(SeededRandom random)
    {
        var phase = (StorePhase)random.Below(5);
        int events = phase switch
        {
            StorePhase.Snapshot => 0,
            StorePhase.Idle => random.Chance(50) ? 0 : random.Below(60),
            StorePhase.Commit => random.Below(8),
            StorePhase.Stabilise => random.Below(90),
            _ => random.Below(170),
        };
        return new CutPlan(phase, events);
    }

    /// <summary>Another phase begins.</summary>
    public void Enter(StorePhase phase)
    {
        _isReached |= phase == _phase;
        if (_isReached && _events == 0)
        {
            throw new PowerCutException();
        }
    }

    /// <summary>Something happens on the disk.</summary>
    public void Count()
    {
        if (_isReached && _events-- <= 0)
        {
            throw new PowerCutException();
        }
    }
}
