using System.Diagnostics;
using System.Linq;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.Unit.Qemu;

[TestFixture, Category(TestKind.Unit)]
public sealed class QemuCommandTests
{
    [Test]
    public void The_default_machine_is_the_reference_machine()
    {
        string line = QemuCommand.ShellLine(new MachineOptions { Kernel = "/k.elf", Accelerator = Accelerator.Tcg });
        Assert.That(line, Does.StartWith("qemu-system-x86_64 -M q35 -accel tcg -cpu max -m 512 -kernel /k.elf"));
    }

    [Test]
    public void Headless_serial_has_no_monitor_in_it()
    {
        string line = QemuCommand.ShellLine(new MachineOptions());
        Assert.That(line, Does.Contain("-display none -serial stdio"));
    }

    [Test]
    public void A_terminal_gets_the_monitor_so_that_Ctrl_A_X_works()
    {
        string line = QemuCommand.ShellLine(new MachineOptions { Console = ConsoleMode.Terminal });
        Assert.That(line, Does.Contain("-display none -serial mon:stdio"));
    }

    [Test]
    public void A_comma_in_a_path_is_not_the_end_of_the_path()
    {
        string line = QemuCommand.ShellLine(new MachineOptions { Disk = Drive.File("/a,b.img") });
        Assert.That(line, Does.Contain("-drive file=/a,,b.img,format=raw,if=none,id=disk0"));
    }

    [Test]
    public void Extra_arguments_come_last_and_untouched()
    {
        var options = new MachineOptions { Extra = ["-device", "x y"] };
        Assert.That(QemuCommand.Arguments(options).TakeLast(2), Is.EqualTo(new[] { "-device", "x y" }));
    }

    [TestCase("plain")]
    [TestCase("")]
    [TestCase("it's $HOME `x` \"q\" \\ * ~")]
    [TestCase("line\nbreak")]
    public void A_shell_reads_a_quoted_word_back(string word)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", "printf %s " + QemuCommand.Quote(word)])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.That(shell.StandardOutput.ReadToEnd(), Is.EqualTo(word));
    }

    [Test]
    public void Drive_text_is_told_from_a_path_by_its_equals_sign()
    {
        Assert.That(Drive.IsDriveText("file=x.img,format=raw"), Is.True);
        Assert.That(Drive.IsDriveText("machine/eros.img"), Is.False);
    }
}
