// ReserveManager: remembers the reserves of the processor's time, for the kernel forgets them at a restart: its watcher
// calls, and all are installed again. Who has a schedule with one notices nothing but that it is not served first for
// that moment.
//
// What is to stay in memory the kernel remembers itself: pins are only passed on, for who has a reserve.
//
// It says itself what can be promised: the kernel's table may be emptier than the book, just after a restart.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.ReserveManager;

/// <summary>Facets: who promises time; a reserve, whose badge is its number and version; the watcher's.</summary>
[Domain]
public sealed partial class ReserveManagerDomain : Domain, IReserves, IReserve, IRestartObserver
{
    /// <summary>Place of <see cref="IReserve"/> in the class's list.</summary>
    private const int ReserveFacet = 1;

    // A badge has 24 bits.
    private const int NumberBits = 4;
    private const uint LastVersion = (1 << 20) - 1;

    private const int PriorityShift = 8;
    private const int VersionShift = 32;
    private const ulong NsPerUs = 1000;

    private readonly ReserveBook _book = new(LastVersion);

    [Capability]
    internal partial IReserveGrant Grant { get; }

    /// <summary>This very process: it makes the reserves' facets.</summary>
    [Capability]
    internal partial IProcess Self { get; }

    private int BadgeNumber => (int)(Badge & (ReserveLimits.Count - 1));

    /// <inheritdoc/>
    public Result Create(
        uint periodUs, uint durationUs, uint priority, out uint number, out IReserve reserve, out ISchedule schedule)
    {
        schedule = ScheduleClient.Void;
        reserve = ReserveClient.Void;
        Result result = _book.Find(periodUs, durationUs, priority, out int found);
        number = (uint)found;
        if (result != Result.Ok)
        {
            return result;
        }

        // Until the book has it, the facet is void, and it costs nothing.
        ReserveEntry entry = new()
        {
            PeriodUs = periodUs,
            DurationUs = durationUs,
            Priority = priority,
            Version = _book[found].Version + 1,
        };
        result = Self.MakeStart(
            Message.Payload(ReserveFacet, number | (entry.Version << NumberBits)), out ICapability start);
        reserve = ReserveClient.Of(start);
        result = result == Result.Ok ? Install(found, entry, out schedule) : result;
        if (result == Result.Ok)
        {
            _book.Enter(found, entry);
        }

        return result;
    }

    /// <inheritdoc/>
    public Result Describe(uint number, out uint periodUs, out uint durationUs, out ulong usedUs)
    {
        (periodUs, durationUs, usedUs) = (0, 0, 0);
        if (number >= ReserveLimits.Count)
        {
            return Result.BadArgument;
        }

        ReserveEntry entry = _book[(int)number];
        if (!entry.IsTaken)
        {
            return Result.Ok;
        }

        (periodUs, durationUs) = (entry.PeriodUs, entry.DurationUs);
        Result result = Grant.Describe(number, out _, out _, out ulong usedNs);
        usedUs = usedNs / NsPerUs;
        return result;
    }

    /// <inheritdoc/>
    public Result Shares(out uint promised, out uint limit)
    {
        promised = _book.Promised;
        limit = ReserveLimits.Share;
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Describe(out uint periodUs, out uint durationUs, out ulong usedUs) =>
        Describe((uint)BadgeNumber, out periodUs, out durationUs, out usedUs);

    /// <inheritdoc/>
    public Result Destroy()
    {
        Result result = Grant.Remove((uint)BadgeNumber);
        if (result == Result.Ok)
        {
            _book.Remove(BadgeNumber);
        }

        return result;
    }

    /// <inheritdoc/>
    public Result Pin(ICapability thing) => Grant.Pin(thing, out _, out _);

    /// <inheritdoc/>
    public Result Unpin(ICapability thing) => Grant.Unpin(thing, out _, out _);

    /// <inheritdoc/>
    public Result Restarted()
    {
        Result result = Result.Ok;
        for (int number = 0; number < ReserveLimits.Count; number++)
        {
            if (_book[number].IsTaken)
            {
                Result installed = Install(number, _book[number], out ISchedule schedule);
                Capabilities.Release(schedule);
                result = installed == Result.Ok ? result : installed;
            }
        }

        return result;
    }

    /// <summary>Reserves that were destroyed are void.</summary>
    protected override bool Admits(Message message) =>
        message.Facet != ReserveFacet
            || _book.Has((int)(message.Badge & (ReserveLimits.Count - 1)), message.Badge >> NumberBits);

    private Result Install(int number, in ReserveEntry entry, out ISchedule schedule) => Grant.Install(
        (uint)number | (entry.Priority << PriorityShift) | ((ulong)entry.Version << VersionShift),
        entry.PeriodUs * NsPerUs,
        entry.DurationUs * NsPerUs,
        out schedule);
}
