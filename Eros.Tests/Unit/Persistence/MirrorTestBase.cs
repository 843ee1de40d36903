using System;
using System.Linq;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>A volume on two disks that are in step; the machine is off.</summary>
public abstract class MirrorTestBase
{
    protected StoreFixture Fixture { get; private set; } = null!;
    protected LayeredImage[] Disks { get; private set; } = null!;

    protected SimulatedMachine Machine => Fixture.Machine;

    [SetUp]
    public void SetUp()
    {
        Fixture = new StoreFixture();
        Fixture.BootRight();
        Disks = [Fixture.Image, StoreFixture.NewDisk()];
        TwoDiskRun.Pair(Machine.Memory, (uint)SeededRun.MachineFrames + 1, Fixture.Geometry, BaseVolume.Id, Disks);
    }

    [TearDown]
    public void TearDown() => Fixture.Dispose();

    protected (ulong Events, uint InStep, uint Member) Record(LayeredImage disk)
    {
        ReadOnlySpan<byte> block = disk.Read((int)Fixture.Geometry.MirrorBlock(0));
        Assert.That(block.SequenceEqual(disk.Read((int)Fixture.Geometry.MirrorBlock(1))), Is.True);
        return (BitConverter.ToUInt64(block[16..]), BitConverter.ToUInt32(block[24..]),
            BitConverter.ToUInt32(block[28..]));
    }

    /// <summary>Makes all headers another volume's.</summary>
    protected void Rename(LayeredImage disk, ulong id)
    {
        ChangeHeader(disk, 0, id);
        ChangeHeader(disk, disk.BlockCount - 1, id);
    }

    /// <summary>Gives a volume header another id, and its log more blocks.</summary>
    protected void ChangeHeader(LayeredImage disk, int number, ulong id, byte growth = 0)
    {
        const uint Scratch = SeededRun.MachineFrames + 2;
        Span<byte> block = Machine.Memory.Bytes(Scratch);
        disk.Read(number).CopyTo(block);
        block[40] += growth;
        BlockHeader.Seal(Machine.Memory, Scratch, VolumeHeader.MagicValue, id, 0);
        disk.Write(number, block);
    }

    /// <summary>Has the volume headers of a disk say another format.</summary>
    protected void MakeFormat(LayeredImage disk, uint format)
    {
        const uint Scratch = SeededRun.MachineFrames + 2;
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            int number = (int)Fixture.Geometry.VolumeHeaderBlock(copy);
            Span<byte> block = Machine.Memory.Bytes(Scratch);
            disk.Read(number).CopyTo(block);
            Machine.Memory.As<VolumeHeader>(Scratch).Format = format;
            BlockHeader.Seal(Machine.Memory, Scratch, VolumeHeader.MagicValue, BaseVolume.Id, 0);
            disk.Write(number, block);
        }
    }

    /// <summary>Begins to write what a block holds, past the store.</summary>
    protected void WriteAgain(ulong block, out DiskTransfer transfer)
    {
        transfer = new DiskTransfer { FirstBlock = block, Count = 1 };
        transfer.Frames[0] = SeededRun.MachineFrames + 3;
        Machine.Mirror.Start(transfer);
        Assert.That(Machine.Mirror.Wait(transfer), Is.EqualTo(Outcome.Ok));
        transfer.IsWrite = true;
        Machine.Mirror.Start(transfer);
    }

    protected void Migrate() => Assert.That(Fixture.Store.Migrate(), Is.EqualTo(Outcome.Ok));

    /// <summary>So many pieces are copied, or looked for where to.</summary>
    protected void Copy(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Machine.Mirror.Work();
        }
    }

    /// <summary>Has what was saved with both disks at home; a frame there, and its block.</summary>
    protected (ulong Frame, ulong Block) BringHome()
    {
        BootBoth();
        Save();
        Migrate();
        ulong frame = FrameWithImage();
        return (frame, Fixture.Geometry.HomeBlock(frame));
    }

    protected void BootBothAndChange()
    {
        BootBoth();
        Migrate();
        Fixture.Change(20);
    }

    protected void BootBoth()
    {
        StoreModel model = Machine.Model;
        RecoveryResult result = Machine.Boot(Disks[0], Disks[1]);
        Demand(result, model);
    }

    protected void BootOne(LayeredImage disk)
    {
        StoreModel model = Machine.Model;
        RecoveryResult result = Machine.Boot(disk);
        Demand(result, model);
    }

    protected void Demand(in RecoveryResult result, StoreModel model)
    {
        Assert.That(
            StateChecker.Check(Machine, result, model, model.Acknowledged, Fixture.Changer), Is.Null);
        Machine.Model = model.RestartedAt(result.Generation);
    }

    protected void Save()
    {
        Migrate();
        Fixture.Store.Tend();
        Fixture.Change(20);
        Assert.That(Fixture.Store.Checkpoint(), Is.EqualTo(Outcome.Ok));
    }

    protected void DemandUntouched()
    {
        Assert.That(Machine.Disk.BlocksWritten, Is.Zero);
        Assert.That(Machine.Second!.BlocksWritten, Is.Zero);
    }

    protected void DemandEqual()
    {
        for (int block = 0; block < Disks[0].BlockCount; block++)
        {
            bool isRecord = (ulong)block == Fixture.Geometry.MirrorBlock(0)
                || (ulong)block == Fixture.Geometry.MirrorBlock(1);
            Assert.That(isRecord || Disks[0].Read(block).SequenceEqual(Disks[1].Read(block)), Is.True, $"{block}");
        }
    }

    protected ulong FrameWithImage() => Machine.Model.At(Fixture.Store.CommittedGeneration)!.Frames
        .First(pair => pair.Value.Kind == FrameKind.Process).Key;

    protected bool HasReport(StoreMessage message) => Machine.Reports.Any(report => report.Message == message);
}
