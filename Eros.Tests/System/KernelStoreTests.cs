using System;
using System.IO;
using Eros.Build.Qemu;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Iced.Intel;
using NUnit.Framework;
using static Iced.Intel.AssemblerRegisters;

namespace Eros.Tests.SystemTests;

/// <summary>The kernel with the store and a disk, and a process made by hand.</summary>
[TestFixture, Category(TestKind.System)]
public sealed class KernelStoreTests
{
    private const int Grant = 1;
    private const int Checkpoint = 2;
    private const int Session = 5;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    [Test]
    public void A_process_goes_on_after_the_plug_was_pulled_as_of_a_checkpoint_that_it_waited_for()
    {
        using TemporaryFolder folder = new();
        string disk = Path.Combine(folder.Path, "disk");
        using (TestVolume volume = new())
        {
            volume.AddProcess(
                8,
                Tick,
                new Capability(CapabilityType.ConsoleGrant, default, 0),
                new Capability(CapabilityType.Checkpoint, default, 0));
            volume.Save(disk);
        }

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

    /// <summary>Counts in memory: 'tick a', checkpoint, 'tick b' ... A session that died is opened anew.</summary>
    private static void Tick(Assembler c)
    {
        Label start = c.CreateLabel();
        Label loop = c.CreateLabel();
        Label text = c.CreateLabel();
        c.mov(__byte_ptr[TestVolume.DataAddress], 'a');
        c.Label(ref start);
        Call(c, Grant, ConsoleGrantOrder.OpenSession, receive: InvocationWord.Registers(Session));
        c.Label(ref loop);
        c.mov(al, __byte_ptr[TestVolume.DataAddress]);
        c.mov(rbx, __qword_ptr[text]);
        c.mov(__qword_ptr[TestVolume.DataAddress + 16], rbx);
        c.mov(__byte_ptr[TestVolume.DataAddress + 21], al);
        c.mov(r9d, (uint)TestVolume.DataAddress + 16);
        c.mov(r10d, 8);
        Call(c, Session, ConsoleSessionOrder.Write, hasString: true);
        c.test(edi, edi);
        c.jnz(start);
        c.inc(__byte_ptr[TestVolume.DataAddress]);
        Call(c, Checkpoint, CheckpointOrder.Take);
        Call(c, Checkpoint, CheckpointOrder.WaitCommitted);
        c.jmp(loop);
        c.Label(ref text);
        c.db("tick ?\r\n"u8.ToArray());
    }

    private static void Call(Assembler c, int invoked, uint order, uint receive = 0, bool hasString = false)
    {
        c.mov(rax, new InvocationWord(InvocationKind.Call, invoked, 0, receive).Value);
        c.mov(edi, order);
        if (!hasString)
        {
            c.xor(r10d, r10d);
        }

        c.syscall();
    }

    private static QemuMachine Start(string disk)
    {
        string kernel = Repository.PathOf("artifacts/kernel.elf");
        Assert.That(File.Exists(kernel), "build Eros.Hal/Image first");
        return QemuMachine.Start(new MachineOptions { Kernel = kernel, Disk = Drive.File(disk) }, _limit * 2);
    }
}
