// ReserverDomain: gives domains parts of the processor's time, and takes them away: a schedule with a reserve in a
// process's slot, instead of the one that was there, whose priority is the one beside the reserve. It holds the process
// capability of each domain and the right to promise time: so the owner's shell has it, and nobody else.

using System;
using System.Collections.Generic;
using System.Text;
using Eros.Domains.Runtime;
using Eros.Domains.Warden;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Reserver;

/// <summary>reserve [NAME PERIOD TIME | NAME none].</summary>
[Domain]
public sealed partial class ReserverDomain : Domain, IProgram
{
    private const ulong NsPerUs = 1000;

    private const string Usage = """
        usage: reserve                    what is promised, and what was used of it
               reserve NAME PERIOD TIME   promises a domain a time in each period: reserve spin 100ms 25ms
               reserve NAME none          takes that back

        """;

    // The domain's number, by the reserve's.
    private readonly Dictionary<uint, uint> _given = [];
    private CapabilityStore _places = null!;

    /// <summary>A process capability for each domain that is not private, by number.</summary>
    [Capability]
    internal partial INode Processes { get; }

    /// <summary>A <see cref="DomainRecord"/> for each domain, by number.</summary>
    [Capability]
    internal partial MappedPage Records { get; }

    [Capability]
    internal partial IReserves Reserves { get; }

    [Capability]
    internal partial IDiscrim Discrim { get; }

    [Capability]
    internal partial ISleep Sleep { get; }

    /// <summary>Where reserves are kept, and the schedules that were there before: under twice the reserve's number,
    /// and one more.</summary>
    [Capability]
    internal partial INode Places { get; }

    /// <inheritdoc/>
    public Result Run(string arguments, out string output)
    {
        string[] words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        StringBuilder text = new();
        Result result = words.Length switch
        {
            0 => List(text),
            2 when words[1] == "none" => TakeBack(words[0], text),
            3 => Give(words[0], words[1], words[2], text),
            _ => Result.BadArgument,
        };
        output = result != Result.Ok && text.Length == 0 ? Usage : text.ToString();
        return result;
    }

    protected override void Main() =>
        _places = new CapabilityStore(Places, SpaceBankClient.At(CapabilityRegisters.Bank));

    private Result List(StringBuilder text)
    {
        for (uint number = 0; number < ReserveLimits.Count; number++)
        {
            Result result = Reserves.Describe(number, out uint period, out uint duration, out ulong used);
            if (result != Result.Ok)
            {
                return Say(text, $"reserve {number}: {ResultText.Of(result)}", result);
            }

            if (period != 0)
            {
                bool isOurs = _given.TryGetValue(number, out uint domain);
                string name = isOurs ? new DomainRecords(Records)[domain].Name : "-";
                string times = $"{TimeText.Of(duration)} in {TimeText.Of(period)}";
                text.Append($"{number,2} {name,-16} {times,-16} used {TimeText.Seconds(used)}\n");
            }
        }

        Reserves.Shares(out uint promised, out uint limit);
        Sleep.Now(out ulong now, out _);
        string time = TimeText.Seconds(now / NsPerUs);
        return Say(text, $"promised: {promised} thousandths of {limit}; the machine's time: {time}", Result.Ok);
    }

    private Result Give(string name, string periodText, string durationText, StringBuilder text)
    {
        if (!TryFind(name, text, out uint domain)
            || !TryTime(periodText, text, out uint period)
            || !TryTime(durationText, text, out uint duration)
            || !AreSound(period, duration, text))
        {
            return Result.BadArgument;
        }

        if (TryReserveOf(domain, out uint had))
        {
            return Say(text, $"{name} has reserve {had}; reserve {name} none takes it back", Result.BadArgument);
        }

        Result result = ProcessOf(domain).FetchSlot(ProcessSlot.Schedule, out ICapability before);
        if (result != Result.Ok)
        {
            return Say(text, $"{name} is no more", result);
        }

        // What a process has there is invoked only when it is known to be the kernel's.
        if (Discrim.Classify(before, out uint found, out _) != Result.Ok || found != DiscrimClass.Schedule)
        {
            return Say(text, $"{name} does not run: it has no schedule", Result.BadArgument);
        }

        uint priority = Schedules.PriorityOf(before);
        result = Reserves.Create(
            period, duration, priority, out uint number, out IReserve reserve, out ISchedule schedule);
        if (result != Result.Ok)
        {
            return Say(text, Refusal(result, period, duration), result);
        }

        result = Equip(domain, number, reserve, schedule, before);
        if (result != Result.Ok)
        {
            reserve.Destroy();
            return Say(text, $"{name}: {ResultText.Of(result)}", result);
        }

        _given[number] = domain;
        string times = $"{TimeText.Of(duration)} in {TimeText.Of(period)}";
        return Say(text, $"{name}: {times}, and else priority {priority}", Result.Ok);
    }

