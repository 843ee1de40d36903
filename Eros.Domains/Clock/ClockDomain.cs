// ClockDomain: the time of day. Within a boot it goes by the machine's time, which counts nanoseconds but not while the
// machine is off; at each boot it is set by the real-time clock, which does, but counts seconds.
//
//   now = _base + what the machine's time has gone on since _baseTime       in the boot of _boot
//   _base = _real + _correction, but no earlier than _last                  when another boot is noticed; _real is what
//                                                                           the real-time clock said then
//
// Set changes the correction and not the real-time clock: what else runs on the machine finds that as it was.
//
// Invariants
//  C1 What Now has answered is never more than what it answers later, unless Set was called in between: _last is the
//     latest that anybody was told.
//  C2 Time and boot are read together: what is told is of the boot that _base is of.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Clock;

/// <summary>Facets: who wants to know the time, and who says what it is.</summary>
[Domain]
public sealed partial class ClockDomain : Domain, IClock, IClockSetter
{
    private ulong _boot;
    private ulong _baseTime;
    private ulong _base;
    private ulong _last;
    private ulong _real;
    private long _correction;
    private bool _isKnown;
    private bool _hasRealTime;

    [Capability]
    internal partial ISleep Sleep { get; }

    [Capability]
    internal partial IRealTimeClock RealTime { get; }

    private static ulong LastTicks { get; } = new UtcTime(UtcTime.LastYear, 12, 31, 23, 59, 59).Ticks;

    /// <inheritdoc/>
    public Result Now(out ulong ticks)
    {
        ticks = At(MachineTime());
        _last = ticks;
        return _isKnown ? Result.Ok : Clocks.Unknown;
    }

    /// <inheritdoc/>
    public Result WhenIs(ulong ticks, out ulong time)
    {
        ulong now = MachineTime();
        ulong left = ticks > At(now) ? ticks - At(now) : 0;
        time = left < (ulong.MaxValue - now) / UtcTime.NsPerTick ? now + left * UtcTime.NsPerTick : ulong.MaxValue;
        return _isKnown ? Result.Ok : Clocks.Unknown;
    }

    /// <inheritdoc/>
    public Result Set(ulong ticks)
    {
        if (ticks > LastTicks)
        {
            return Result.BadArgument;
        }

        ulong now = MachineTime();
        _real += (now - _baseTime) / UtcTime.NsPerTick;
        _correction = _hasRealTime ? (long)(ticks - _real) : 0;
        _baseTime = now;
        _base = ticks;
        _last = ticks;
        _isKnown = true;
        return Result.Ok;
    }

    private ulong At(ulong machineTime) => _base + (machineTime - _baseTime) / UtcTime.NsPerTick;

    /// <summary>The machine's time, in a boot whose time of day is known if it can be.</summary>
    private ulong MachineTime()
    {
        Sleep.Now(out ulong time, out ulong boot);
        while (boot != _boot)
        {
            Begin(time, boot);
            Sleep.Now(out time, out boot);
        }

        return time;
    }

    // Where there is no real-time clock to be read, the time goes on from the latest that was told.
    private void Begin(ulong time, ulong boot)
    {
        _hasRealTime = RealTime.Read(out ulong seconds) == Result.Ok;
        _real = seconds * UtcTime.TicksPerSecond;
        _isKnown |= _hasRealTime;
        ulong corrected = _real + (ulong)_correction;
        _base = _hasRealTime && corrected > _last ? corrected : _last;
        _baseTime = time;
        _boot = boot;
    }
}
