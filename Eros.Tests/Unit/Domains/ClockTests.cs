using System;
using System.Globalization;
using Eros.Domains.Clock;
using Eros.Domains.Rtc;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;
using Eros.Tests.Fakes.Domains;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>The time of day: calendar, driver of the real-time clock, and the clock's rules.</summary>
internal sealed class ClockTests
{
    private const ulong Second = UtcTime.TicksPerSecond;
    private const ulong NsPerSecond = 1_000_000_000;
    private const int Setter = 1;

    private HostedSystem _system = null!;
    private ulong _time;
    private ulong _boot;

    // What the real-time clock says; null: there is none.
    private ulong? _seconds;

    [SetUp]
    public void Boot()
    {
        _system = new HostedSystem();
        (_time, _boot, _seconds) = (5 * NsPerSecond, 1, 1_000_000);
        HostedProcess clock = _system.AddProcess(
            new HostedService(message => message.Answer(Result.Ok, _time, _boot)),
            new HostedService(message =>
                message.Answer(_seconds is null ? Clocks.Unknown : Result.Ok, _seconds ?? 0)));
        _system.Start<ClockDomain>(clock);
        _system.AddProcess(
            new HostedStart(clock, Message.Payload(0, 0)), new HostedStart(clock, Message.Payload(Setter, 0)))
            .Enter(named: 2);
    }

    [TearDown]
    public void Stop() => _system.Dispose();

    [Test]
    public void Days_are_those_of_the_calendar([Random(0L, 253_402_300_799L, 200)] long seconds)
    {
        string expected = DateTime.UnixEpoch.AddSeconds(seconds)
            .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        UtcTime time = UtcTime.At((ulong)seconds * Second + 7);
        Assert.That(time.ToString(), Is.EqualTo(expected));
        Assert.That(time.IsThere);
        Assert.That(time.Ticks, Is.EqualTo((ulong)seconds * Second));
        Assert.That(UtcTime.TryParse(time.ToString(), out UtcTime parsed));
        Assert.That(parsed, Is.EqualTo(time));
    }

    [Test]
    public void Every_day_of_two_eras_is_another()
    {
        DateTime day = DateTime.UnixEpoch;
        for (ulong number = 0; number < 2 * 146_097; number++, day = day.AddDays(1))
        {
            UtcTime time = UtcTime.At(number * 86_400 * Second);
            if ((time.Year, time.Month, time.Day) != (day.Year, day.Month, day.Day))
            {
                Assert.Fail($"{time} is not {day}");
            }
        }
    }

    [TestCase("")]
    [TestCase("2030-01-02")]
    [TestCase("2030-1-2 03:04:05")]
    [TestCase("2030-02-29 00:00:00")]
    [TestCase("2100-02-29 00:00:00")]
    [TestCase("2030-13-01 00:00:00")]
    [TestCase("2030-00-01 00:00:00")]
    [TestCase("2030-04-31 00:00:00")]
    [TestCase("2030-01-01 24:00:00")]
    [TestCase("2030-01-01 00:60:00")]
    [TestCase("1969-12-31 23:59:59")]
    [TestCase("2030-01-02 03:04:05 ")]
    [TestCase("2030-01-02 03:04:-5")]
    public void What_is_no_date_is_refused(string text) => Assert.That(UtcTime.TryParse(text, out _), Is.False);

    [TestCase("55 59 23 31 12 99 19 02", "1999-12-31 23:59:55")]
    [TestCase("05 04 03 02 01 30 20 02", "2030-01-02 03:04:05")]
    [TestCase("05 04 03 02 01 30 00 02", "2030-01-02 03:04:05")]
    [TestCase("05 04 03 02 01 75 ff 02", "1975-01-02 03:04:05")]
    [TestCase("05 04 03 02 01 1e 14 06", "2030-01-02 03:04:05")]
    [TestCase("05 04 12 02 01 30 20 00", "2030-01-02 00:04:05")]
    [TestCase("05 04 92 02 01 30 20 00", "2030-01-02 12:04:05")]
    [TestCase("05 04 91 02 01 30 20 00", "2030-01-02 23:04:05")]
    [TestCase("05 04 81 02 01 1e 14 04", "2030-01-02 13:04:05")]
    [TestCase("05 04 13 02 01 30 20 00", null)]
    [TestCase("05 04 00 02 01 30 20 00", null)]
    [TestCase("5a 04 03 02 01 30 20 02", null)]
    [TestCase("60 04 03 02 01 30 20 02", null)]
    [TestCase("05 04 03 30 02 30 20 02", null)]
    [TestCase("ff ff ff ff ff ff ff ff", null)]
    [TestCase("00 00 00 00 00 00 00 00", null)]
    public void Registers_say_a_time_or_nonsense(string registers, string? expected)
    {
        bool isTime = CmosTime.TryDecode(Convert.FromHexString(registers.Replace(" ", "")), out UtcTime time);
        Assert.That(isTime ? time.ToString() : null, Is.EqualTo(expected));
    }

