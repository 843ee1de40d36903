using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Threads;
using NUnit.Framework;

namespace Eros.Tests.Unit.Scheduling;

public sealed class SchedulerTests
{
    private SchedulerRig _rig = null!;

    [SetUp]
    public void SetUp() => _rig = new SchedulerRig();

    [TearDown]
    public void TearDown() => _rig.Dispose();

    [Test]
    public void Most_urgent_runs_first_and_among_equals_who_came_first()
    {
        int low = _rig.NewActivity(3);
        int first = _rig.NewActivity(7);
        int second = _rig.NewActivity(7);
        Assert.That(Picks(4), Is.EqualTo(new[] { first, second, low, Scheduler.Idle }));
    }

    [Test]
    public void Threads_and_activities_of_one_priority_form_one_ring()
    {
        int first = _rig.NewActivity(7);
        TestThread thread = _rig.NewThread("thread", 7, _ => { });
        int last = _rig.NewActivity(7);
        Assert.That(Picks(3), Is.EqualTo(new[] { first, Limits.Processes + thread.Index, last }));
    }

    [Test]
    public void Pick_and_HighestReady_agree_with_a_list_of_what_is_ready([Range(1, 10)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var model = new List<int>();
        int[] activities = [.. Enumerable.Range(0, 20).Select(_ => _rig.Activities.Allocate(1, 0))];
        for (int step = 0; step < 1000; step++)
        {
            int activity = activities[random.Next(activities.Length)];
            if (model.Contains(activity))
            {
                _rig.Scheduler.Remove(activity);
                model.Remove(activity);
            }
            else
            {
                _rig.Activities[activity].Ring = (byte)random.Next(5);
                _rig.Scheduler.Ready(activity);
                model.Add(activity);
            }

            if (random.Next(4) == 0)
            {
                int best = model.OrderByDescending(a => _rig.Activities[a].Ring)
                    .DefaultIfEmpty(Scheduler.Idle).First();
                Assert.That(_rig.Scheduler.HighestReady, Is.EqualTo(best < 0 ? -1 : _rig.Activities[best].Ring));
                Assert.That(_rig.Scheduler.Pick(), Is.EqualTo(best), $"seed {seed}, step {step}");
                model.Remove(best);
            }
        }
    }

    [Test]
    public void Who_runs_goes_on_while_nothing_more_urgent_is_ready()
    {
        int running = _rig.NewActivity(5);
        _rig.Start();
        _rig.Processor.Enter(() => _rig.NewActivity(5));
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(running));
        int urgent = -1;
        _rig.Processor.Enter(() => urgent = _rig.NewActivity(6));
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(urgent));
        Assert.That(_rig.Activities[running].State, Is.EqualTo(ActivityState.Ready));
    }

    [Test]
    public void Who_is_preempted_keeps_its_place_and_the_rest_of_its_quantum()
    {
        int first = _rig.NewActivity(5);
        int second = _rig.NewActivity(5);
        _rig.Start();
        for (int i = 0; i < 3; i++)
        {
            _rig.Processor.Compute(3 * SchedulerRig.Ms);
            Assert.That(_rig.Scheduler.Current, Is.EqualTo(first), $"{i}");
            int urgent = -1;
            _rig.Processor.Enter(() => urgent = _rig.NewActivity(6));
            _rig.Processor.Enter(() => Leave(urgent));
            Assert.That(_rig.Scheduler.Current, Is.EqualTo(first), $"{i}, after the urgent one");
        }

        _rig.Processor.Compute(3 * SchedulerRig.Ms);
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(second), "12 ms are more than a quantum");
    }

    [Test]
    public void Equals_share_by_quanta_of_10_ms()
    {
        int[] all = [.. Enumerable.Range(0, 3).Select(_ => _rig.NewActivity(5))];
        _rig.NewActivity(4);
        _rig.Start();
        _rig.Processor.Compute(300 * SchedulerRig.Ms);
        foreach (int activity in all)
        {
            Assert.That(_rig.RanMs($"activity {activity}"), Is.EqualTo(100));
        }
    }

    [Test]
    public void An_activity_that_cannot_be_entered_is_passed_over()
    {
        int gone = _rig.NewActivity(9);
        int other = _rig.NewActivity(5);
        _rig.Runner.Vanished.Add(gone);
        _rig.Start();
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(other));
    }

    [Test]
    public void An_activity_sleeps_until_its_time_and_no_longer()
    {
        int sleeper = _rig.NewActivity(9);
        int other = _rig.NewActivity(5);
        _rig.Start();
        _rig.Processor.Enter(() =>
        {
            _rig.Scheduler.Release();
            _rig.Scheduler.Sleep(sleeper, 25 * SchedulerRig.Ms);
        });
        _rig.Processor.Compute(24 * SchedulerRig.Ms);
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(other));
        _rig.Processor.Compute(SchedulerRig.Ms);
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(sleeper));
    }

    [Test]
    public void A_sleeper_wakes_an_idle_processor()
    {
        int sleeper = _rig.NewActivity(9);
        _rig.Start();
        _rig.Processor.Enter(() =>
        {
            _rig.Scheduler.Release();
            _rig.Scheduler.Sleep(sleeper, 500 * SchedulerRig.Ms);
        });
        Assert.That(_rig.Processor.State.Thread, Is.InstanceOf<IdleThread>());
        _rig.Processor.Compute(SchedulerRig.Ms);
        Assert.That(_rig.Clock.Alarm, Is.EqualTo(500 * SchedulerRig.Ms), "an idle processor does not tick");
        _rig.Processor.Compute(500 * SchedulerRig.Ms);
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(sleeper));
    }

    [Test]
    public void Nothing_is_allocated_while_activities_take_turns()
    {
        int first = _rig.NewActivity(5);
        int second = _rig.NewActivity(5);
        TakeTurns(first, second);
        long before = GC.GetAllocatedBytesForCurrentThread();
        TakeTurns(first, second);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private void TakeTurns(int first, int second)
    {
        Scheduler scheduler = _rig.Scheduler;
        for (int i = 0; i < 30; i++)
        {
            _rig.Clock.Time += SchedulerRig.Ms;
            scheduler.Ready(scheduler.Pick());
            scheduler.Remove(first);
            scheduler.Sleep(first, _rig.Clock.Time);
            scheduler.TimerExpired();
        }

        scheduler.Remove(second);
        scheduler.Ready(second);
    }

    private void Leave(int activity)
    {
        _rig.Scheduler.Release();
        _rig.Activities.Free(activity);
    }

    private int[] Picks(int count) => [.. Enumerable.Range(0, count).Select(_ => _rig.Scheduler.Pick())];
}
