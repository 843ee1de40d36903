using System;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

[TestFixture, Category(TestKind.System)]
public sealed class QemuMachineTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Test]
    public void What_is_typed_reaches_the_machine_and_its_answer_comes_back()
    {
        using var folder = new TemporaryFolder();
        using QemuMachine machine = StartEcho(folder, new MachineOptions());
        machine.Expect("!", Limit);
        machine.Type("hello\r");
        Assert.That(machine.Expect("hello\r", Limit), Is.EqualTo("hello\r"));
    }

    [Test]
    public void A_pulled_plug_ends_it_at_once_and_says_so_to_who_waits()
    {
        using var folder = new TemporaryFolder();
        using QemuMachine machine = StartEcho(folder, new MachineOptions());
        machine.Expect("!", Limit);
        machine.Pull();
        Assert.That(machine.HasExited);
        Assert.That(() => machine.Expect("more", Limit), Throws.TypeOf<MachineException>().With.Message.Contains("QEMU ended"));
    }

    [Test]
    public void The_debug_port_hears_marks()
    {
        using var folder = new TemporaryFolder();
        using var port = new DebugPort(folder.Path);
        using QemuMachine machine = StartEcho(folder, new MachineOptions { DebugSocket = port.Path });
        Assert.That(port.WaitFor(MachineMark.Entry, 0, Limit), machine.Output + machine.Errors);
    }

    [Test]
    public void A_machine_past_its_time_limit_is_ended()
    {
        using var folder = new TemporaryFolder();
        string disk = folder.File("disk.img");
        EchoSector.WriteTo(disk);
        using QemuMachine machine =
            QemuMachine.Start(new MachineOptions { Disk = Drive.File(disk) }, TimeSpan.FromMilliseconds(200));
        Assert.That(machine.WaitForExit(Limit), Is.Not.Zero);
    }

    [Test]
    public void What_QEMU_complains_of_is_in_the_error()
    {
        using QemuMachine machine = QemuMachine.Start(new MachineOptions { Extra = ["-no-such-option"] }, Limit);
        Assert.That(() => machine.Expect("x", Limit), Throws.TypeOf<MachineException>());
        machine.WaitForExit(Limit);
        Assert.That(machine.Errors, Does.Contain("no-such-option"));
    }

    private static QemuMachine StartEcho(TemporaryFolder folder, MachineOptions options)
    {
        string disk = folder.File("disk.img");
        EchoSector.WriteTo(disk);
        return QemuMachine.Start(options with { Disk = Drive.File(disk) }, Limit);
    }
}
