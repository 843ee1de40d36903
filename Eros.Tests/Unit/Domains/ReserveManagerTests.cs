using System.Collections.Generic;
using Eros.Domains.ReserveManager;
using Eros.Domains.Runtime;
using Eros.Kernel;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>The manager of reserves, over a table of the kernel's that the test plays.</summary>
internal sealed class ReserveManagerTests
{
    private const int Maker = 0;
    private const int Facet = 1;
    private const int Watcher = 2;
    private const uint Second = 1_000_000;
    private const uint NumberMask = 0xFF;

    // What is installed, by number.
    private readonly Dictionary<uint, Installed> _kernel = [];
    private readonly List<uint> _removed = [];
    private readonly List<HostedCapability?> _pinned = [];
    private HostedSystem _system = null!;
    private HostedProcess _manager = null!;
    private HostedProcess _client = null!;
    private IReserves _reserves = null!;
    private Result _grantAnswer;
    private Result _selfAnswer;
    private int _asked;

    [SetUp]
    public void Start()
    {
        _kernel.Clear();
        _removed.Clear();
        _pinned.Clear();
        (_grantAnswer, _selfAnswer, _asked) = (Result.Ok, Result.Ok, 0);
        _system = new HostedSystem();
        _manager = _system.AddProcess(new HostedService(Grant), new HostedService(Self));
        _system.Start<ReserveManagerDomain>(_manager);
        _client = _system.AddProcess(
            new HostedStart(_manager, Message.Payload(Maker, 0)),
            new HostedStart(_manager, Message.Payload(Watcher, 0)));
        _client.Enter(named: 2);
        _reserves = ReservesClient.At(CapabilityRegisters.FirstNamed);
    }

    [TearDown]
    public void Stop() => _system.Dispose();

    [Test]
    public void Its_limits_are_the_kernels()
    {
        Assert.That(ReserveLimits.Count, Is.EqualTo(Limits.Reserves));
        Assert.That(ReserveLimits.Share, Is.EqualTo(Limits.ReservedShare));
        Assert.That(ReserveLimits.Priorities, Is.EqualTo(Limits.Priorities));
        Assert.That(ReserveLimits.MinPeriodUs * 1000UL, Is.EqualTo(Limits.MinReservePeriodNs));
        Assert.That(ReserveLimits.MaxPeriodUs * 1000UL, Is.EqualTo(Limits.MaxReservePeriodNs));
        Assert.That(ReserveLimits.MinDurationUs * 1000UL, Is.EqualTo(Limits.MinReserveNs));
    }

    [Test]
    public void A_reserve_is_installed_and_its_schedule_given()
    {
        Result result = _reserves.Create(
            100_000, 25_000, 9, out uint number, out IReserve reserve, out ISchedule schedule);
        Assert.That(result, Is.EqualTo(Result.Ok));
        Installed installed = _kernel[number];
        Assert.That(installed, Is.EqualTo(new Installed(9, 1, 100_000_000, 25_000_000)));
        Assert.That(_client.Registers[CapabilityClient.RegisterOf(schedule)], Is.EqualTo(new Promise(number, 1)));

        _kernel[number] = installed with { UsedNs = 7_654_321 };
        Assert.That(reserve.Describe(out uint period, out uint duration, out ulong used), Is.EqualTo(Result.Ok));
        Assert.That((period, duration, used), Is.EqualTo((100_000u, 25_000u, 7654ul)));
        Assert.That(_reserves.Describe(number, out period, out duration, out used), Is.EqualTo(Result.Ok));
        Assert.That((period, duration, used), Is.EqualTo((100_000u, 25_000u, 7654ul)));
        Assert.That(_reserves.Shares(out uint promised, out uint limit), Is.EqualTo(Result.Ok));
        Assert.That((promised, limit), Is.EqualTo((250u, 690u)));
    }

    [Test]
    public void Where_there_is_no_reserve_the_period_is_0_and_beyond_the_last_there_is_nothing()
    {
        Assert.That(_reserves.Describe(15, out uint period, out uint duration, out ulong used), Is.EqualTo(Result.Ok));
        Assert.That((period, duration, used), Is.EqualTo((0u, 0u, 0ul)));
        Assert.That(_reserves.Describe(16, out _, out _, out _), Is.EqualTo(Result.BadArgument));
    }

