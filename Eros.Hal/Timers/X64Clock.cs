// X64Clock: time from the time stamp counter, the alarm from the local APIC's timer.
//
//   now = time at which the clock was set + (time stamp - time stamp then), scaled
//
// The counter must run at one speed in all power states (as on every processor with AVX) and is that of the only
// processor.

using System;
using System.Runtime.CompilerServices;
using Eros.Hal.Interrupts;
using Eros.Hal.X64;
using Eros.Kernel.Machine;

namespace Eros.Hal.Timers;

/// <summary>The clock of this machine. It starts at 0; the store sets it when the volume's time is known.</summary>
public sealed class X64Clock(LocalApic apic, Calibration calibration) : Clock
{
    private readonly LocalApic _apic = apic;
    private readonly TimeScale _timestamps = new(calibration.TimestampHz);
    private readonly TimeScale _counts = new(calibration.ApicHz);
    private ulong _setAt = Native.Timestamp();
    private ulong _setTo;
    private ulong _alarm = Never;

    public override ulong Now
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get => _setTo + _timestamps.ToNanoseconds(Native.Timestamp() - _setAt);
    }

    public override void Set(ulong nowNs)
    {
        _setAt = Native.Timestamp();
        _setTo = nowNs;
    }

    public override void Arm(ulong deadlineNs)
    {
        _alarm = deadlineNs;
        if (deadlineNs == Never)
        {
            _apic.StartTimer(0);
            return;
        }

        // One count more, since both scales round down; a far deadline is reached in several steps.
        ulong now = Now;
        ulong counts = deadlineNs > now ? _counts.ToTicks(deadlineNs - now) + 1 : 1;
        _apic.StartTimer((uint)Math.Min(counts, uint.MaxValue));
    }

    /// <summary>The timer has interrupted: true when the alarm's time has come, else it has been set again.</summary>
    public bool HasExpired()
    {
        if (_alarm == Never)
        {
            return false;
        }

        if (Now < _alarm)
        {
            Arm(_alarm);
            return false;
        }

        _alarm = Never;
        return true;
    }
}
