using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Scheduling;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.Unit.Scheduling;

/// <summary>Promised time. EROS_SEED begins the random ones elsewhere.</summary>
public sealed class ReserveTests
{
    private const ulong Ms = SchedulerRig.Ms;
    private const int MostUrgent = Limits.Priorities - 1;

    private static readonly int _seed =
        int.TryParse(Environment.GetEnvironmentVariable("EROS_SEED"), CultureInfo.InvariantCulture, out int given)
            ? given : 1;

    private SchedulerRig _rig = null!;

    private Reserves Reserves => _rig.Scheduler.Reserves;

    [SetUp]
    public void SetUp() => _rig = new SchedulerRig();

    [TearDown]
    public void TearDown() => _rig.Dispose();

    [Test]
    public void Who_has_a_reserve_has_its_time_before_the_most_urgent_and_no_more()
    {
        int promised = _rig.NewActivity(Install(0, 100, 25));
        int spinner = _rig.NewActivity(MostUrgent);
        _rig.Start();
        _rig.Processor.Compute(1000 * Ms);
        Assert.That(RanMs(promised), Is.EqualTo(250));
        Assert.That(RanMs(spinner), Is.EqualTo(750));
        Assert.That(Reserves[0].UsedNs, Is.EqualTo(250 * Ms));
    }

    [Test]
    public void What_is_used_up_runs_at_the_priority_beside_it_and_that_is_not_counted()
    {
        int promised = _rig.NewActivity(Install(0, 100, 25, priority: 5));
        int lesser = _rig.NewActivity(4);
        _rig.Start();
        _rig.Processor.Compute(1000 * Ms);
        Assert.That((RanMs(promised), RanMs(lesser)), Is.EqualTo((1000ul, 0ul)));
        Assert.That(Reserves[0].UsedNs, Is.EqualTo(250 * Ms));
    }

    [Test]
    public void Of_several_reserves_the_one_whose_period_ends_first_takes_the_processor()
    {
        int slow = _rig.NewActivity(Install(0, 100, 35));
        int quick = _rig.NewActivity(Install(1, 10, 3));
        _rig.NewActivity(MostUrgent);
        _rig.Start();
        for (ulong period = 1; period <= 30; period++)
        {
            _rig.Processor.Compute(10 * Ms);
            Assert.That(RanMs(quick), Is.EqualTo(3 * period), $"period {period}");
        }

        Assert.That(RanMs(slow), Is.EqualTo(3 * 35));
    }

    [Test]
    public void All_reserves_are_kept_whatever_they_are_together([Range(1, 20)] int round)
    {
        int seed = _seed + round;
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var all = new List<(int Number, ulong Period, ulong Duration)>();
        _rig.NewActivity(MostUrgent);
        _rig.NewThread("busy", 31, thread => thread.Compute(3000 * Ms), isService: true);
        for (int number = 0; number < Limits.Reserves; number++)
        {
            ulong period = (ulong)random.Next(1_000_000, 60_000_000);
            ulong duration = Math.Max(Limits.MinReserveNs, period * (ulong)random.Next(1, 300) / 1000);
            if (Reserves.Check((ulong)number, period, duration) == Result.Ok)
            {
                Reserves.Install((ulong)number, period, duration, 0);
                _rig.NewActivity(Limits.Priorities + number);
                all.Add((number, period, duration));
            }
        }

        _rig.Start();
        for (ulong now = 0; now < 600; now += 30)
        {
            _rig.Processor.Compute(30 * Ms);
            foreach ((int number, ulong period, ulong duration) in all)
            {
                ulong promised = _rig.Clock.Time / period * duration;
                ulong used = Reserves[number].UsedNs;
                Assert.That(used, Is.InRange(promised - Math.Min(promised, 1), promised + duration),
                    $"seed {seed}, at {_rig.Clock.Time}: {duration} of {period}");
            }
        }
    }

    [Test]
    public void A_pause_earns_nothing([Range(1, 20)] int round)
    {
        int seed = _seed + round;
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        int promised = _rig.NewActivity(Install(0, 20, 5));
        _rig.NewActivity(MostUrgent);
        _rig.Start();
        ulong worst = 0;
        var used = new List<(ulong At, ulong Used)> { (0, 0) };
        for (int i = 0; i < 300; i++)
        {
            _rig.Processor.Compute((ulong)random.Next(1, 9_000_000));
            if (_rig.Scheduler.Current == promised && random.Next(2) == 0)
            {
                ulong until = _rig.Clock.Time + (ulong)random.Next(1, 30_000_000);
                _rig.Processor.Enter(() =>
                {
                    _rig.Scheduler.Release();
                    _rig.Scheduler.Sleep(promised, until);
                });
            }

            used.Add((_rig.Clock.Time, Reserves[0].UsedNs));
            foreach ((ulong at, ulong before) in used)
            {
                // What can fall into a time: whole periods, and one at each end.
                ulong most = (_rig.Clock.Time - at) / 4 + 2 * 5 * Ms;
                Assert.That(Reserves[0].UsedNs - before, Is.LessThanOrEqualTo(most), $"seed {seed}, from {at} on");
            }

            worst = Math.Max(worst, Reserves[0].UsedNs);
        }

        Assert.That(worst, Is.GreaterThan(10 * Ms), "it ran");
    }

