using Eros.Kernel;
using Eros.Kernel.Invocation;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>What the reserve grant answers, and who goes by what it installs.</summary>
public sealed class ReserveGrantTests : KernelTestBase
{
    private const ulong Ms = 1_000_000;

    private static readonly Capability _grant = new((byte)CapabilityType.ReserveGrant, 0);

    [Test]
    public void A_reserve_is_installed_told_of_and_removed()
    {
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(2, 9, 5), 20 * Ms, 4 * Ms);
        Assert.That(Answer, Is.EqualTo(new Capability(CapabilityType.Schedule, default, 5, 0x309)));
        Expect(Result.Ok, _grant, ReserveGrantOrder.Describe, 2);
        Assert.That((Domain.Frame.Rsi, Domain.Frame.Rdx, Domain.Frame.R8), Is.EqualTo((20 * Ms, 4 * Ms, 0ul)));
        Expect(Result.Ok, _grant, ReserveGrantOrder.Remove, 2);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Describe, 2);
        Assert.That((Domain.Frame.Rsi, Domain.Frame.Rdx, Domain.Frame.R8), Is.EqualTo((0ul, 0ul, 0ul)));
        Expect(Result.Ok, _grant, ReserveGrantOrder.Remove, 2);
    }

    /// <summary>What its schedule is worth now is on the disk. A later reserve of the number is none of its.</summary>
    [TestCase(ActivityState.Ready, false)]
    [TestCase(ActivityState.Ready, true)]
    [TestCase(ActivityState.Sleeping, true)]
    public void Who_is_on_the_disk_when_its_reserve_is_removed_is_read_before_others_run_on(
        ActivityState state,
        bool hasNumberAnother)
    {
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(2, 9, 5), 20 * Ms, 4 * Ms);
        ulong absent = Machine.NewFrame();
        int activity = Machine.Kernel.Activities.Allocate(absent, Limits.Priorities + 2);
        if (state == ActivityState.Ready)
        {
            Machine.Kernel.Scheduler.Ready(activity);
        }
        else
        {
            Machine.Kernel.Scheduler.Sleep(activity, 5 * Ms);
        }

        Expect(Result.Ok, _grant, ReserveGrantOrder.Remove, 2);
        if (hasNumberAnother)
        {
            Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(2, 0, 6), 20 * Ms, 4 * Ms);
            Expect(Result.Ok, _grant, ReserveGrantOrder.Remove, 2);
        }

        Machine.Pass(6 * Ms);
        Assert.That(Machine.Dispatch()!.Oid, Is.EqualTo(Domain.Oid));
        Assert.That(Machine.Kernel.Stalls.MostUrgent(StallReason.Load, StallReason.Load), Is.EqualTo(activity));
        Assert.That(Machine.Kernel.Scheduler.UrgencyOf(activity), Is.LessThan(Limits.Priorities), "it has no reserve");
    }

    /// <summary>What is promised to a process that is on the disk only does not end with another's reserve.</summary>
    [Test]
    public void Who_is_on_the_disk_keeps_a_reserve_when_another_comes_and_goes([Values(0, 31, 33)] int ring)
    {
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(1, 9, 5), 20 * Ms, 4 * Ms);
        int activity = Machine.Kernel.Activities.Allocate(Machine.NewFrame(), (byte)ring);
        Machine.Kernel.Scheduler.Ready(activity);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(0, 0, 6), 20 * Ms, 4 * Ms);
        Assert.That(Machine.Kernel.Activities[activity].Ring, Is.EqualTo(ring));
        Expect(Result.Ok, _grant, ReserveGrantOrder.Remove, 0);
        Assert.That(Machine.Kernel.Activities[activity].Ring, Is.EqualTo(ring));
    }

    [Test]
    public void Who_is_on_the_disk_is_of_no_later_reserve_with_the_number_of_its_own()
    {
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(1, 9, 5), 20 * Ms, 4 * Ms);
        int activity = Machine.Kernel.Activities.Allocate(Machine.NewFrame(), Limits.Priorities + 1);
        Machine.Kernel.Scheduler.Ready(activity);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(1, 9, 6), 20 * Ms, 4 * Ms);
        Assert.That(Machine.Kernel.Activities[activity].Ring, Is.EqualTo(Limits.Priorities - 1));
    }

    [Test]
    public void Time_that_was_used_is_told()
    {
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(2, 9, 5), 20 * Ms, 4 * Ms);
        Expect(Result.Ok, Domain.Process, ProcessOrder.SwapSlot, ProcessSlot.Schedule, argument: Answer);
        Machine.Dispatch();
        Machine.Pass(3 * Ms);
        Machine.Dispatch();
        Expect(Result.Ok, _grant, ReserveGrantOrder.Describe, 2);
        Assert.That(Domain.Frame.R8, Is.EqualTo(3 * Ms));
    }

    [TestCase(16u, 0u, 10_000_000ul, 1_000_000ul)]
    [TestCase(0u, 32u, 10_000_000ul, 1_000_000ul)]
    [TestCase(0u, 256u, 10_000_000ul, 1_000_000ul)]
    [TestCase(0u, 0u, 999_999ul, 500_000ul)]
    [TestCase(0u, 0u, 1_000_000_001ul, 500_000ul)]
    [TestCase(0u, 0u, 10_000_000ul, 99_999ul)]
    [TestCase(0u, 0u, 10_000_000ul, 10_000_001ul)]
    [TestCase(0u, 0u, ulong.MaxValue, ulong.MaxValue)]
    public void What_is_no_reserve_is_refused(uint number, uint priority, ulong period, ulong duration)
    {
        Expect(Result.BadArgument, _grant, ReserveGrantOrder.Install, Name(number, priority, 0), period, duration);
        Assert.That(Machine.Kernel.Scheduler.Reserves[0].PeriodNs, Is.Zero);
    }

    [Test]
    public void The_last_number_the_least_and_the_longest_are_taken()
    {
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(15, 31, uint.MaxValue), 1_000_000, 100_000);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(14, 0, 0), 1000 * Ms, 100_000);
    }

    [TestCase(16ul)]
    [TestCase(256ul)]
    [TestCase(ulong.MaxValue)]
    public void There_are_16_numbers(ulong number)
    {
        Expect(Result.BadArgument, _grant, ReserveGrantOrder.Remove, number);
        Expect(Result.BadArgument, _grant, ReserveGrantOrder.Describe, number);
    }

    [Test]
    public void More_than_69_percent_are_not_promised_and_what_was_promised_stays()
    {
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(0, 0, 0), 100 * Ms, 40 * Ms);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(1, 0, 0), 10 * Ms, 2_900_000);
        Expect(Result.LimitReached, _grant, ReserveGrantOrder.Install, Name(2, 0, 0), 1000 * Ms, 100_000);
        Expect(Result.LimitReached, _grant, ReserveGrantOrder.Install, Name(1, 0, 0), 10 * Ms, 2_900_001);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Describe, 1);
        Assert.That(Domain.Frame.Rdx, Is.EqualTo(2_900_000));
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(0, 0, 0), 100 * Ms, 39 * Ms);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(2, 0, 0), 1000 * Ms, 10 * Ms);
    }

    [Test]
    public void Who_waits_for_a_turn_goes_by_a_reserve_as_soon_as_it_is_there()
    {
        SimulatedDomain waits = NewOf(0, version: 3);
        SimulatedDomain sleeps = NewOf(0, version: 3);
        SimulatedDomain other = NewOf(0, version: 2);
        int sleeper = Machine.Kernel.Activities.FindByFrame(sleeps.Frame.Frame);
        Machine.Kernel.Scheduler.Remove(sleeper);
        sleeps.Frame.RunState = RunState.KernelWait;
        Machine.Kernel.Scheduler.Sleep(sleeper, 5 * Ms);
        Domain.Call(_grant, ReserveGrantOrder.Install, Name(0, 1, 3), 100 * Ms, 10 * Ms);
        Assert.That(RingOf(waits), Is.EqualTo(Limits.Priorities));
        Assert.That(RingOf(sleeps), Is.EqualTo(Limits.Priorities));
        Assert.That(RingOf(other), Is.EqualTo(1), "its schedule is of an earlier reserve");
        Assert.That(Machine.Dispatch()!.Oid, Is.EqualTo(waits.Oid), "though the other has priority 8");
    }

    [Test]
    public void Nobody_is_of_a_reserve_that_has_ended()
    {
        SimulatedDomain waits = NewOf(0, version: 3);
        SimulatedDomain other = Machine.NewRunning(priority: 2);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(0, 1, 3), 100 * Ms, 10 * Ms);
        Expect(Result.Ok, Domain.Process, ProcessOrder.SwapSlot, ProcessSlot.Schedule, argument: Answer);
        Assert.That((RingOf(waits), RingOf(Domain)), Is.EqualTo((Limits.Priorities, Limits.Priorities)));
        Expect(Result.Ok, _grant, ReserveGrantOrder.Remove, 0);
        Assert.That((RingOf(waits), RingOf(Domain)), Is.EqualTo((1, 1)));
        Assert.That(Machine.Dispatch()!.Oid, Is.EqualTo(other.Oid), "they have priority 1");
    }

    [Test]
    public void A_process_with_a_reserve_is_none_that_the_fast_path_knows()
    {
        SimulatedDomain server = NewOf(0, version: 3);
        server.GiveSpace(2);
        SimulatedDomain plain = Machine.NewRunning(priority: 9);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(0, 1, 3), 100 * Ms, 10 * Ms);
        Assert.That(Machine.Dispatch()!.Oid, Is.EqualTo(server.Oid));
        Machine.Kernel.Scheduler.Release();
        Assert.That(Machine.Dispatch()!.Oid, Is.EqualTo(plain.Oid));
        Assert.That((IsKnown(server), IsKnown(plain)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Who_is_given_a_reserve_need_not_have_a_turn_before_that_counts()
    {
        SimulatedDomain starved = Machine.NewRunning(priority: 0);
        Machine.NewRunning(priority: 7);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Install, Name(0, 0, 3), 100 * Ms, 10 * Ms);
        Expect(Result.Ok, starved.Process, ProcessOrder.SwapSlot, ProcessSlot.Schedule, argument: Answer);
        Assert.That(RingOf(starved), Is.EqualTo(Limits.Priorities));
        Assert.That(Machine.Dispatch()!.Oid, Is.EqualTo(starved.Oid));
    }

    private bool IsKnown(SimulatedDomain server)
    {
        ulong start = new Capability(CapabilityType.Start, server.Oid, 0).Low;
        for (int i = 0; i < FastTargets.Lines; i++)
        {
            if (Machine.Kernel.Spaces.Targets[i].Start == start)
            {
                return true;
            }
        }

        return false;
    }

    private static ulong Name(uint number, uint priority, uint version) =>
        number | ((ulong)priority << 8) | ((ulong)version << 32);

    /// <summary>A process that waits for its turn, with a schedule of a reserve beside priority 1.</summary>
    private SimulatedDomain NewOf(uint number, uint version)
    {
        SimulatedDomain domain = Machine.NewDomain();
        domain.Frame.Schedule = new Capability(CapabilityType.Schedule, default, version, 1 | ((number + 1) << 8));
        domain.Frame.RunState = RunState.Running;
        ProcessControl.Start(Machine.Kernel, domain.Entry);
        return domain;
    }

    private int RingOf(SimulatedDomain domain) =>
        Machine.Kernel.Activities[Machine.Kernel.Activities.FindByFrame(domain.Frame.Frame)].Ring;
}
