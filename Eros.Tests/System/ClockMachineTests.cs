using System;
using System.Globalization;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>docs/clock.md: the time of day, by the real-time clock of a machine.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class ClockMachineTests
{
    // Between the machine's start and the answer.
    private static readonly TimeSpan _slack = TimeSpan.FromMinutes(5);

    [Test]
    public void The_time_is_right_after_a_power_cut_and_some_time_off_and_never_runs_backwards()
    {
        using ErosMachine machine = new();
        Boot(machine, "2030-02-28T23:59:59");
        DateTime first = Date(machine);
        Assert.That(first, Is.InRange(new DateTime(2030, 2, 28, 23, 59, 59), new DateTime(2030, 3, 1) + _slack));
        machine.Run("checkpoint");

        Boot(machine, "2031-07-01T12:00:00");
        DateTime second = Date(machine);
        DateTime noon = new(2031, 7, 1, 12, 0, 0);
        Assert.That(second, Is.InRange(noon, noon + _slack));
        machine.Run("checkpoint");

        Boot(machine, "2029-01-01T00:00:00");
        Assert.That(Date(machine), Is.InRange(second, second + _slack), "somebody has put the chip's clock back");

        Assert.That(machine.Run("date 2040-13-01 00:00:00"), Does.StartWith("usage: date"));
        Assert.That(machine.Run("date 2040-12-31 23:59:58"), Is.Empty);
        machine.Run("checkpoint");
        Boot(machine, "2029-01-02T00:00:00");
        DateTime set = new(2041, 1, 1, 23, 59, 58);
        Assert.That(Date(machine), Is.InRange(set - _slack, set + _slack));
    }

    private static void Boot(ErosMachine machine, string time) =>
        machine.Boot(new MachineOptions { Extra = ["-rtc", $"base={time}"] });

    private static DateTime Date(ErosMachine machine)
    {
        string text = machine.Run("date");
        Assert.That(text, Does.EndWith(" UTC"));
        return DateTime.ParseExact(text, "yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
    }
}
