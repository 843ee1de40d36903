// TimeScale: counter ticks to nanoseconds and back, as 64.32 fixed-point multiplications.
//
//   ns = ticks * (10^9 * 2^32 / hz) / 2^32      ticks = ns * (hz * 2^32 / 10^9) / 2^32
//
// Both factors are rounded down: time computed from ticks never runs ahead. The product is 128 bits wide and the
// result is cut to 64, enough for five hundred years in nanoseconds.

using System;
using System.Runtime.CompilerServices;

namespace Eros.Hal.Timers;

/// <summary>The ratio between a counter and the second.</summary>
public readonly struct TimeScale
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;
    private const int FractionBits = 32;

    private readonly ulong _nanosecondsPerTick;
    private readonly ulong _ticksPerNanosecond;

    /// <param name="hz">Ticks in a second, 1 to 2^36.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public TimeScale(ulong hz)
    {
        Hz = hz;
        _nanosecondsPerTick = Ratio(NanosecondsPerSecond, hz);
        _ticksPerNanosecond = Ratio(hz, NanosecondsPerSecond);
    }

    public ulong Hz { get; }

    public ulong ToNanoseconds(ulong ticks) => Scale(ticks, _nanosecondsPerTick);

    public ulong ToTicks(ulong nanoseconds) => Scale(nanoseconds, _ticksPerNanosecond);

    private static ulong Scale(ulong value, ulong factor)
    {
        ulong high = Math.BigMul(value, factor, out ulong low);
        return (high << (64 - FractionBits)) | (low >> FractionBits);
    }

    /// <summary>a * 2^32 / b, for a remainder of less than 32 bits.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Ratio(ulong a, ulong b) => ((a / b) << FractionBits) + ((a % b) << FractionBits) / b;
}