    [Test]
    public void The_driver_reads_when_no_update_is_under_way_and_what_is_the_same_twice()
    {
        FakeCmos cmos = new() { UpdatesLeft = 3, ChangesLeft = 1 };
        Assert.That(ReadRealTime(cmos, out ulong seconds), Is.EqualTo(Result.Ok));
        Assert.That(UtcTime.At(seconds * Second).ToString(), Is.EqualTo("2030-01-02 03:04:06"));
        Assert.That((cmos.UpdatesLeft, cmos.ChangesLeft), Is.EqualTo((0, 0)));
        Assert.That(cmos.IsNmiMasked, Is.False);
    }

    [Test]
    public void The_driver_opens_its_ports_anew_after_a_restart()
    {
        FakeCmos cmos = new();
        ReadRealTime(cmos, out _);
        cmos.Restart();
        Assert.That(RealTimeClockClient.At(CapabilityRegisters.FirstNamed).Read(out _), Is.EqualTo(Result.Ok));
        Assert.That(cmos.Opened, Is.EqualTo(2));
    }

    [Test]
    public void A_clock_that_never_settles_is_given_up()
    {
        FakeCmos updating = new() { UpdatesLeft = int.MaxValue };
        Assert.That(ReadRealTime(updating, out _), Is.EqualTo(Clocks.Unknown));
        FakeCmos changing = new() { ChangesLeft = int.MaxValue };
        Assert.That(ReadRealTime(changing, out _), Is.EqualTo(Clocks.Unknown));
        FakeCmos locked = new() { IsLocked = true };
        Assert.That(ReadRealTime(locked, out _), Is.EqualTo(Clocks.Unknown));
    }

    [Test]
    public void Within_a_boot_time_goes_by_the_machines_clock()
    {
        Assert.That(Now(), Is.EqualTo(1_000_000 * Second));
        _time += 1500;
        _seconds = 7;
        Assert.That(Now(), Is.EqualTo(1_000_000 * Second + 15), "the real-time clock is read once a boot");
    }

    [Test]
    public void After_a_restart_the_time_that_the_machine_was_off_has_passed()
    {
        Now();
        (_boot, _seconds) = (2, 1_000_000 + 3600);
        Assert.That(Now(), Is.EqualTo((1_000_000 + 3600) * Second));
    }

    [Test]
    public void Time_never_runs_backwards()
    {
        _time += 90 * NsPerSecond;
        Now();
        _time += 90 * NsPerSecond;
        ulong before = Now();
        (_boot, _seconds) = (2, 1_000_000);
        Assert.That(Now(), Is.EqualTo(before));
        _time += NsPerSecond;
        Assert.That(Now(), Is.EqualTo(before + Second), "and goes on from there");
        (_boot, _seconds) = (3, 2_000_000);
        Assert.That(Now(), Is.EqualTo(2_000_000 * Second));
    }

    [Test]
    public void A_time_that_was_set_counts_over_restarts_and_may_be_earlier()
    {
        Now();
        Assert.That(Set(500 * Second), Is.EqualTo(Result.Ok));
        Assert.That(Now(), Is.EqualTo(500 * Second));
        _time += 10 * NsPerSecond;
        Assert.That(Now(), Is.EqualTo(510 * Second));
        (_boot, _seconds) = (2, 1_000_000 + 100);
        Assert.That(Now(), Is.EqualTo(600 * Second), "the real-time clock goes on as it was");
        Set(5_000_000 * Second);
        (_boot, _seconds) = (3, 1_000_000 + 200);
        Assert.That(Now(), Is.EqualTo((5_000_000 + 100) * Second));
    }

    [Test]
    public void A_time_that_was_set_while_the_clock_was_behind_is_right_later()
    {
        _time += 1000 * NsPerSecond;
        Now();
        _time += 1000 * NsPerSecond;
        Now();
        (_boot, _seconds) = (2, 1_000_000);
        Now();
        Set(3_000_000 * Second);
        (_boot, _seconds) = (3, 1_000_000 + 60);
        Assert.That(Now(), Is.EqualTo((3_000_000 + 60) * Second));
    }

    [Test]
    public void Without_a_real_time_clock_nobody_knows_the_time_until_it_is_set()
    {
        _seconds = null;
        Assert.That(Ask(out _), Is.EqualTo(Clocks.Unknown));
        Assert.That(WhenIs(5, out _), Is.EqualTo(Clocks.Unknown));
        Set(500 * Second);
        _time += NsPerSecond;
        Assert.That(Now(), Is.EqualTo(501 * Second));
        _boot = 2;
        Assert.That(Now(), Is.EqualTo(501 * Second), "it goes on from what was told last");
        (_boot, _seconds) = (3, 1_000_000);
        Assert.That(Now(), Is.EqualTo(1_000_000 * Second));
    }

