using System;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Tests.Crash;

/// <summary>A run that has two disks, or may have.</summary>
public abstract class TwoDiskRun : SeededRun
{
    private const uint Scratch = MachineFrames + 1;

    private readonly LayeredImage[][] _images;

    protected TwoDiskRun(BaseVolume[] bases, CrashStatistics statistics)
        : base(bases, statistics)
    {
        _images = Array.ConvertAll(bases, one => new LayeredImage[]
        {
            new(one.Image.BlockCount, one.Image),
            new(one.Image.BlockCount, one.Image),
        });
        Disks = _images[0];
    }

    /// <summary>What is on the disks, by their numbers.</summary>
    protected LayeredImage[] Disks { get; private set; }

    /// <summary>Has both disks say that both are in step, as whoever makes a mirror does.</summary>
    public static void Pair(PhysicalMemory memory, uint pfn, in VolumeGeometry geometry, ulong id, LayeredImage[] disks)
    {
        for (int member = 0; member < disks.Length; member++)
        {
            memory.Clear(pfn);
            ref MirrorRecord record = ref memory.As<MirrorRecord>(pfn);
            record.InStep = MirrorRecord.Both;
            record.Member = (uint)member;
            BlockHeader.Seal(memory, pfn, MirrorRecord.MagicValue, id, 1);
            for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
            {
                disks[member].Write((int)geometry.MirrorBlock(copy), memory.Bytes(pfn));
            }
        }
    }

    protected override void Prepare()
    {
        Disks = _images[BaseNumber];
        foreach (LayeredImage disk in Disks)
        {
            disk.Clear();
        }
    }

    /// <summary>From here on the disks are a mirror.</summary>
    protected void Pair() => Pair(Machine.Memory, Scratch, Base.Geometry, BaseVolume.Id, Disks);

    /// <summary>The power goes from all disks that are there.</summary>
    protected void CutAll()
    {
        using StepScope step = History.Begin(isNeeded: true);
        int pending = Machine.Disk.PendingCount + (Machine.Second?.PendingCount ?? 0);
        History.Tell($"the power goes: phase {Machine.CurrentPhase}, {pending} writes not flushed");
        Cut(Machine.Disk);
        if (Machine.Second is { } second)
        {
            Cut(second);
        }
    }

    private void Cut(CrashDisk disk)
    {
        if (!disk.IsGone)
        {
            disk.Cut(disk.Image, CutPattern.Choose(Random, disk.PendingCount));
        }
    }
}