    [TestCase(0u, 0u, 0u)]
    [TestCase(999u, 100u, 0u)]
    [TestCase(Second + 1, 100u, 0u)]
    [TestCase(uint.MaxValue, 100u, 0u)]
    [TestCase(1000u, 99u, 0u)]
    [TestCase(1000u, 1001u, 0u)]
    [TestCase(1000u, uint.MaxValue, 0u)]
    [TestCase(1000u, 100u, 32u)]
    [TestCase(1000u, 100u, uint.MaxValue)]
    public void A_reserve_that_cannot_be_is_a_bad_argument_and_leaves_nothing(uint period, uint duration, uint priority)
    {
        Assert.That(Create(period, duration, priority, out _), Is.EqualTo(Result.BadArgument));
        ExpectNothing();
    }

    [TestCase(1000u, 100u, 0u)]
    [TestCase(1000u, 690u, 31u)]
    [TestCase(Second, 100u, 0u)]
    [TestCase(Second, 690_000u, 31u)]
    public void The_least_and_the_most_are_possible(uint period, uint duration, uint priority) =>
        Assert.That(Create(period, duration, priority, out _), Is.EqualTo(Result.Ok));

    [Test]
    public void More_than_69_percent_is_not_promised_and_who_asks_gets_nothing()
    {
        Assert.That(Create(Second, 690_001, 0, out _), Is.EqualTo(Result.LimitReached), "rounded up it is 691");
        Assert.That(Create(Second, 500_000, 0, out IReserve first), Is.EqualTo(Result.Ok));
        Assert.That(Create(Second, 190_001, 0, out _), Is.EqualTo(Result.LimitReached));
        Assert.That(_kernel, Has.Count.EqualTo(1));
        Assert.That(Create(Second, 190_000, 0, out _), Is.EqualTo(Result.Ok));
        Assert.That(Create(Second, 100, 0, out _), Is.EqualTo(Result.LimitReached));
        Assert.That(first.Destroy(), Is.EqualTo(Result.Ok));
        Assert.That(Create(Second, 500_000, 0, out _), Is.EqualTo(Result.Ok));
    }

    [Test]
    public void When_all_numbers_are_taken_there_is_none_for_another()
    {
        for (uint i = 0; i < ReserveLimits.Count; i++)
        {
            Assert.That(_reserves.Create(Second, 1000, 0, out uint number, out IReserve made, out ISchedule schedule),
                Is.EqualTo(Result.Ok));
            Assert.That(number, Is.EqualTo(i));
            Capabilities.Release(made);
            Capabilities.Release(schedule);
        }

        Assert.That(Create(Second, 1000, 0, out _), Is.EqualTo(Result.LimitReached));
        Assert.That(_kernel, Has.Count.EqualTo(ReserveLimits.Count));
    }

    [TestCase(Result.LimitReached)]
    [TestCase(Result.BadArgument)]
    [TestCase(Result.VoidCapability)]
    public void What_the_kernel_refuses_is_said_and_leaves_nothing(Result refusal)
    {
        _grantAnswer = refusal;
        Assert.That(Create(Second, 1000, 0, out IReserve none), Is.EqualTo(refusal));
        Assert.That(none.Destroy(), Is.EqualTo(Result.VoidCapability));
        _grantAnswer = Result.Ok;
        ExpectNothing();
        Assert.That(Create(Second, 1000, 0, out _), Is.EqualTo(Result.Ok));
    }

    [Test]
    public void Without_a_facet_for_it_nothing_is_installed()
    {
        _selfAnswer = Result.BadObject;
        Assert.That(Create(Second, 1000, 0, out _), Is.EqualTo(Result.BadObject));
        ExpectNothing();
    }

    [Test]
    public void A_reserve_that_was_destroyed_is_void_and_its_number_is_given_again_as_another()
    {
        Create(Second, 1000, 0, out IReserve first);
        Assert.That(first.Destroy(), Is.EqualTo(Result.Ok));
        Assert.That(_removed, Is.EqualTo(new uint[] { 0 }));
        Assert.That(_kernel, Is.Empty);
        Assert.That(first.Describe(out _, out _, out _), Is.EqualTo(Result.VoidCapability));
        Assert.That(first.Destroy(), Is.EqualTo(Result.VoidCapability));

        Create(Second, 2000, 0, out IReserve second);
        Assert.That(_kernel[0].Version, Is.EqualTo(2));
        Assert.That(first.Destroy(), Is.EqualTo(Result.VoidCapability), "it is not the second");
        Assert.That(second.Describe(out _, out uint duration, out _), Is.EqualTo(Result.Ok));
        Assert.That(duration, Is.EqualTo(2000));
    }

