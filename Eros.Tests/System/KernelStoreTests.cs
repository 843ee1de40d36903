using System;
using System.IO;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>The kernel with the store and a disk, and a process made by hand.</summary>
[TestFixture, Category(TestKind.System)]
public sealed class KernelStoreTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    [Test]
    public void A_process_goes_on_after_the_plug_was_pulled_as_of_a_checkpoint_that_it_waited_for()
    {
        using TemporaryFolder folder = new();
        string disk = Path.Combine(folder.Path, "disk");
        TestPrograms.MakeTicker(disk);
        using (QemuMachine machine = Start(disk))
        {
            machine.Expect("eros: first boot\r\n", _limit);
            machine.Expect("tick c\r\n", _limit);
            machine.Pull();
        }

        using (QemuMachine machine = Start(disk))
        {
            // When "tick c" was written, the checkpoint that has 'b' in it was on the disk.
            string line = machine.Expect(" ms\r\n", _limit);
            Assert.That(line, Does.Match(@"eros: generation \d+, resumed 1 processes in \d+ ms"));
            string tick = machine.Expect("\r\n", _limit);
            Assert.That(tick[^3], Is.GreaterThanOrEqualTo('c'), tick);
        }
    }

    private static QemuMachine Start(string disk)
    {
        string kernel = Repository.PathOf("artifacts/kernel.elf");
        Assert.That(File.Exists(kernel), "build Eros.Hal/Image first");
        return QemuMachine.Start(new MachineOptions { Kernel = kernel, Disk = Drive.File(disk) }, _limit * 2);
    }
}
