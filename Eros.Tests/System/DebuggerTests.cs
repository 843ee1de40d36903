using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>`debug`: domains are looked at while they run, and ended.</summary>
[TestFixture, Category(TestKind.System)]
public sealed class DebuggerTests
{
    [Test]
    public void A_domain_shows_where_it_is_what_it_has_and_can_be_ended()
    {
        using ErosMachine machine = new();
        machine.Boot();
        string shell = machine.Run("debug shell");
        Assert.That(shell, Does.StartWith("waits for an answer\n"));
        Assert.That(shell, Does.Match(
            @"(?s)at Eros\.Domains\.Shell\.ShellDomain\.Run in Eros\.Domains/Shell/ShellDomain\.cs:[0-9]+\n"
            + @".*at Eros\.Domains\.Runtime\.Domain\.Run .*\n  rip   0000000000[0-9a-f]{6}  rsp   0000000000bf"));
        Assert.That(machine.Run("debug spin"), Does.StartWith("runs\n"));
        Assert.That(machine.Run("debug counter caps"), Does.Contain("schedule schedule").And.Contain("space    space"));
        Assert.That(
            machine.Run("debug counter memory bfffff 2"),
            Does.Match("^  000000bfffff  [0-9a-f]{2}  .*\n  no memory at 000000c00000"));
        Assert.That(machine.Run("debug counter memory zero"), Does.StartWith("usage: debug NAME"));
        Assert.That(machine.Run("debug counter resume"), Is.EqualTo("it is not stopped"));
        Assert.That(machine.Run("debug nobody"), Is.EqualTo("no domain nobody; ps lists them"));

        Assert.That(machine.Run("debug mailbox destroy"), Does.StartWith("mailbox has not stopped; "));
        Assert.That(machine.Run("debug mailbox destroy now"), Is.EqualTo("it is no more"));
        Assert.That(machine.Run("debug mailbox"), Is.EqualTo("mailbox is no more"));
        foreach (string vital in (string[])["bank", "agent", "warden", "space-keeper", "counter", "watcher", "shell"])
        {
            Assert.That(machine.Run($"debug {vital} destroy now"), Does.StartWith($"{vital} is vital"));
        }

        Assert.That(machine.Run("counter"), Is.EqualTo("counter 1"), "the others go on");
    }
}