    [Test]
    public void What_the_kernel_does_not_remove_is_there_as_it_was()
    {
        Create(Second, 1000, 0, out IReserve reserve);
        _grantAnswer = Result.VoidCapability;
        Assert.That(reserve.Destroy(), Is.EqualTo(Result.VoidCapability));
        Assert.That(reserve.Describe(out _, out _, out _), Is.EqualTo(Result.VoidCapability), "the kernel's answer");
        _grantAnswer = Result.Ok;
        Assert.That(reserve.Describe(out uint period, out _, out _), Is.EqualTo(Result.Ok));
        Assert.That(period, Is.EqualTo(Second));
    }

    [Test]
    public void A_reserve_makes_no_reserves_and_who_makes_them_is_none()
    {
        Create(Second, 1000, 0, out IReserve reserve);
        IReserves forged = ReservesClient.At(CapabilityClient.RegisterOf(reserve));
        Assert.That(forged.Shares(out _, out _), Is.EqualTo(Result.UnknownOrder));
        Assert.That(forged.Create(Second, 1000, 0, out _, out _, out _), Is.EqualTo(Result.Ok), "it is described");
        Assert.That(_kernel, Has.Count.EqualTo(1));
        Ask(Maker, badge: 0).Destroy();
        Assert.That(_removed, Is.Empty);
    }

    [TestCase(0u)]
    [TestCase(0x11u)]
    [TestCase(0x20u)]
    [TestCase(0xFFFFFFu)]
    public void A_badge_that_was_never_given_is_void(uint badge)
    {
        Create(Second, 1000, 0, out _);
        Assert.That(Ask(Facet, badge).Describe(out _, out _, out _), Is.EqualTo(Result.VoidCapability));
        Assert.That(Ask(Facet, badge: 0x10).Describe(out _, out _, out _), Is.EqualTo(Result.Ok), "this one was");
    }

    [Test]
    public void After_a_restart_all_that_there_were_are_installed_again_as_they_were()
    {
        Create(Second, 100_000, 5, out IReserve gone);
        Create(Second, 200_000, 6, out _);
        Create(1000, 300, 7, out _);
        gone.Destroy();
        Dictionary<uint, Installed> before = new(_kernel);
        _kernel.Clear();
        Assert.That(_reserves.Describe(1, out uint period, out _, out _), Is.EqualTo(Result.Ok), "they are promised");
        Assert.That(period, Is.EqualTo(Second));
        Assert.That(Create(Second, 500_000, 0, out _), Is.EqualTo(Result.LimitReached), "also before that");

        Assert.That(Restart(), Is.EqualTo(Result.Ok));
        Assert.That(_kernel, Is.EquivalentTo(before));
    }

