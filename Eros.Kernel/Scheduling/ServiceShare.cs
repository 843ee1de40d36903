// ServiceShare: the guaranteed share of the service threads, as credit.
//
// Credit grows with time, one nanosecond for every Divisor that pass, up to one quantum. While there is credit, service
// threads go before everything else, and what they run is taken from it. Without credit they are scheduled by their own
// urgency, and what they run then costs nothing. Since credit is looked at once a tick it may fall below zero by up to
// a tick, and is paid back first: so service threads that always want to run get 1 / Divisor of the time, and never
// more than that by this rule.

namespace Eros.Kernel.Scheduling;

/// <summary>Credit of the service threads, nanoseconds.</summary>
internal struct ServiceShare
{
    /// <summary>One part in so many: 12.5 %.</summary>
    private const int Divisor = 8;

    private long _credit;

    public readonly bool HasCredit => _credit > 0;

    public void Accrue(ulong elapsedNs)
    {
        long credit = _credit + (long)(elapsedNs / Divisor);
        _credit = credit < (long)Scheduler.QuantumNs ? credit : (long)Scheduler.QuantumNs;
    }

    public void Charge(ulong ranNs) => _credit -= (long)ranNs;
}
