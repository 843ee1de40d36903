using System;
using System.IO;
using Eros.Build.Qemu;
using Eros.Persistence.Base;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>Machines with little memory: one clear line, or they work; and nothing is written by who refuses.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class SmallMemoryTests
{
    /// <summary>Megabytes of the smallest machine that the system begins on.</summary>
    private const int Enough = 8;

    // 1600K is the least with which QEMU and its firmware start a kernel.
    [TestCase("1600K")]
    [TestCase("2")]
    [TestCase("4")]
    [TestCase("7")]
    public void Too_little_memory_is_refused_with_what_is_needed_and_the_disk_left_as_it_is(string memory)
    {
        using ErosMachine machine = new();
        byte[] before = File.ReadAllBytes(machine.Disk);
        machine.Start(new MachineOptions { Extra = ["-m", memory] });
        machine.Expect($"\neros: too little memory: {Enough} MB are needed beside a boot module\r\n");
        Assert.That(Lines(machine.Console), Is.EqualTo(1));
        machine.Pull();
        Assert.That(File.ReadAllBytes(machine.Disk).AsSpan().SequenceEqual(before));
    }

    [Test]
    public void The_smallest_machine_works()
    {
        using ErosMachine machine = new();
        machine.Boot(new MachineOptions { MemoryMegabytes = Enough });
        Assert.That(machine.Run("set x 42"), Is.Empty);
        Assert.That(machine.Run("counter"), Is.EqualTo("counter 1"));
        Assert.That(machine.Run("checkpoint"), Does.EndWith("committed"));
        Assert.That(machine.Run("run spin-check"), Does.Match("^[0-9]+$"));
    }

    [Test]
    public void Processes_that_need_more_than_all_memory_go_on_and_nothing_is_told()
    {
        const int Others = (Enough << 20) / PhysicalMemory.FrameBytes / TestVolume.FramesPerProcess;
        using TemporaryFolder folder = new();
        string disk = folder.File("disk");
        TestPrograms.MakeTickerAmong(disk, Others);
        using (QemuMachine machine = Start(disk, Enough))
        {
            machine.Expect(" MB of memory", ErosMachine.Patience);
            machine.Expect("eros: ", ErosMachine.Patience);
            ExpectTicks(machine);
        }

        using (QemuMachine machine = Start(disk, MachineOptions.DefaultMemoryMegabytes))
        {
            machine.Expect($"resumed {Others + 1} processes", ErosMachine.Patience);
            ExpectTicks(machine);
        }
    }

    /// <summary>Each tick is a checkpoint.</summary>
    private static void ExpectTicks(QemuMachine machine)
    {
        int lines = Lines(machine);
        for (int tick = 0; tick < 20; tick++)
        {
            machine.Expect("tick ", ErosMachine.Patience);
        }

        Assert.That(Lines(machine), Is.EqualTo(lines), "no process is stopped, and nobody waits for room");
    }

    private static int Lines(QemuMachine machine) => machine.Output.Split("eros: ").Length - 1;

    private static QemuMachine Start(string disk, int megabytes) => QemuMachine.Start(
        new MachineOptions { Kernel = ErosMachine.Kernel, Disk = Drive.File(disk), MemoryMegabytes = megabytes },
        ErosMachine.Patience * 2);
}
