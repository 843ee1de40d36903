using System;
using System.IO;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

[TestFixture, Category(TestKind.System)]
public sealed class KernelBootTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    [Test]
    public void The_kernel_counts_its_memory_and_marks_its_entry()
    {
        using TemporaryFolder folder = new();
        using DebugPort port = new(folder.Path);
        using QemuMachine machine = Start(new MachineOptions { MemoryMegabytes = 512, DebugPipe = port.Path });
        machine.Expect("eros: 511 MB of memory\r\n", _limit);
        Assert.That(port.WaitFor(MachineMark.Entry, 0, _limit), Is.True);
    }

    [Test]
    public void Memory_above_four_gigabytes_is_counted()
    {
        using QemuMachine machine = Start(new MachineOptions { MemoryMegabytes = 6144 });
        machine.Expect("eros: 6143 MB of memory\r\n", _limit);
    }

    [TestCase("max,-xsave", "XSAVE")]
    [TestCase("max,-avx", "AVX")]
    [TestCase("max,-nx", "NX")]
    [TestCase("Westmere", "XSAVE")]
    public void A_processor_without_what_is_needed_is_refused_in_one_line(string processor, string named)
    {
        using QemuMachine machine = Start(new MachineOptions { Extra = ["-cpu", processor] });
        string line = machine.Expect("\n", _limit);
        line = line.Contains("eros:", StringComparison.Ordinal) ? line : machine.Expect("\n", _limit);
        Assert.That(line, Does.Contain("eros: this processor lacks ").Or.Contain("eros: this processor has no "));
        Assert.That(line, Does.Contain(named));
    }

    private static QemuMachine Start(MachineOptions options)
    {
        string kernel = Repository.PathOf("artifacts/kernel.elf");
        Assert.That(File.Exists(kernel), "build Eros.Hal/Image first");
        return QemuMachine.Start(options with { Kernel = kernel }, _limit * 2);
    }
}