    [Test]
    public void Whoever_wakes_with_time_left_takes_the_processor_at_once()
    {
        int promised = _rig.NewActivity(Install(0, 100, 25));
        int spinner = _rig.NewActivity(MostUrgent);
        _rig.Start();
        _rig.Processor.Enter(() =>
        {
            _rig.Scheduler.Release();
            _rig.Scheduler.Sleep(promised, 40 * Ms);
        });
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(spinner));
        _rig.Processor.Compute(40 * Ms);
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(promised));
    }

    [Test]
    public void Service_threads_have_an_eighth_of_what_reserves_leave()
    {
        _rig.NewActivity(Install(0, 100, 69));
        _rig.NewActivity(MostUrgent);
        _rig.NewThread("service", 3, thread => thread.Compute(5000 * Ms), isService: true);
        _rig.Start();
        _rig.Processor.Compute(4000 * Ms);
        ulong all = _rig.Clock.Time / Ms;
        Assert.That(Reserves[0].UsedNs / Ms, Is.InRange(all * 69 / 100 - 1, all * 69 / 100 + 69));
        Assert.That(_rig.RanMs("service"), Is.GreaterThanOrEqualTo(all * 31 / 100 / 8));
    }

    [Test]
    public void While_a_reserves_time_passes_its_calls_are_left_to_the_path_that_counts()
    {
        _rig.NewActivity(Install(0, 100, 25));
        _rig.Start();
        Assert.That(_rig.Scheduler.HighestReady, Is.GreaterThan(MostUrgent), "no server of the fast path is as urgent");
        _rig.Processor.Compute(25 * Ms);
        Assert.That(_rig.Scheduler.HighestReady, Is.EqualTo(-1), "used up");
    }

    [Test]
    public void Who_is_called_runs_on_his_own_time()
    {
        int caller = _rig.NewActivity(Install(0, 100, 25));
        _rig.Start();
        _rig.Processor.Compute(5 * Ms);
        _rig.Processor.Enter(() => _rig.Activities[caller].Ring = 9);
        _rig.Processor.Compute(7 * Ms);
        _rig.Processor.Enter(() => _rig.Activities[caller].Ring = Limits.Priorities);
        _rig.Processor.Compute(2 * Ms);
        _rig.Processor.Enter(() => { });
        Assert.That(Reserves[0].UsedNs, Is.EqualTo(7 * Ms));
    }

    [Test]
    public void A_reserve_that_ends_leaves_its_activities_at_their_priority()
    {
        int promised = _rig.NewActivity(Install(0, 100, 25, priority: 5));
        int spinner = _rig.NewActivity(6);
        _rig.Start();
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(promised));
        _rig.Processor.Enter(() =>
        {
            Reserves.Remove(0);
            _rig.Scheduler.Move(promised, 5);
        });
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(spinner));
        _rig.Processor.Enter(() => Leave(spinner));
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(promised));
    }

    [Test]
    public void A_schedule_is_of_its_reserve_while_number_and_version_are_the_same()
    {
        Reserves.Install(3 | (5 << 8) | (7UL << 32), 10 * Ms, Ms, 0);
        Capability schedule = Schedule(5, number: 3, version: 7);
        Assert.That(Reserves.RingOf(schedule), Is.EqualTo(Limits.Priorities + 3));
        Assert.That(Reserves.RingOf(Schedule(5, number: 3, version: 6)), Is.EqualTo(5), "of an earlier one");
        Assert.That(Reserves.RingOf(Schedule(5, number: 2, version: 7)), Is.EqualTo(5), "of one that is not installed");
        Assert.That(Reserves.RingOf(Schedule(5, number: 16, version: 7)), Is.EqualTo(5), "of one that cannot be");
        Assert.That(Reserves.RingOf(Schedule(200, number: 2, version: 7)), Is.EqualTo(MostUrgent));
        Reserves.Remove(3);
        Assert.That(Reserves.RingOf(schedule), Is.EqualTo(5));
    }

    private static Capability Schedule(uint priority, uint number, uint version) =>
        new(CapabilityType.Schedule, default, version, priority | ((number + 1) << 8));

    /// <summary>Installs a reserve, in milliseconds, and returns its ring.</summary>
    private int Install(int number, ulong periodMs, ulong durationMs, uint priority = 0)
    {
        ulong name = (uint)number | ((ulong)priority << 8);
        Assert.That(Reserves.Check(name, periodMs * Ms, durationMs * Ms), Is.EqualTo(Result.Ok));
        Reserves.Install(name, periodMs * Ms, durationMs * Ms, _rig.Clock.Time);
        return Limits.Priorities + number;
    }

    private ulong RanMs(int activity) => _rig.RanMs($"activity {activity}");

    private void Leave(int activity)
    {
        _rig.Scheduler.Release();
        _rig.Activities.Free(activity);
    }
}