    [Test]
    public void What_is_beyond_the_calendar_cannot_be_set()
    {
        ulong last = new UtcTime(9999, 12, 31, 23, 59, 59).Ticks;
        Assert.That(Set(last + 1), Is.EqualTo(Result.BadArgument));
        Assert.That(Now(), Is.EqualTo(1_000_000 * Second));
        Assert.That(Set(last), Is.EqualTo(Result.Ok));
    }

    [Test]
    public void An_instant_comes_at_a_time_of_the_machines()
    {
        WhenIs((1_000_000 + 60) * Second, out ulong time);
        Assert.That(time, Is.EqualTo(_time + 60 * NsPerSecond));
        WhenIs(5, out time);
        Assert.That(time, Is.EqualTo(_time), "the past is now");
        WhenIs(ulong.MaxValue, out time);
        Assert.That(time, Is.EqualTo(ulong.MaxValue));
    }

    private static Result Ask(out ulong ticks) => ClockClient.At(CapabilityRegisters.FirstNamed).Now(out ticks);

    private static ulong Now()
    {
        Assert.That(Ask(out ulong ticks), Is.EqualTo(Result.Ok));
        return ticks;
    }

    private static Result WhenIs(ulong ticks, out ulong time) =>
        ClockClient.At(CapabilityRegisters.FirstNamed).WhenIs(ticks, out time);

    private static Result Set(ulong ticks) => ClockSetterClient.At(CapabilityRegisters.FirstNamed + 1).Set(ticks);

    private Result ReadRealTime(FakeCmos cmos, out ulong seconds)
    {
        HostedProcess driver = _system.AddProcess(
            new HostedService(cmos.Grant), new HostedService(message => message.Answer(Result.Ok)));
        _system.Start<RtcDomain>(driver);
        _system.AddProcess(new HostedStart(driver, Message.Payload(0, 0))).Enter(named: 1);
        return RealTimeClockClient.At(CapabilityRegisters.FirstNamed).Read(out seconds);
    }

    /// <summary>The chip behind ports 0x70 and 0x71.</summary>
    private sealed class FakeCmos
    {
        private const uint StatusA = 0x0A;

        private uint _index;
        private int _boot;

        /// <summary>Times that an update is under way when it is asked.</summary>
        public int UpdatesLeft { get; set; }

        /// <summary>Times that the seconds change after they were read.</summary>
        public int ChangesLeft { get; set; }

        /// <summary>The device grant gives nothing.</summary>
        public bool IsLocked { get; init; }

        public int Opened { get; private set; }

        public bool IsNmiMasked { get; private set; }

        private int Seconds { get; set; } = 5;

        public void Restart() => _boot++;

        public void Grant(HostedMessage message)
        {
            bool isAsked = message.Order == DeviceGrantOrder.OpenPorts && message.Words[0] == 0x70
                && message.Words[1] == 2;
            int boot = _boot;
            Opened++;
            message.Answer(isAsked && !IsLocked ? Result.Ok : Result.LimitReached);
            message.Capabilities[0] = isAsked && !IsLocked
                ? new HostedService(access => Access(access, isVoid: boot != _boot))
                : null;
        }

        private void Access(HostedMessage message, bool isVoid)
        {
            (bool isWrite, ulong offset) = (message.Order == IoPortOrder.Write, message.Words[0]);
            if (isVoid || message.Words[1] != 1 || offset != (isWrite ? 0u : 1u))
            {
                message.Answer(isVoid ? Result.VoidCapability : Result.BadArgument);
                return;
            }

            if (isWrite)
            {
                _index = (uint)message.Words[2];
                IsNmiMasked |= (_index & 0x80) != 0;
            }

            message.Answer(Result.Ok, isWrite ? 0 : Value());
        }

        private ulong Value()
        {
            switch (_index)
            {
                case StatusA:
                    bool isUpdating = UpdatesLeft > 0;
                    UpdatesLeft -= isUpdating ? 1 : 0;
                    return isUpdating ? 0x80u : 0x26;
                case 0:
                    int seconds = Seconds;
                    Seconds = ChangesLeft > 0 ? seconds % 9 + 1 : seconds;
                    ChangesLeft -= ChangesLeft > 0 ? 1 : 0;
                    return (ulong)seconds;
                default:
                    return _index switch { 2 => 4, 4 => 3, 7 => 2, 8 => 1, 9 => 0x30, 0x32 => 0x20, _ => 2 };
            }
        }
    }
}
