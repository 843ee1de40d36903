using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Eros.Domains.ReserveManager;
using Eros.Domains.Reserver;
using Eros.Domains.Runtime;
using Eros.Domains.Warden;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>`reserve`: domains that the test plays are given time by the real manager of reserves.</summary>
internal sealed unsafe class ReserverTests
{
    private const uint SpinPriority = 3;

    private readonly Dictionary<uint, ulong> _installed = [];
    private HostedSystem _system = null!;
    private HostedProcess _manager = null!;
    private HostedProcess _reserver = null!;
    private HostedCapability? _slot;
    private bool _isGone;
    private bool _goesWhenGiven;
    private int _invoked;

    [SetUp]
    public void Start()
    {
        _installed.Clear();
        _slot = new Schedule(SpinPriority, IsPlain: true);
        (_isGone, _goesWhenGiven, _invoked) = (false, false, 0);
        _system = new HostedSystem();
        _manager = _system.AddProcess(new HostedService(Grant), new HostedService(Self));
        _system.Start<ReserveManagerDomain>(_manager);
        HostedStored processes = new(0, 0, RangeKind.PlainNode);
        processes.Slots[0] = new HostedService(ObeyAsSpin);
        HostedStored leaf = new(1, 0, RangeKind.PlainNode);
        HostedStored branch = new(2, 0, RangeKind.PlainNode);
        HostedStored root = new(3, 0, RangeKind.PlainNode);
        (root.Slots[0], branch.Slots[0]) = (branch, leaf);
        _reserver = _system.AddProcess(
            processes,
            new HostedStart(_manager, Message.Payload(0, 0)),
            new HostedService(Discrim),
            new HostedService(message => message.Answer(Result.Ok, 12_345_678_901, 1)),
            root);
        byte* page = _reserver.MapMemory(SpaceLayout.Windows, MappedPage.SizeInBytes);
        Record(page, 0, "spin", DomainFlags.None);
        Record(page, 1, "login", DomainFlags.Private);
        _system.Start<ReserverDomain>(_reserver);
        _system.AddProcess(
            new HostedStart(_reserver, Message.Payload(0, 0)), new HostedStart(_manager, Message.Payload(0, 0)))
            .Enter(named: 2);
    }

    [TearDown]
    public void Stop()
    {
        _system.Dispose();
        _reserver.Dispose();
    }

    [Test]
    public void A_domain_gets_a_reserve_beside_its_priority_and_loses_it_again()
    {
        HostedCapability? before = _slot;
        Assert.That(Run("spin 100ms 25ms"), Is.EqualTo("spin: 25ms in 100ms, and else priority 3\n"));
        Assert.That(_slot, Is.EqualTo(new Schedule(SpinPriority, IsPlain: false)));
        Assert.That(Run(""), Is.EqualTo(
            " 0 spin             25ms in 100ms    used 0.100000 s\n"
            + "promised: 250 thousandths of 690; the machine's time: 12.345678 s\n"));

        Assert.That(Run("spin none"), Is.EqualTo("spin has no reserve any more\n"));
        Assert.That(_slot, Is.SameAs(before));
        Assert.That(_installed, Is.Empty);
        Assert.That(Run(""), Is.EqualTo("promised: 0 thousandths of 690; the machine's time: 12.345678 s\n"));
        Assert.That(Run("spin 1s 200us"), Is.EqualTo("spin: 200us in 1s, and else priority 3\n"), "and another");
    }

    [TestCase("nobody 100ms 25ms", "no domain nobody; ps lists them")]
    [TestCase("nobody none", "no domain nobody; ps lists them")]
    [TestCase("login 100ms 25ms", "login is private")]
    [TestCase("login none", "login is private")]
    [TestCase("spin none", "spin has no reserve; reserve lists them")]
    [TestCase("spin 100 25ms", "100 is no time: a whole number of us, ms or s, as 25ms")]
    [TestCase("spin 100ms half", "half is no time: a whole number of us, ms or s, as 25ms")]
    [TestCase("spin 999us 100us", "999us is no period: it can be 1ms to 1s")]
    [TestCase("spin 1001ms 100us", "1001ms is no period: it can be 1ms to 1s")]
    [TestCase("spin 100ms 99us", "99us is no time in a period: it can be 100us to the period, 100ms")]
    [TestCase("spin 25ms 100ms", "100ms is no time in a period: it can be 100us to the period, 25ms")]
    [TestCase("spin 1s 691ms", "that is 691 thousandths of the time, and 690 of 690 are left")]
    public void What_cannot_be_promised_is_named_and_nothing_is(string arguments, string answer)
    {
        HostedCapability? before = _slot;
        Assert.That(Run(arguments), Is.EqualTo(answer + "\n"));
        Assert.That(_slot, Is.SameAs(before));
        Assert.That(_installed, Is.Empty);
    }

    [TestCase("spin")]
    [TestCase("spin 100ms")]
    [TestCase("spin 100ms 25ms 0")]
    [TestCase("spin nothing")]
    public void What_is_no_order_is_answered_by_the_usage(string arguments) =>
        Assert.That(Run(arguments), Does.StartWith("usage: reserve "));

    [Test]
    public void A_domain_has_one_reserve()
    {
        Run("spin 100ms 25ms");
        Assert.That(Run("spin 1s 1ms"), Is.EqualTo("spin has reserve 0; reserve spin none takes it back\n"));
        Assert.That(_installed, Has.Count.EqualTo(1));
    }

    [Test]
    public void When_no_number_is_left_that_is_said()
    {
        for (int i = 0; i < ReserveLimits.Count; i++)
        {
            Promise();
        }

        Assert.That(Run("spin 100ms 1ms"), Is.EqualTo("no reserve is left: there are 16\n"));
    }

