using System;
using System.Diagnostics;
using System.IO;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>The kernel from an ISO that carries a volume: Multiboot2, a boot module, and the choice of a
/// disk.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class IsoBootTests
{
    private const string Firmware = "/usr/share/ovmf/OVMF.fd";

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(120);

    private TemporaryFolder _folder = null!;

    private string Disk => Path.Combine(_folder.Path, "disk");

    private string Iso => Path.Combine(_folder.Path, "iso");

    [SetUp]
    public void MakeIso()
    {
        _folder = new TemporaryFolder();
        string volume = Path.Combine(_folder.Path, "volume");
        TestPrograms.MakeTicker(volume);
        string kernel = Repository.PathOf("artifacts/kernel.elf");
        Assert.That(File.Exists(kernel), "build Eros.Hal/Image first");
        string tool = AppContext.BaseDirectory.Replace("Eros.Tests", "Eros.Build/Iso", StringComparison.Ordinal);
        string[] arguments = [Path.Combine(tool, "Eros.Build.Iso.dll"), kernel, volume, Iso];
        using Process maker = Process.Start("dotnet", arguments);
        maker.WaitForExit();
        Assert.That(maker.ExitCode, Is.Zero);
    }

    [TearDown]
    public void Clean() => _folder.Dispose();

    [TestCase(null)]
    [TestCase(Firmware)]
    public void Without_a_disk_it_runs_from_memory_and_says_that_nothing_is_kept(string? firmware)
    {
        using QemuMachine machine = Start(new MachineOptions { Iso = Iso, Firmware = firmware });
        machine.Expect("eros: no disk: nothing will be kept\r\n", _limit);
        machine.Expect("eros: first boot\r\n", _limit);
        machine.Expect("tick b\r\n", _limit);
    }

    [Test]
    public void A_blank_disk_is_installed_on_after_a_yes_and_resumed_without_the_iso()
    {
        using (FileStream file = File.Create(Disk))
        {
            file.SetLength(64 << 20);
        }

        using (QemuMachine machine = Start(new MachineOptions { Iso = Iso, Disk = Drive.File(Disk) }))
        {
            machine.Expect("Install Eros on it? (y/n)\r\n", _limit);
            machine.Type("y");
            machine.Expect("eros: installed\r\n", _limit);
            machine.Expect("tick c\r\n", _limit);
        }

        string kernel = Repository.PathOf("artifacts/kernel.elf");
        using (QemuMachine machine = Start(new MachineOptions { Kernel = kernel, Disk = Drive.File(Disk) }))
        {
            machine.Expect("resumed 1 processes", _limit);
        }
    }

    [Test]
    public void A_blank_disk_stays_blank_after_a_no()
    {
        using (FileStream file = File.Create(Disk))
        {
            file.SetLength(64 << 20);
        }

        using (QemuMachine machine = Start(new MachineOptions { Iso = Iso, Disk = Drive.File(Disk) }))
        {
            machine.Expect("(y/n)\r\n", _limit);
            machine.Type("n");
            machine.Expect("tick b\r\n", _limit);
        }

        Assert.That(File.ReadAllBytes(Disk).AsSpan().ContainsAnyExcept((byte)0), Is.False);
    }

    [Test]
    public void A_disk_with_a_volume_is_resumed_and_the_one_on_the_iso_left_alone()
    {
        TestPrograms.MakeTicker(Disk);
        for (int boot = 0; boot < 2; boot++)
        {
            using QemuMachine machine = Start(new MachineOptions { Iso = Iso, Disk = Drive.File(Disk) });
            machine.Expect(boot == 0 ? "eros: first boot" : "resumed 1 processes", _limit);
            machine.Expect(boot == 0 ? "tick c" : "tick ", _limit);
        }
    }

    private static QemuMachine Start(MachineOptions options) => QemuMachine.Start(options, _limit * 2);
}
