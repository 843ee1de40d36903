using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Eros.Build.Cli.Running;
using Eros.Build.Qemu;
using Eros.Build.Volume;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>Older generations of a machine's disk.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class GenerationMachineTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    [Test]
    public void Each_of_the_last_generations_can_be_booted_and_the_disk_stays_as_it_is()
    {
        using TemporaryFolder folder = new();
        string disk = folder.File("disk");
        DiskFile.CopySparse(Repository.PathOf("artifacts/eros.img"), disk);
        using (QemuMachine machine = Start(Drive.File(disk)))
        {
            ErosSession shell = ErosSession.Begin(machine, _limit);
            for (int i = 1; i <= 3; i++)
            {
                shell.Run($"set x {i}", _limit);
                shell.Run("checkpoint", _limit);
            }

            machine.Pull();
        }

        byte[] before = SHA256.HashData(File.ReadAllBytes(disk));
        VolumeReport report = VolumeInspector.Inspect(disk, verify: true);
        ulong[] kept = [.. report.Kept.Select(generation => generation.Generation)];
        Assert.That(kept.TakeLast(3), Is.EqualTo(new[] { 2ul, 3ul, 4ul }));
        foreach (ulong generation in new[] { 2ul, 3ul, 4ul })
        {
            using QemuMachine machine = Start(GenerationLayer.Make(disk, generation, folder.File("layers")));
            ErosSession shell = ErosSession.Begin(machine, _limit);
            Assert.That((ulong)shell.Greeting.Generation, Is.EqualTo(generation));
            Assert.That(shell.Run("get x", _limit), Is.EqualTo($"{generation - 1}"));
            shell.Run("set x changed", _limit);
            shell.Run("checkpoint", _limit);
            machine.Pull();
        }

        Assert.That(SHA256.HashData(File.ReadAllBytes(disk)), Is.EqualTo(before));
        Assert.That(GenerationDiff.Compare(disk, 2, 4), Is.Not.Empty);
    }

    private static QemuMachine Start(Drive drive) => QemuMachine.Start(
        new MachineOptions { Kernel = Repository.PathOf("artifacts/kernel.elf"), Disk = drive }, 4 * _limit);
}