    [Test]
    public void A_reserve_of_somebody_else_is_listed_without_a_name()
    {
        Promise();
        Assert.That(Run(""), Does.StartWith(" 0 -                1ms in 1s        used 0.100000 s\n"));
    }

    [Test]
    public void A_domain_that_is_no_more_gets_none_and_gives_back_what_it_had()
    {
        Run("spin 100ms 25ms");
        _isGone = true;
        Assert.That(Run("spin none"), Is.EqualTo("spin has no reserve any more\n"));
        Assert.That(_installed, Is.Empty);
        Assert.That(Run("spin 100ms 25ms"), Is.EqualTo("spin is no more\n"));
        Assert.That(_installed, Is.Empty);
    }

    [Test]
    public void Of_a_domain_that_goes_while_it_is_given_one_nothing_is_left()
    {
        _goesWhenGiven = true;
        Assert.That(Run("spin 100ms 25ms"), Is.EqualTo("spin: the capability is void\n"));
        Assert.That(_installed, Is.Empty);
        Assert.That(Run(""), Does.StartWith("promised: 0 "));
    }

    [Test]
    public void What_a_process_has_for_a_schedule_is_not_invoked_unless_it_is_one()
    {
        _slot = new HostedService(message =>
        {
            _invoked++;
            message.Answer(Result.Ok);
        });
        Assert.That(Run("spin 100ms 25ms"), Is.EqualTo("spin does not run: it has no schedule\n"));
        Assert.That(_invoked, Is.Zero);
        Assert.That(_installed, Is.Empty);
    }

    [TestCase("0us", 0u)]
    [TestCase("25ms", 25_000u)]
    [TestCase("1s", 1_000_000u)]
    [TestCase("007us", 7u)]
    [TestCase("4294s", 4_294_000_000u)]
    [TestCase("4295s", null)]
    [TestCase("4294967295us", null)]
    [TestCase("99999999999999999999us", null)]
    [TestCase("", null)]
    [TestCase("s", null)]
    [TestCase("ms", null)]
    [TestCase("-1ms", null)]
    [TestCase("1.5ms", null)]
    [TestCase("1 ms", null)]
    [TestCase("1m", null)]
    [TestCase("1MS", null)]
    public void A_time_is_a_whole_number_with_its_unit(string text, uint? us)
    {
        bool isTime = TimeText.TryParse(text, out uint parsed);
        Assert.That(isTime ? parsed : (uint?)null, Is.EqualTo(us));
    }

    [TestCase(100u, "100us")]
    [TestCase(1500u, "1500us")]
    [TestCase(25_000u, "25ms")]
    [TestCase(1_000_000u, "1s")]
    public void A_time_is_written_in_its_largest_unit(uint us, string text) =>
        Assert.That(TimeText.Of(us), Is.EqualTo(text));

    // Another holder of the right makes a reserve.
    private static void Promise()
    {
        ReservesClient.At(CapabilityRegisters.FirstNamed + 1).Create(
            1_000_000, 1000, 0, out _, out IReserve reserve, out ISchedule schedule);
        Capabilities.Release(reserve);
        Capabilities.Release(schedule);
    }

    private static string Run(string arguments)
    {
        ProgramClient.At(CapabilityRegisters.FirstNamed).Run(arguments, out string output);
        return output;
    }

    private static void Record(byte* page, int number, string name, DomainFlags flags) =>
        Unsafe.AsRef<DomainRecord>(page + number * DomainRecord.SizeInBytes) =
            new DomainRecord { Name = name, Flags = flags };

    private void ObeyAsSpin(HostedMessage message)
    {
        HostedCapability? given = message.Capabilities[0];
        bool isSwap = message.Order == ProcessOrder.SwapSlot;
        _isGone |= isSwap && _goesWhenGiven;
        bool isSchedule = message.Words[0] == ProcessSlot.Schedule;
        message.Answer(_isGone ? Result.VoidCapability : isSchedule ? Result.Ok : Result.BadArgument);
        if (!_isGone)
        {
            message.Capabilities[0] = _slot;
            _slot = isSwap ? given : _slot;
        }
    }

    private static void Discrim(HostedMessage message) => message.Answer(
        Result.Ok, message.Capabilities[0] is Schedule ? DiscrimClass.Schedule : DiscrimClass.Other);

    private void Grant(HostedMessage message)
    {
        ulong[] words = message.Words;
        uint number = (byte)words[0];
        switch ((uint)message.Order)
        {
            case ReserveGrantOrder.Install:
                _installed[number] = words[1];
                message.Answer(Result.Ok);
                message.Capabilities[0] = new Schedule((byte)((uint)words[0] >> 8), IsPlain: false);
                break;
            case ReserveGrantOrder.Remove:
                _installed.Remove(number);
                message.Answer(Result.Ok);
                break;
            default:
                message.Answer(Result.Ok, _installed.GetValueOrDefault(number), 0, 100_000_000);
                break;
        }
    }

    private void Self(HostedMessage message)
    {
        uint payload = (uint)message.Words[0];
        message.Answer(Result.Ok);
        message.Capabilities[0] = new HostedStart(_manager, payload);
    }

    /// <summary>A schedule: of a priority alone, or with a reserve.</summary>
    private sealed record Schedule(uint Priority, bool IsPlain) : HostedObject
    {
        public override void Obey(HostedMessage message) => message.Answer(
            Result.Ok, (ulong)CapabilityType.Schedule, 0, IsPlain ? Priority : Priority | 0x100);
    }
}
