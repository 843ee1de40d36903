using System;
using System.Linq;
using Eros.Kernel.Threads;
using NUnit.Framework;

namespace Eros.Tests.Unit.Scheduling;

/// <summary>Kernel threads, events, urgency and the guaranteed share, in simulated time.</summary>
public sealed class KernelThreadTests
{
    private SchedulerRig _rig = null!;

    [SetUp]
    public void SetUp() => _rig = new SchedulerRig();

    [TearDown]
    public void TearDown() => _rig.Dispose();

    [Test]
    public void A_driver_waits_for_its_interrupt_and_goes_on_before_the_domain()
    {
        int domain = _rig.NewActivity(5);
        Event interrupt = _rig.NewEvent();
        _rig.NewThread("driver", 20, thread =>
        {
            for (int i = 0; i < 2; i++)
            {
                interrupt.Wait();
                interrupt.Reset();
                thread.Note($"interrupt {i}");
            }
        });
        _rig.Start();
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(domain));
        _rig.Processor.Enter(interrupt.Signal);
        _rig.Processor.Enter(interrupt.Signal);
        Assert.That(
            _rig.Processor.Log.Where(line => line.StartsWith("driver:", StringComparison.Ordinal)),
            Has.Exactly(2).Items);
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(domain));
    }

    [Test]
    public void A_signal_before_the_wait_is_not_lost()
    {
        Event work = _rig.NewEvent();
        work.Signal();
        _rig.NewThread("thread", 20, thread =>
        {
            work.Wait();
            thread.Note("done");
        });
        _rig.Start();
        Assert.That(_rig.Processor.Log, Does.Contain("thread: done"));
    }

    [Test]
    public void A_wait_with_a_time_ends_at_the_signal_or_at_the_time()
    {
        Event work = _rig.NewEvent();
        _rig.NewThread("thread", 20, thread =>
        {
            for (int i = 0; i < 2; i++)
            {
                thread.Note(
                    $"{work.WaitUntil(_rig.Clock.Time + (30 * SchedulerRig.Ms))} "
                    + $"at {_rig.Clock.Time / SchedulerRig.Ms}");
                work.Reset();
            }
        });
        _rig.NewActivity(1);
        _rig.Start();
        _rig.Processor.Compute(10 * SchedulerRig.Ms);
        _rig.Processor.Enter(work.Signal);
        _rig.Processor.Compute(100 * SchedulerRig.Ms);
        Assert.That(_rig.Processor.Log, Does.Contain("thread: True at 10"));
        Assert.That(_rig.Processor.Log, Does.Contain("thread: False at 40"));
    }

    [Test]
    public void Everybody_who_waits_for_an_event_passes()
    {
        Event gate = _rig.NewEvent();
        for (int i = 0; i < 3; i++)
        {
            _rig.NewThread($"thread {i}", 10 + i, thread =>
            {
                gate.Wait();
                thread.Note("passed");
            });
        }

        _rig.Start();
        _rig.Processor.Enter(gate.Signal);
        Assert.That(
            _rig.Processor.Log.Where(line => line.EndsWith("passed", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "thread 2: passed", "thread 1: passed", "thread 0: passed" }));
    }

    [Test]
    public void A_kernel_thread_is_preempted_by_a_more_urgent_domain()
    {
        _rig.NewThread("worker", 3, thread => thread.Compute(50 * SchedulerRig.Ms));
        int sleeper = _rig.NewActivity(10);
        _rig.Start();
        _rig.Processor.Enter(() =>
        {
            _rig.Scheduler.Release();
            _rig.Scheduler.Sleep(sleeper, 20 * SchedulerRig.Ms);
        });
        Assert.That(_rig.Scheduler.Current, Is.EqualTo(sleeper));
        Assert.That(_rig.Clock.Time, Is.EqualTo(20 * SchedulerRig.Ms), "woken while the thread computed");
        Assert.That(_rig.RanMs("worker"), Is.EqualTo(20));
    }

    [Test]
    public void A_top_priority_domain_that_spins_leaves_the_checkpointer_an_eighth()
    {
        int spinner = _rig.NewActivity(31);
        _rig.NewThread("checkpointer", 4, thread => thread.Compute(ulong.MaxValue), isService: true);
        _rig.Start();
        ulong checkpointer = 0;
        for (int window = 0; window < 20; window++)
        {
            RunUntil((ulong)(window + 1) * 100 * SchedulerRig.Ms);
            ulong ran = _rig.RanMs("checkpointer");
            Assert.That(ran - checkpointer, Is.InRange(10, 16), $"window {window}");
            checkpointer = ran;
        }

        Assert.That(_rig.RanMs($"activity {spinner}"), Is.GreaterThan(1700));
    }

    [Test]
    public void A_busy_service_thread_of_low_urgency_takes_no_more_than_an_eighth_from_a_domain()
    {
        int domain = _rig.NewActivity(16);
        _rig.NewThread("disk", 8, thread => thread.Compute(ulong.MaxValue), isService: true);
        _rig.Start();
        RunUntil(2000 * SchedulerRig.Ms);
        Assert.That(_rig.RanMs($"activity {domain}"), Is.InRange(1740, 1760));
    }

    [TestCase(1, 20)]
    [TestCase(1, 30)]
    [TestCase(2, 30)]
    [TestCase(5, 30)]
    public void A_top_priority_domain_that_is_woken_does_not_wait_for_busy_services_while_others_spin(
        int others, int priority)
    {
        const ulong Step = SchedulerRig.Ms / 100;
        int sleeper = _rig.NewActivity(31);
        for (int i = 0; i < others; i++)
        {
            _rig.NewActivity(priority);
        }

        Event next = _rig.NewEvent();
        _rig.NewThread("disk", 8, isService: true, life: thread =>
        {
            // It waits a moment after each piece of work, as for its device.
            while (true)
            {
                thread.Compute(SchedulerRig.Ms / 3);
                next.WaitUntil(_rig.Clock.Time + (SchedulerRig.Ms / 50));
            }
        });
        _rig.Start();
        var random = new Random(3);
        for (int wake = 0; wake < 500; wake++)
        {
            ulong due = _rig.Clock.Time + ((ulong)random.Next(100, 5000) * SchedulerRig.Ms / 1000);
            _rig.Processor.Enter(() =>
            {
                _rig.Scheduler.Release();
                _rig.Scheduler.Sleep(sleeper, due);
            });
            while (_rig.Scheduler.Current != sleeper)
            {
                _rig.Processor.Compute(Step);
            }

            Assert.That(_rig.Clock.Time, Is.LessThan(due + (2 * Step)), $"wake {wake}");
            _rig.Processor.Compute(SchedulerRig.Ms / 20);
        }

        Assert.That(_rig.RanMs("disk"), Is.GreaterThan(100), "and the services had their share");
    }

    [Test]
    public void Two_service_threads_have_one_share_together()
    {
        _rig.NewActivity(31);
        _rig.NewThread("a", 4, thread => thread.Compute(ulong.MaxValue), isService: true);
        _rig.NewThread("b", 4, thread => thread.Compute(ulong.MaxValue), isService: true);
        _rig.Start();
        RunUntil(4000 * SchedulerRig.Ms);
        Assert.That(_rig.RanMs("a") + _rig.RanMs("b"), Is.InRange(490, 510));
        Assert.That(_rig.RanMs("a"), Is.InRange(200, 300), "and take turns");
    }

    [Test]
    public void A_thread_is_as_urgent_as_the_most_urgent_activity_that_waits_for_it()
    {
        _rig.NewActivity(10);
        TestThread pager = _rig.NewThread("pager", 2, thread => thread.Compute(5 * SchedulerRig.Ms));
        _rig.Start();
        RunUntil(20 * SchedulerRig.Ms);
        Assert.That(_rig.RanMs("pager"), Is.Zero);
        _rig.Processor.Enter(() => _rig.Scheduler.SetUrgency(pager, 12));
        Assert.That(_rig.RanMs("pager"), Is.EqualTo(5));
    }

    [Test]
    public void Urgency_is_lent_through_threads_that_wait_for_threads()
    {
        int spinner = _rig.NewActivity(10);
        Event done = _rig.NewEvent();
        Event requested = _rig.NewEvent();
        TestThread disk = _rig.NewThread("disk", 1, thread =>
        {
            requested.Wait();
            thread.Compute(5 * SchedulerRig.Ms);
            thread.Note("done");
            done.Signal();
        });
        done.Server = disk;
        TestThread pager = _rig.NewThread("pager", 20, thread =>
        {
            requested.Signal();
            done.Wait();
            thread.Note("done");
        });
        _rig.Start();
        Assert.That(_rig.Processor.Log, Does.Contain("disk: done").And.Contain("pager: done"));
        Assert.That(_rig.RanMs($"activity {spinner}"), Is.Zero, "the disk ran before the spinner, for the pager");
        Assert.That(disk.Level, Is.EqualTo(1), "and gave its urgency back");
        Assert.That(pager.Level, Is.EqualTo(20));
    }

    [Test]
    public void Only_kernel_threads_wait()
    {
        _rig.NewActivity(3);
        _rig.Start();
        Assert.That(() => _rig.Processor.Enter(() => _rig.NewEvent().Wait()), Throws.Exception);
    }

    /// <summary>Whoever runs computes; kernel threads run inside, and leave when a domain is next.</summary>
    private void RunUntil(ulong time)
    {
        while (_rig.Clock.Time < time)
        {
            _rig.Processor.Compute(Math.Min(time - _rig.Clock.Time, SchedulerRig.Ms));
        }
    }
}
