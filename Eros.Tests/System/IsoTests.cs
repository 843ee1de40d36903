using System;
using System.IO;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>The ISO under both firmwares, with every kind of disk.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class IsoTests
{
    private const string Ovmf = "/usr/share/ovmf/OVMF.fd";
    private const long BlankBytes = 256L << 20;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(120);

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase(null)]
    [TestCase(Ovmf)]
    public void With_an_Eros_disk_it_resumes_that(string? firmware)
    {
        string disk = _folder.File("disk.img");
        DiskFile.CopySparse(Repository.PathOf("artifacts/eros.img"), disk);
        using (QemuMachine first = Start(firmware, Drive.File(disk)))
        {
            ErosSession shell = ErosSession.Begin(first, _limit);
            shell.Run("set x 42", _limit);
            shell.Run("checkpoint", _limit);
            first.Pull();
        }

        using QemuMachine second = Start(firmware, Drive.File(disk));
        ErosSession resumed = ErosSession.Begin(second, _limit);
        Assert.That(resumed.Greeting.IsFirstBoot, Is.False);
        Assert.That(resumed.Run("get x", _limit), Is.EqualTo("42"));
    }

    [TestCase(null)]
    [TestCase(Ovmf)]
    public void With_a_blank_disk_it_asks_before_it_installs(string? firmware)
    {
        string disk = _folder.File("blank.img");
        using (FileStream blank = File.Create(disk))
        {
            blank.SetLength(BlankBytes);
        }

        using QemuMachine machine = Start(firmware, Drive.File(disk));
        machine.Expect("?", _limit);
        Assert.That(
            File.ReadAllBytes(disk).AsSpan().IndexOfAnyExcept((byte)0),
            Is.Negative,
            "something was written before the answer");
        machine.Type("y\r");
        ErosSession shell = ErosSession.Begin(machine, _limit);
        Assert.That(shell.Run("checkpoint", _limit), Does.Contain("committed"));
    }

    [TestCase(null)]
    [TestCase(Ovmf)]
    public void Without_a_disk_it_runs_from_memory_and_says_so(string? firmware)
    {
        using QemuMachine machine = Start(firmware, null);
        ErosSession.Begin(machine, _limit);
        Assert.That(machine.Output, Does.Contain("kept"));
    }

    private static QemuMachine Start(string? firmware, Drive? disk) => QemuMachine.Start(
        new MachineOptions { Iso = Repository.PathOf("artifacts/eros.iso"), Firmware = firmware, Disk = disk },
        TimeSpan.FromMinutes(5));
}