    private Result Equip(uint domain, uint number, IReserve reserve, ISchedule schedule, ICapability before)
    {
        Result result = _places.Put(PlaceOf(number), reserve);
        result = result == Result.Ok ? _places.Put(PlaceOf(number) + 1, before) : result;
        return result == Result.Ok ? ProcessOf(domain).PutSlot(ProcessSlot.Schedule, schedule) : result;
    }

    // A domain that is no more has its reserve until then.
    private Result TakeBack(string name, StringBuilder text)
    {
        if (!TryFind(name, text, out uint domain))
        {
            return Result.BadArgument;
        }

        if (!TryReserveOf(domain, out uint number))
        {
            return Say(text, $"{name} has no reserve; reserve lists them", Result.BadArgument);
        }

        Result result = _places.Get(PlaceOf(number) + 1, out ICapability before);
        if (result != Result.Ok)
        {
            return Say(text, $"{name}: {ResultText.Of(result)}", result);
        }

        ProcessOf(domain).PutSlot(ProcessSlot.Schedule, before);
        Capabilities.Release(before);
        _places.Get(PlaceOf(number), out ICapability reserve);
        result = ReserveClient.Of(reserve).Destroy();
        if (result is not (Result.Ok or Result.VoidCapability))
        {
            return Say(text, $"{name}: {ResultText.Of(result)}", result);
        }

        _given.Remove(number);
        return Say(text, $"{name} has no reserve any more", Result.Ok);
    }

    private bool TryFind(string name, StringBuilder text, out uint domain)
    {
        Result result = new DomainRecords(Records).FindOpen(name, out domain, out string problem);
        text.Append(problem);
        return result == Result.Ok;
    }

    private static bool TryTime(string word, StringBuilder text, out uint us)
    {
        bool isTime = TimeText.TryParse(word, out us);
        if (!isTime)
        {
            Say(text, $"{word} is no time: a whole number of us, ms or s, as 25ms", Result.BadArgument);
        }

        return isTime;
    }

    private static bool AreSound(uint period, uint duration, StringBuilder text)
    {
        const uint MinPeriod = ReserveLimits.MinPeriodUs;
        const uint MaxPeriod = ReserveLimits.MaxPeriodUs;
        const uint MinDuration = ReserveLimits.MinDurationUs;
        if (period is < MinPeriod or > MaxPeriod)
        {
            Say(
                text,
                $"{TimeText.Of(period)} is no period: it can be {TimeText.Of(MinPeriod)} to {TimeText.Of(MaxPeriod)}",
                Result.BadArgument);
            return false;
        }

        if (duration < MinDuration || duration > period)
        {
            string possible = $"{TimeText.Of(MinDuration)} to the period, {TimeText.Of(period)}";
            Say(text, $"{TimeText.Of(duration)} is no time in a period: it can be {possible}", Result.BadArgument);
            return false;
        }

        return true;
    }

    private string Refusal(Result result, uint period, uint duration)
    {
        if (result != Result.LimitReached)
        {
            return "no reserve: " + ResultText.Of(result);
        }

        Reserves.Shares(out uint promised, out uint limit);
        uint share = ReserveLimits.ShareOf(period, duration);
        return promised + share > limit
            ? $"that is {share} thousandths of the time, and {limit - promised} of {limit} are left"
            : $"no reserve is left: there are {ReserveLimits.Count}";
    }

    private bool TryReserveOf(uint domain, out uint number)
    {
        foreach ((uint key, uint value) in _given)
        {
            if (value == domain)
            {
                number = key;
                return true;
            }
        }

        number = 0;
        return false;
    }

    private IProcess ProcessOf(uint domain)
    {
        Processes.Fetch(domain, out ICapability process);
        return ProcessClient.Of(process);
    }

    private static int PlaceOf(uint number) => 2 * (int)number;

    private static Result Say(StringBuilder text, string line, Result result)
    {
        text.Append(line).Append('\n');
        return result;
    }
}
