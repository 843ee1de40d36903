// Reserves: parts of the processor's time that are promised to whoever has a schedule capability with their number.
//
// A reserve has a time in each period. While some of it is left, its activities run before all priorities, and of
// several reserves that one goes first whose period ends first. When it is used up, they run at the priority beside it,
// which is not counted, until the end of the period gives the reserve new time. Whoever comes back after a pause begins
// a new period, unless what is left of the old one's time is no more than the reserve's share of what is left of the
// period: so a pause earns nothing. (A constant-bandwidth server, under earliest deadline first.)
//
// The shares of all reserves together are limited. So whoever has one, and begins, has had its time when the period
// ends; and all others have what is over.
//
// The table is not saved: the reserve manager, a domain, installs it again after a restart. A schedule capability is of
// a reserve while the table has its number with its version.
//
// Invariants
//  Q5 Of one reserve at most time is counted, and only while it has some left: Running is its ring, and an activity of
//     that ring is on the processor.
//  Q6 Share is the sum of the shares of all that are installed, and at most Limits.ReservedShare.

using System.Runtime.CompilerServices;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Scheduling;

/// <summary>One reserve. None is installed while the period is 0.</summary>
public struct Reserve
{
    public ulong PeriodNs;
    public ulong DurationNs;

    /// <summary>When the period ends.</summary>
    public ulong EndNs;

    /// <summary>What is left in this period: what was used beyond it is missing in the next.</summary>
    public long LeftNs;

    /// <summary>Used since it was installed.</summary>
    public ulong UsedNs;

    public uint Version;

    /// <summary>Thousandths of the processor.</summary>
    public uint Share;

    /// <summary>The level when nothing is left.</summary>
    public int Priority;
}

/// <summary>All reserves.</summary>
public sealed class Reserves
{
    /// <summary>The ring of no reserve.</summary>
    public const int None = -1;

    private const int NumberShift = 8;
    private const int VersionShift = 32;
    private const ulong Whole = 1000;

    private readonly Reserve[] _reserves = new Reserve[Limits.Reserves];

    /// <summary>Thousandths that are promised.</summary>
    public uint Share { get; private set; }

    /// <summary>The ring of the reserve whose time passes.</summary>
    public int Running { get; private set; } = None;

    /// <summary>Up to when it is counted.</summary>
    public ulong CountedNs { get; private set; }

    /// <summary>When the running one is used up, or the first of those that are used up has time again; ulong.MaxValue
    /// when nothing of that will happen.</summary>
    public ulong Next
    {
        get
        {
            ulong next = ulong.MaxValue;
            for (int i = 0; i < Limits.Reserves; i++)
            {
                ref Reserve reserve = ref _reserves[i];
                bool isRunning = Limits.Priorities + i == Running;
                if (reserve.PeriodNs != 0 && (isRunning || reserve.LeftNs <= 0))
                {
                    ulong time = isRunning ? CountedNs + (ulong)reserve.LeftNs : reserve.EndNs;
                    next = time < next ? time : next;
                }
            }

            return next;
        }
    }

    /// <summary>The ring of who has this schedule: its priority's, or its reserve's. The least priority's without a
    /// schedule.</summary>
    public byte RingOf(in Capability schedule)
    {
        uint data = schedule.Type == CapabilityType.Schedule ? schedule.Data : 0;
        if (data < Limits.Priorities)
        {
            return (byte)data;
        }

        uint number = (data >> NumberShift) - 1;
        if (number < Limits.Reserves)
        {
            ref Reserve reserve = ref _reserves[number];
            if (reserve.PeriodNs != 0 && reserve.Version == schedule.Version)
            {
                return (byte)(Limits.Priorities + number);
            }
        }

        uint priority = (byte)data;
        return (byte)(priority < Limits.Priorities ? priority : Limits.Priorities - 1);
    }

    /// <summary>The level of what is in a ring; -1 of none.</summary>
    public int LevelOf(int ring) => ring < Limits.Priorities ? ring : LevelOfReserve(ring);

    /// <summary>When the period of a ring's reserve ends.</summary>
    public ulong EndOf(int ring) => Of(ring).EndNs;

