using System;
using System.Globalization;
using System.Linq;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>A domain that misbehaves in every way that it knows: one clear line, and nobody else is harmed.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class HostileTests
{
    private const string Place = ", at 0x[0-9a-f]+";
    private const string Cancel = "\x03";
    private const string GivenUp = "^C\r\nhostile: given up; it may still be running\r\neros> ";

    private static readonly (string Kind, string Output)[] _kinds =
    [
        ("null", "hostile: no memory at 0x0" + Place),
        ("kernel", "hostile: no memory at 0xffff800000000000" + Place),
        ("kernel-write", "hostile: no memory at 0xffff800000000000" + Place),
        ("noncanonical", "hostile: protection violation at 0x[0-9a-f]+"),
        ("guard", "hostile: no memory at 0x800000" + Place),
        ("text", "hostile: not allowed at 0x400000" + Place),
        ("data", "hostile: not allowed at 0x[0-9a-f]+" + Place),
        ("wild", "hostile: protection violation at 0x800000000000"),
        ("divide", "hostile: divide error at 0x[0-9a-f]+"),
        ("garbage", "hostile: no such instruction at 0x[0-9a-f]+"),
        ("privileged", "hostile: protection violation at 0x[0-9a-f]+"),
        ("port", "hostile: protection violation at 0x[0-9a-f]+"),
        ("breakpoint", "hostile: breakpoint at 0x[0-9a-f]+"),
        ("step", "hostile: single step at 0x[0-9a-f]+"),
        ("stack", "hostile: no memory at 0x7ffffffffff8" + Place),
        ("interrupt", "hostile: protection violation at 0x[0-9a-f]+"),
        ("send-null", "hostile: no memory at 0x0" + Place),
        ("send-kernel", "hostile: no memory at 0xffff800000000000" + Place),
        ("receive-null", "it came through"),
        ("receive-kernel", "it came through"),
        ("receive-text", "it came through"),
        ("invoke", "[0-9]{3} hostile invocations, all came back"),
        ("hoard", "bought [0-9]+ pages, then a limit is reached; gave them back"),
    ];

    private long _calls;
    private long _steps;

    [Test]
    public void Whatever_a_domain_does_it_is_told_in_a_line_and_the_others_go_on()
    {
        using ErosMachine machine = new();
        machine.Boot();
        machine.Run("set x 42");
        foreach ((string kind, string output) in _kinds)
        {
            Assert.That(machine.RunHostile(kind), Does.Match($"^{output}$"), kind);
            CheckOthers(machine);
        }

        // One that drops its caller's reply, one that computes for ever, and one that is busy when it is called.
        GiveUp(machine, "mute");
        GiveUp(machine, "hang");
        Assert.That(machine.Run("run warden restart hostile"), Is.EqualTo("hostile starts again"));
        Assert.That(machine.Run("run hostile runaway"), Does.StartWith("it runs away"));
        GiveUp(machine, "null");

        Assert.That(machine.Run("checkpoint"), Does.EndWith("committed"));
        machine.Boot();
        Assert.That(machine.Run("ps"), Does.Match("(?m)^hostile +runs$"));
        CheckOthers(machine);
        Assert.That(machine.Run("run warden restart hostile"), Is.EqualTo("hostile starts again"));
        Assert.That(machine.RunHostile("divide"), Does.StartWith("hostile: divide error"));
        CheckOthers(machine);
    }

    private void GiveUp(ErosMachine machine, string kind)
    {
        machine.Console.Type($"run hostile {kind}\r");
        machine.Expect(kind + "\r\n");
        machine.Console.Type(Cancel);
        machine.Expect(GivenUp);
        CheckOthers(machine);
    }

    private void CheckOthers(ErosMachine machine)
    {
        Assert.That(machine.Run("get x"), Is.EqualTo("42"));
        Assert.That(machine.Run("counter"), Is.EqualTo($"counter {++_calls}"));
        long steps = long.Parse(machine.Run("run spin-check"), CultureInfo.InvariantCulture);
        Assert.That(steps, Is.GreaterThanOrEqualTo(_steps));
        _steps = steps;
    }
}
