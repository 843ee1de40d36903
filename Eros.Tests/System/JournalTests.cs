using System;
using System.IO;
using System.Text;
using System.Threading;
using Eros.Build.Qemu;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>A page that is journalled, on a whole machine.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class JournalTests
{
    /// <summary>Of the first block of the log, in the volume header; its blocks follow.</summary>
    private const int LogFirstOffset = 40;

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

    [Test]
    public void A_half_typed_line_outlives_a_power_cut_ahead_of_the_next_checkpoint()
    {
        const string Half = "hello wor";
        using TemporaryFolder folder = new();
        string disk = Path.Combine(folder.Path, "disk");
        DiskFile.CopySparse(Repository.PathOf("artifacts/eros.img"), disk);
        using (QemuMachine machine = Start(disk))
        {
            ErosSession shell = ErosSession.Begin(machine, _limit);
            shell.Run("counter", _limit);
            machine.Type(Half);
            machine.Expect(Half, _limit);
            WaitUntilJournalled(disk, Half);
            machine.Pull();
        }

        using (QemuMachine machine = Start(disk))
        {
            ErosSession shell = ErosSession.BeginAsItStands(machine, _limit);
            Assert.That(shell.Greeting.IsFirstBoot, Is.True, "no checkpoint was made");
            machine.Expect(Half, _limit);
            machine.Type("\u0003");
            machine.Expect(ErosSession.Prompt, _limit);
            machine.Type("\e[A\r");
            machine.Expect("counter 1", _limit);
        }
    }

    /// <summary>The kernel tells nobody when a record of the journal is on the disk: who wants to know looks.</summary>
    private static void WaitUntilJournalled(string disk, string text)
    {
        byte[] wanted = Encoding.Unicode.GetBytes(text);
        using FileStream file = new(disk, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using BinaryReader reader = new(file);
        file.Position = LogFirstOffset;
        ulong journal = reader.ReadUInt64() + reader.ReadUInt64();
        byte[] records = new byte[VolumeGeometry.JournalBlocks * PhysicalMemory.FrameBytes];
        bool isThere = SpinWait.SpinUntil(
            () =>
            {
                file.Position = (long)journal * PhysicalMemory.FrameBytes;
                file.ReadExactly(records);
                return records.AsSpan().IndexOf(wanted) >= 0;
            },
            _limit);
        Assert.That(isThere, "what was typed is in the journal");
    }

    private static QemuMachine Start(string disk) => QemuMachine.Start(
        new MachineOptions { Kernel = Repository.PathOf("artifacts/kernel.elf"), Disk = Drive.File(disk) }, 4 * _limit);
}