    /// <summary>Whether a reserve can be installed: what ReserveGrantOrder.Install answers.</summary>
    public Result Check(ulong name, ulong periodNs, ulong durationNs)
    {
        uint number = (byte)name;
        bool isSound = number < Limits.Reserves
            && (uint)name >> NumberShift < Limits.Priorities
            && periodNs is >= Limits.MinReservePeriodNs and <= Limits.MaxReservePeriodNs
            && durationNs >= Limits.MinReserveNs
            && durationNs <= periodNs;
        return !isSound ? Result.BadArgument
            : Share - _reserves[number].Share + ShareOf(periodNs, durationNs) > Limits.ReservedShare
                ? Result.LimitReached
                : Result.Ok;
    }

    /// <summary>Installs a reserve that has been checked, and gives a schedule with it.</summary>
    public Capability Install(ulong name, ulong periodNs, ulong durationNs, ulong now)
    {
        uint number = (byte)name;
        uint priority = (uint)name >> NumberShift;
        Remove((int)number);
        ref Reserve reserve = ref _reserves[number];
        reserve.PeriodNs = periodNs;
        reserve.DurationNs = durationNs;
        reserve.EndNs = now + periodNs;
        reserve.LeftNs = (long)durationNs;
        reserve.Version = (uint)(name >> VersionShift);
        reserve.Share = ShareOf(periodNs, durationNs);
        reserve.Priority = (int)priority;
        Share += reserve.Share;
        uint data = priority | ((number + 1) << NumberShift);
        return new Capability(CapabilityType.Schedule, default, reserve.Version, data);
    }

    /// <summary>Ends a reserve. Who is of its ring goes over to another at once (ProcessControl.FindRings).</summary>
    public void Remove(int number)
    {
        ref Reserve reserve = ref _reserves[number];
        Share -= reserve.Share;
        reserve = default;
        Running = Running == Limits.Priorities + number ? None : Running;
    }

    /// <summary>A reserve, by its number.</summary>
    public ref readonly Reserve this[int number] => ref _reserves[number];

    /// <summary>The first activity of a ring wants to run, after a time in which none did.</summary>
    public void Begin(int ring, ulong now)
    {
        ref Reserve reserve = ref Of(ring);
        if (reserve.LeftNs > 0
            && (now >= reserve.EndNs
                || (ulong)reserve.LeftNs * reserve.PeriodNs > (reserve.EndNs - now) * reserve.DurationNs))
        {
            reserve.EndNs = now + reserve.PeriodNs;
            reserve.LeftNs = (long)reserve.DurationNs;
        }
    }

    /// <summary>Counts the time until now, and whose passes from now on: that of a ring, if it has a reserve with time
    /// left.</summary>
    public void Run(int ring, ulong now)
    {
        if (Running != None)
        {
            ref Reserve reserve = ref Of(Running);
            ulong elapsed = now - CountedNs;
            reserve.UsedNs += elapsed;
            reserve.LeftNs -= (long)elapsed;
        }

        CountedNs = now;
        Running = ring >= Limits.Priorities && Of(ring).LeftNs > 0 ? ring : None;
    }

    /// <summary>Gives new time to all that are used up and whose period has ended.</summary>
    public void Refill(ulong now)
    {
        for (int i = 0; i < Limits.Reserves; i++)
        {
            ref Reserve reserve = ref _reserves[i];
            if (reserve.PeriodNs != 0 && reserve.LeftNs <= 0 && reserve.EndNs <= now)
            {
                reserve.LeftNs += (long)reserve.DurationNs;
                reserve.EndNs += reserve.PeriodNs;
                reserve.EndNs = reserve.EndNs > now ? reserve.EndNs : now + reserve.PeriodNs;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int LevelOfReserve(int ring)
    {
        ref Reserve reserve = ref Of(ring);
        return reserve.LeftNs > 0 ? Scheduler.Reserved : reserve.Priority;
    }

    private static uint ShareOf(ulong periodNs, ulong durationNs) =>
        (uint)((durationNs * Whole + periodNs - 1) / periodNs);

    private ref Reserve Of(int ring) => ref _reserves[ring - Limits.Priorities];
}
