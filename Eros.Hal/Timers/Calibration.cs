// Calibration: how fast the time stamp counter and the local APIC's timer run, measured against the 8254.
//
// Three measurements of 10 ms; the middle one counts, so that one disturbance (a host that runs something else)
// does no harm.

using System.Runtime.CompilerServices;
using Eros.Hal.Interrupts;
using Eros.Hal.X64;

namespace Eros.Hal.Timers;

/// <summary>The two frequencies, Hz. 0 when the 8254 does not count.</summary>
public readonly struct Calibration
{
    private const ushort Periods = 11932;

    private Calibration(ulong timestampTicks, ulong apicTicks)
    {
        TimestampHz = ToHz(timestampTicks);
        ApicHz = ToHz(apicTicks);
    }

    public ulong TimestampHz { get; }

    public ulong ApicHz { get; }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Calibration Measure(LocalApic apic)
    {
        (ulong timestamp0, ulong apic0) = MeasureOnce(apic);
        (ulong timestamp1, ulong apic1) = MeasureOnce(apic);
        (ulong timestamp2, ulong apic2) = MeasureOnce(apic);
        return new Calibration(Middle(timestamp0, timestamp1, timestamp2), Middle(apic0, apic1, apic2));
    }

    /// <summary>The middle one of three numbers.</summary>
    public static ulong Middle(ulong a, ulong b, ulong c)
    {
        (ulong low, ulong high) = a < b ? (a, b) : (b, a);
        return c < low ? low : c > high ? high : c;
    }

    private static ulong ToHz(ulong ticks) => ticks * IntervalTimer.Hz / (Periods + 1);

    private static (ulong Timestamp, ulong Apic) MeasureOnce(LocalApic apic)
    {
        apic.StartMaskedTimer(uint.MaxValue);
        IntervalTimer.Start(Periods);
        ulong timestamp = Native.Timestamp();
        uint count = apic.TimerCount;
        if (!IntervalTimer.Wait())
        {
            return default;
        }

        return (Native.Timestamp() - timestamp, count - apic.TimerCount);
    }
}
