using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model;

/// <summary>
/// Promised time. A ring is a priority, or, from <see cref="Limits.Priorities"/> on, a reserve. Time is counted as it
/// passes, so that there is nothing to catch up with.
/// </summary>
internal sealed class ModelReserves(ModelWorld world)
{
    /// <summary>The level of who has time left: above service threads that are far behind, and they above all others.
    /// </summary>
    public const int Reserved = Limits.Priorities + 1;

    private const decimal WholeShare = 1000;
    private readonly Dictionary<int, One> _all = [];

    /// <summary>The ring whose time passes, if it is a reserve's.</summary>
    public int? Running { get; private set; }

    /// <summary>Period, time in each, time used; nothing of one that there is not.</summary>
    public (ulong Period, ulong Duration, ulong Used) this[int number] =>
        _all.TryGetValue(number, out One? one) ? (one.Period, one.Duration, one.Used) : default;

    /// <summary>When its period ends, and what is left in it.</summary>
    public (ulong End, long Left)? StandOf(int number) =>
        _all.TryGetValue(number, out One? one) ? (one.End, one.Left) : null;

    public int RingOf(in Capability schedule)
    {
        if (schedule.Type != CapabilityType.Schedule)
        {
            return 0;
        }

        var number = (int)(schedule.Data >> 8) - 1;
        bool hasReserve = _all.TryGetValue(number, out One? one) && one.Version == schedule.Version;
        return hasReserve
            ? Limits.Priorities + number
            : Math.Min((int)schedule.Data & 0xFF, Limits.Priorities - 1);
    }

    /// <summary>The level of a ring, and (negative) the end of the period of one with time left: more is first.
    /// </summary>
    public (int Level, decimal Order) RankOf(int ring)
    {
        if (ring < Limits.Priorities)
        {
            return (ring, 0);
        }

        One one = _all[ring - Limits.Priorities];
        return one.Left > 0 ? (Reserved, -(decimal)one.End) : (one.Priority, 0);
    }

    public Result Install(ulong name, ulong period, ulong duration)
    {
        var number = (int)(name & 0xFF);
        var priority = (uint)name >> 8;
        if (number >= 16
            || priority > 31
            || period < 1_000_000
            || period > 1_000_000_000
            || duration < 100_000
            || duration > period)
        {
            return Result.BadArgument;
        }

        decimal others = _all.Where(one => one.Key != number).Sum(one => one.Value.Share);
        var share = Math.Ceiling(duration * WholeShare / period);
        if (others + share > 690)
        {
            return Result.LimitReached;
        }

        Remove(number);
        _all[number] = new One
        {
            Version = (uint)(name >> 32),
            Priority = (int)priority,
            Period = period,
            Duration = duration,
            Share = share,
            End = world.Now + period,
            Left = (long)duration,
        };
        return Result.Ok;
    }

    public bool Remove(int number)
    {
        if (number is < 0 or >= 16)
        {
            return false;
        }

        _all.Remove(number);
        Running = Running == Limits.Priorities + number ? null : Running;
        return true;
    }

    /// <summary>An activity comes into its ring, or to the processor without having been there.</summary>
    public void Begin(int ring)
    {
        bool isFirst = ring != Running
            && !world.Frames.Any(frame => frame.State == ActivityState.Ready && frame.Ring == ring);
        if (!isFirst || !_all.TryGetValue(ring - Limits.Priorities, out One? one) || one.Left <= 0)
        {
            return;
        }

        // Has it more left than its part of what is left of the period?
        bool hasMore = one.End <= world.Now
            || (decimal)one.Left / one.Duration > (decimal)(one.End - world.Now) / one.Period;
        if (hasMore)
        {
            one.End = world.Now + one.Period;
            one.Left = (long)one.Duration;
        }
    }

    /// <summary>From now on the time of this ring passes.</summary>
    public void Run(int? ring) =>
        Running = ring is { } one && one >= Limits.Priorities && RankOf(one).Level == Reserved ? one : null;

    /// <summary>Time has passed.</summary>
    public void Pass(ulong elapsed, ulong now)
    {
        if (Running is { } ring)
        {
            One one = _all[ring - Limits.Priorities];
            one.Used += elapsed;
            one.Left -= (long)elapsed;
            Run(ring);
        }

        foreach (One one in _all.Values.Where(one => one.Left <= 0 && one.End <= now))
        {
            one.Left += (long)one.Duration;
            one.End = one.End + one.Period > now ? one.End + one.Period : now + one.Period;
        }
    }

    private sealed class One
    {
        public required uint Version { get; init; }

        public required int Priority { get; init; }

        public required ulong Period { get; init; }

        public required ulong Duration { get; init; }

        public required decimal Share { get; init; }

        public required ulong End { get; set; }

        public required long Left { get; set; }

        public ulong Used { get; set; }
    }
}
