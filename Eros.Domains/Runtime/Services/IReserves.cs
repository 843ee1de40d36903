using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>
/// The right to promise parts of the processor's time. A reserve has a time in each period, in which whoever has a
/// schedule with it runs before all priorities.
/// </summary>
public interface IReserves : ICapability
{
    /// <summary>
    /// Makes a reserve, and a schedule with it; when its time is used up, who has the schedule runs at the priority
    /// beside it. BadArgument: a period, a time or a priority that <see cref="ReserveLimits"/> does not allow.
    /// LimitReached: all numbers are taken, or all reserves would take more than is to be had together.
    /// </summary>
    [Order(1)]
    Result Create(
        uint periodUs, uint durationUs, uint priority, out uint number, out IReserve reserve, out ISchedule schedule);

    /// <summary>
    /// The reserve of a number: its period, its time in each, and what was used of that since it was made, or the
    /// machine was started, in microseconds. A period of 0: there is none. BadArgument beyond the last number.
    /// </summary>
    [Order(2)]
    Result Describe(uint number, out uint periodUs, out uint durationUs, out ulong usedUs);

    /// <summary>What all of them take together, and the most that they may, in thousandths of the time.</summary>
    [Order(3)]
    Result Shares(out uint promised, out uint limit);
}

/// <summary>One reserve: for who may end it, and have what it needs in time stay in memory.</summary>
public interface IReserve : ICapability
{
    /// <inheritdoc cref="IReserves.Describe"/>
    [Order(1)]
    Result Describe(out uint periodUs, out uint durationUs, out ulong usedUs);

    /// <summary>
    /// Ends it, and gives its number back. Who has a schedule with it goes on at the priority beside it; this
    /// capability is void.
    /// </summary>
    [Order(2)]
    Result Destroy();

    /// <summary>
    /// Has the frame that a page, node or process is in stay in memory, once it is there, power cuts or not; until that
    /// is taken back or an object of the frame ends. All reserves together may pin a twentieth of memory:
    /// LimitReached. BadArgument: no object, or gone.
    /// </summary>
    [Order(4)]
    Result Pin(ICapability thing);

    /// <summary>Takes that back, through whatever reserve it was asked for.</summary>
    [Order(5)]
    Result Unpin(ICapability thing);
}

/// <summary>What reserves there can be.</summary>
public static class ReserveLimits
{
    /// <summary>Reserves at one time; their numbers are below this.</summary>
    public const int Count = 16;

    /// <summary>What all together may take, in thousandths of the time.</summary>
    public const uint Share = 690;

    /// <summary>Shortest period.</summary>
    public const uint MinPeriodUs = 1000;

    /// <summary>Longest period.</summary>
    public const uint MaxPeriodUs = 1_000_000;

    /// <summary>Least time in a period; the most is the period.</summary>
    public const uint MinDurationUs = 100;

    /// <summary>Priorities are below this.</summary>
    public const uint Priorities = 32;

    /// <summary>Thousandths of the time that a reserve takes, rounded up.</summary>
    public static uint ShareOf(uint periodUs, uint durationUs) =>
        (uint)((durationUs * 1000UL + periodUs - 1) / periodUs);
}
