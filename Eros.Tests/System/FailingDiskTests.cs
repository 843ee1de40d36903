using System;
using System.Linq;
using Eros.Build.Qemu;
using Eros.Build.Volume;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>A disk that reports errors (QEMU's blkdebug).</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class FailingDiskTests
{
    private const string NotDurable = "no checkpoint: nothing can be made durable";
    private const string WriteError = @"eros: the disk reports a write error at block \d+\r?\n";

    private ErosMachine _machine = null!;
    private int _calls;

    [SetUp]
    public void MakeMachine()
    {
        _machine = new ErosMachine();
        _calls = 0;
    }

    [TearDown]
    public void Clean() => _machine.Dispose();

    [Test]
    public void Write_and_flush_errors_are_told_and_nothing_wrong_is_resumed()
    {
        _machine.Boot();
        Work("1");
        Assert.That(_machine.Run("checkpoint"), Does.EndWith("committed"));

        // Once, in the log: tried again at the next interval, and committed.
        _machine.Pull();
        GenerationReport saved = Inspect().Generation!;
        ulong next = Inspect().Geometry.LogBlock(saved.FirstPosition + saved.LogBlocks);
        DiskFault once = new(DiskRequestKind.Write, next, IsOnce: true);
        _machine.Boot(new MachineOptions
        {
            Disk = Drive.Failing(_machine.Disk, once),
            Extra = ErosMachine.FastClock,
        });
        Work("2");
        int marks = _machine.Marks.Marks.Count;
        Assert.That(_machine.Run("checkpoint"), Is.EqualTo(
            $"eros: the disk reports a write error at block {next}\n"
            + $"eros: generation {saved.Generation + 1} could not be saved; generation {saved.Generation} remains\n"
            + NotDurable));
        Work("3");
        _machine.WaitForCheckpoint(marks);
        _machine.RunUntil("checkpoint", "committed");

        // Always: the last good generation stays, and what cannot be kept is told.
        foreach (DiskRequestKind kind in new[] { DiskRequestKind.Write, DiskRequestKind.Flush })
        {
            _machine.Boot(new MachineOptions { Disk = Drive.Failing(_machine.Disk, new DiskFault(kind)) });
            Assert.That(_machine.Run("get x"), Is.EqualTo("3"));
            int calls = _calls;
            Work("4");
            Assert.That(_machine.Run("checkpoint"), Does.EndWith(NotDurable));
            Work("5");
            _calls = calls;
            Assert.That(_machine.Console.Output, Does.Match(
                (kind == DiskRequestKind.Write ? WriteError : "")
                + @"eros: generation \d+ could not be migrated; it "));
        }

        _machine.Boot();
        Assert.That(_machine.Run("get x"), Is.EqualTo("3"));
        Work("6");
        Assert.That(_machine.Run("checkpoint"), Does.EndWith("committed"));
    }

    [Test]
    public void A_disk_that_cannot_be_read_is_refused_in_one_line()
    {
        _machine.Start(new MachineOptions
        {
            Disk = Drive.Failing(_machine.Disk, new DiskFault(DiskRequestKind.Read)),
        });
        _machine.Expect("eros: the disk cannot be read (block 0)\r\n");
    }

    [Test]
    public void An_object_that_cannot_be_read_costs_its_own_domain_only()
    {
        // The first boot brings domains to where they wait for messages; and all home, once enough has been saved.
        _machine.Boot();
        _machine.Run("set x 42");
        Assert.That(_machine.Run("run hostile receive-null"), Is.EqualTo("it came through"));
        for (int i = 0; i <= CheckpointHeader.MaxUnmigrated; i++)
        {
            Assert.That(_machine.Run("checkpoint"), Does.EndWith("committed"));
        }

        _machine.Pull();
        VolumeReport volume = Inspect();
        ProcessReport counter = Process(volume, "counter");
        ProcessReport hostile = Process(volume, "hostile");
        Oid page = PageOf(volume, hostile, hostile.Frame.Rip);
        ulong processBlock = volume.Geometry.HomeBlock(new Oid(counter.Oid).Frame);
        ulong pageBlock = volume.Geometry.HomeBlock(page.Frame);
        _machine.Boot(new MachineOptions
        {
            Disk = Drive.Failing(
                _machine.Disk,
                new DiskFault(DiskRequestKind.Read, processBlock),
                new DiskFault(DiskRequestKind.Read, pageBlock)),
        });

        Assert.That(_machine.Run("counter"), Is.EqualTo(
            $"eros: object {counter.Oid:x12} cannot be read from the disk (block {processBlock})\n"
            + "counter: the object is damaged on the disk"));

        // The shell, which is answered, and who tells of the fault do not wait for each other.
        string told = _machine.RunHostile("divide");
        const string Stopped = "stopped: bad object at ";
        Assert.That(told, Does.Match(
            $"^eros: object {page.Value:x12} cannot be read from the disk \\(block {pageBlock}\\)\n"
            + "hostile: damaged object at 0x[0-9a-f]+, at 0x[0-9a-f]+"
            + $"(\neros: process [0-9a-f]+ {Stopped}0x[0-9a-f]+)?$"));
        if (!told.Contains(Stopped, StringComparison.Ordinal))
        {
            // It comes last, and may come after the prompt.
            _machine.Expect(Stopped);
        }

        Assert.That(_machine.Run("get x"), Is.EqualTo("42"));
        Assert.That(_machine.Run("run spin-check"), Does.Match("^[0-9]+$"));
        Assert.That(_machine.Run("set x 43"), Is.Empty);
        Assert.That(_machine.Run("checkpoint"), Does.EndWith("committed"));

        _machine.Boot();
        Assert.That(_machine.Run("get x"), Is.EqualTo("43"));
        Assert.That(_machine.Run("counter"), Is.EqualTo("counter 1"), "the disk is well again, and so is the object");
    }

    private VolumeReport Inspect() => VolumeInspector.Inspect(_machine.Disk, verify: true);

    private static ProcessReport Process(VolumeReport volume, string label) =>
        volume.Processes.Single(process => process.Label == label);

    /// <summary>The page at an address of a process; no level of a composed space is skipped.</summary>
    private static Oid PageOf(VolumeReport volume, ProcessReport process, ulong address)
    {
        Capability at = process.Frame.Space;
        while (at.Type != CapabilityType.Page)
        {
            Node node = volume.Nodes.Single(one => one.Oid == at.Oid.Value).Node;
            at = node.Slots[(int)(address >> node.SlotLog2) % Node.SlotCount];
        }

        return at.Oid;
    }

    /// <summary>What the others do is unharmed.</summary>
    private void Work(string value)
    {
        Assert.That(_machine.Run("set x " + value), Does.Not.Contain("x"));
        Assert.That(_machine.Run("get x"), Does.EndWith(value));
        Assert.That(_machine.Run("counter"), Does.EndWith($"counter {++_calls}"));
        Assert.That(_machine.Run("run spin-check"), Does.Match("(^|\n)[0-9]+$"));
    }
}
