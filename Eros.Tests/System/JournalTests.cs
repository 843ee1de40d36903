using System;
using System.IO;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>A page that is journalled, on a whole machine.</summary>
[TestFixture, Category(TestKind.System)]
public sealed class JournalTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    [Test]
    public void A_journalled_page_outlives_a_power_cut_ahead_of_the_next_checkpoint()
    {
        using TemporaryFolder folder = new();
        string disk = Path.Combine(folder.Path, "disk");
        DiskFile.CopySparse(Repository.PathOf("artifacts/eros.img"), disk);
        using (QemuMachine machine = Start(disk))
        {
            ErosSession shell = ErosSession.Begin(machine, _limit);
            Assert.That(shell.Run("note first", _limit), Is.EqualTo("on disk"), "on the pristine generation");
            shell.Run("set x saved", _limit);
            shell.Run("checkpoint", _limit);
            shell.Run("set x lost", _limit);
            Assert.That(shell.Run("note second", _limit), Is.EqualTo("on disk"));
            machine.Pull();
        }

        for (int restart = 0; restart < 2; restart++)
        {
            using QemuMachine machine = Start(disk);
            ErosSession shell = ErosSession.Begin(machine, _limit);
            Assert.That(shell.Greeting.Generation, Is.EqualTo(2));
            Assert.That(shell.Run("get x", _limit), Is.EqualTo("saved"));
            Assert.That(shell.Run("note", _limit), Is.EqualTo(restart == 0 ? "second" : "third"));
            Assert.That(shell.Run("note third", _limit), Is.EqualTo("on disk"), "the journal goes on");
            machine.Pull();
        }
    }

    private static QemuMachine Start(string disk) => QemuMachine.Start(
        new MachineOptions { Kernel = Repository.PathOf("artifacts/kernel.elf"), Disk = Drive.File(disk) }, 4 * _limit);
}