    [Test]
    public void A_reserve_that_cannot_be_installed_again_does_not_keep_the_others_from_it()
    {
        Create(Second, 100_000, 5, out _);
        Create(Second, 200_000, 6, out _);
        _kernel.Clear();
        _grantAnswer = Result.LimitReached;
        Assert.That(Restart(), Is.EqualTo(Result.LimitReached));
        Assert.That(_asked, Is.EqualTo(4));
        _grantAnswer = Result.Ok;
        Assert.That(Restart(), Is.EqualTo(Result.Ok));
        Assert.That(_kernel, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_number_whose_versions_are_used_up_is_retired_and_none_begins_anew()
    {
        const uint Versions = 3;
        ReserveBook book = new(Versions);
        HashSet<(int Number, uint Version)> given = [];
        int number;
        while (book.Find(Second, 1000, 0, out number) == Result.Ok)
        {
            ReserveEntry entry = new() { PeriodUs = Second, DurationUs = 1000, Version = book[number].Version + 1 };
            book.Enter(number, entry);
            Assert.That(given.Add((number, entry.Version)), "given twice");
            Assert.That(book.Has(number, entry.Version));
            book.Remove(number);
            Assert.That(given, Has.None.Matches<(int Number, uint Version)>(one => book.Has(one.Number, one.Version)));
        }

        Assert.That(given, Has.Count.EqualTo(ReserveLimits.Count * Versions));
        Assert.That(book.Find(Second, 1000, 0, out _), Is.EqualTo(Result.LimitReached));
        Assert.That(book.Promised, Is.Zero);
    }

    [Test]
    public void Who_has_a_reserve_pins_and_the_kernel_answers()
    {
        Create(Second, 1000, 0, out IReserve reserve);
        int register = CapabilityRegisters.Current.Allocate();
        var thing = new Promise(7, 7);
        _client.Registers[register] = thing;
        ICapability page = PageClient.At(register);
        Assert.That(reserve.Pin(page), Is.EqualTo(Result.Ok));
        Assert.That(_pinned, Is.EqualTo(new HostedCapability[] { thing }));
        Assert.That(reserve.Unpin(page), Is.EqualTo(Result.Ok));
        Assert.That(_pinned, Is.Empty);
        _grantAnswer = Result.LimitReached;
        Assert.That(reserve.Pin(page), Is.EqualTo(Result.LimitReached));
        _grantAnswer = Result.Ok;
        Assert.That(reserve.Destroy(), Is.EqualTo(Result.Ok));
        Assert.That(reserve.Pin(page), Is.EqualTo(Result.VoidCapability));
    }

    private Result Create(uint period, uint duration, uint priority, out IReserve reserve)
    {
        Result result = _reserves.Create(period, duration, priority, out _, out reserve, out ISchedule schedule);
        Capabilities.Release(schedule);
        return result;
    }

    private void ExpectNothing()
    {
        Assert.That(_kernel, Is.Empty);
        _reserves.Shares(out uint promised, out _);
        Assert.That(promised, Is.Zero);
    }

    private IReserve Ask(int facet, uint badge)
    {
        int register = CapabilityRegisters.Current.Allocate();
        _client.Registers[register] = new HostedStart(_manager, Message.Payload(facet, badge));
        return ReserveClient.At(register);
    }

    private static Result Restart() => RestartObserverClient.At(CapabilityRegisters.FirstNamed + 1).Restarted();

    private void Grant(HostedMessage message)
    {
        _asked++;
        ulong[] words = message.Words;
        uint number = (uint)words[0] & NumberMask;
        if (_grantAnswer != Result.Ok)
        {
            message.Answer(_grantAnswer);
            return;
        }

        switch ((uint)message.Order)
        {
            case ReserveGrantOrder.Install:
                uint priority = (byte)((uint)words[0] >> 8);
                _kernel[number] = new Installed(priority, (uint)(words[0] >> 32), words[1], words[2]);
                message.Answer(Result.Ok);
                message.Capabilities[0] = new Promise(number, _kernel[number].Version);
                break;
            case ReserveGrantOrder.Remove:
                _kernel.Remove(number);
                _removed.Add(number);
                message.Answer(Result.Ok);
                break;
            case ReserveGrantOrder.Pin:
                _pinned.Add(message.Capabilities[0]);
                message.Answer(Result.Ok);
                break;
            case ReserveGrantOrder.Unpin:
                _pinned.Remove(message.Capabilities[0]);
                message.Answer(Result.Ok);
                break;
            default:
                Installed here = _kernel.GetValueOrDefault(number);
                message.Answer(Result.Ok, here.PeriodNs, here.DurationNs, here.UsedNs);
                break;
        }
    }

    private void Self(HostedMessage message)
    {
        uint payload = (uint)message.Words[0];
        message.Answer(_selfAnswer);
        message.Capabilities[0] = _selfAnswer == Result.Ok ? new HostedStart(_manager, payload) : null;
    }

    private readonly record struct Installed(
        uint Priority, uint Version, ulong PeriodNs, ulong DurationNs, ulong UsedNs = 0);

    /// <summary>A schedule with a reserve.</summary>
    private sealed record Promise(uint Number, uint Version) : HostedObject
    {
        public override void Obey(HostedMessage message) => message.Answer(Result.Ok, (ulong)CapabilityType.Schedule);
    }
}
