using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Eros.Build.Cli;
using Eros.Build.Cli.Running;
using Eros.Build.Plug;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

[TestFixture, Category(TestKind.System)]
public sealed class QemuMachineTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    [Test]
    public void What_is_typed_reaches_the_machine_and_its_answer_comes_back()
    {
        using var folder = new TemporaryFolder();
        using QemuMachine machine = StartEcho(folder, new MachineOptions());
        machine.Expect("!", _limit);
        machine.Type("hello\r");
        Assert.That(machine.Expect("hello\r", _limit), Is.EqualTo("hello\r"));
    }

    [Test]
    public void A_pulled_plug_ends_it_at_once_and_says_so_to_who_waits()
    {
        using var folder = new TemporaryFolder();
        using QemuMachine machine = StartEcho(folder, new MachineOptions());
        machine.Expect("!", _limit);
        machine.Pull();
        Assert.That(machine.HasExited);
        Assert.That(
            () => machine.Expect("more", _limit),
            Throws.TypeOf<MachineException>().With.Message.Contains("QEMU ended"));
    }

    [Test]
    public void A_machine_that_another_ended_is_not_reported_as_late()
    {
        for (int i = 0; i < 10; i++)
        {
            using var folder = new TemporaryFolder();
            using QemuMachine machine = StartEcho(folder, new MachineOptions());
            machine.Expect("!", _limit);
            using Process kill = Process.Start("kill", ["-KILL", $"{machine.ProcessId}"]);
            Assert.That(
                () => machine.Expect("more", _limit),
                Throws.TypeOf<MachineException>().With.Message.Contains("QEMU ended"));
        }
    }

    [Test]
    public void The_debug_port_hears_marks()
    {
        using var folder = new TemporaryFolder();
        using var port = new DebugPort(folder.Path);
        using QemuMachine machine = StartEcho(folder, new MachineOptions { DebugPipe = port.Path });
        Assert.That(port.WaitFor(MachineMark.Entry, 0, _limit), machine.Output + machine.Errors);
    }

    [Test]
    public void A_machine_whose_marks_nobody_asks_for_is_not_held()
    {
        const int Marks = 10_000;
        using var folder = new TemporaryFolder();
        using var port = new DebugPort(folder.Path);
        byte[] marks = new byte[Marks];
        Array.Fill(marks, (byte)MachineMark.Idle);
        Task machine = File.WriteAllBytesAsync(port.Path + ".out", marks);
        Assert.That(machine.Wait(_limit));
        Assert.That(port.Marks, Has.Count.EqualTo(Marks));
    }

    [Test]
    public void An_armed_port_holds_the_machine_at_the_mark_after_those_let_pass()
    {
        using var folder = new TemporaryFolder();
        using var port = new DebugPort(folder.Path);
        using QemuMachine machine = StartEcho(folder, new MachineOptions { DebugPipe = port.Path });
        machine.Expect("!", _limit);
        port.Arm(2);
        machine.Type("abcd");
        machine.Expect("b", _limit);
        Assert.That(port.WaitUntilFull(_limit));
        Assert.That(() => machine.Expect("c", TimeSpan.FromMilliseconds(300)), Throws.TypeOf<MachineException>());
        port.Release();
        machine.Expect("cd", _limit);
        Assert.That(string.Concat(port.Marks.Select(m => (char)m)), Is.EqualTo("kabcd"));
    }

    [Test]
    public void A_machine_past_its_time_limit_is_ended()
    {
        using var folder = new TemporaryFolder();
        string disk = folder.File("disk.img");
        EchoSector.WriteTo(disk);
        using QemuMachine machine =
            QemuMachine.Start(new MachineOptions { Disk = Drive.File(disk) }, TimeSpan.FromMilliseconds(200));
        Assert.That(machine.WaitForExit(_limit), Is.Not.Zero);
    }

    // What it says and its end come by two ways: many times, so that each is the first.
    [Test]
    public void What_QEMU_complains_of_is_in_the_error()
    {
        MachineOptions options = new() { Extra = ["-no-such-option"] };
        for (int i = 0; i < 40; i++)
        {
            using QemuMachine machine = QemuMachine.Start(options, _limit);
            Assert.That(
                () => machine.Expect("x", _limit),
                Throws.TypeOf<MachineException>().With.Message.Contains("no-such-option"));
            machine.WaitForExit(_limit);
            Assert.That(machine.Errors, Does.Contain("no-such-option"));
        }
    }

    [Test]
    public void A_disk_that_a_machine_runs_on_is_not_made_anew()
    {
        using var folder = new TemporaryFolder();
        using QemuMachine machine = StartEcho(folder, new MachineOptions());
        machine.Expect("!", _limit);
        string disk = folder.File("disk.img");
        Assert.That(
            () => MachineDisk.Prepare(disk, disk, fresh: true),
            Throws.TypeOf<UserError>().With.Message.Contains("in use by another machine"));
    }

    [Test]
    public void The_log_that_QEMU_writes_says_what_the_machine_wrote()
    {
        using var folder = new TemporaryFolder();
        string disk = folder.File("disk.img");
        string log = folder.File("disk.log");
        byte[] sector = EchoSector.WriteTo(disk);
        WriteLog.Create(log);
        using (QemuMachine machine = QemuMachine.Start(new MachineOptions { Disk = Drive.Logged(disk, log) }, _limit))
        {
            machine.Expect("!", _limit);
            machine.Pull();
        }

        using FileStream file = File.OpenRead(log);
        WriteLogEntry write = WriteLog.Read(file).Single();
        Assert.That((write.Kind, write.Offset), Is.EqualTo((WriteLogKind.Write, 512L)));
        Assert.That(write.Data, Is.EqualTo(sector));
    }

    private static QemuMachine StartEcho(TemporaryFolder folder, MachineOptions options)
    {
        string disk = folder.File("disk.img");
        EchoSector.WriteTo(disk);
        return QemuMachine.Start(options with { Disk = Drive.File(disk) }, _limit);
    }
}
