using System;
using System.Collections.Generic;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Persistence.Volume;

namespace Eros.Tests.Crash;

/// <summary>
/// A volume with objects and a past, which runs begin from. Made from its number alone, and never written again.
/// </summary>
public sealed class BaseVolume
{
    /// <summary>How many there are. In the odd ones the log is so small that every run goes round it.</summary>
    public const int Count = 8;

    /// <summary>Frames that are used, of about a thousand.</summary>
    public const int FramesInUse = 240;

    private const int Clusters = 4;
    private const int LargeLog = 2048;
    private const int DirtyFrames = 70;
    private const int SmallLog = 264;

    /// <summary>The id of each of them.</summary>
    public const ulong Id = 77;

    private BaseVolume(LayeredImage image, in VolumeGeometry geometry, StoreModel model, ObjectChanger changer)
    {
        Image = image;
        Geometry = geometry;
        Model = model;
        Changer = changer;
    }

    /// <summary>Frozen.</summary>
    public LayeredImage Image { get; }

    /// <summary>Where things are on it.</summary>
    public VolumeGeometry Geometry { get; }

    /// <summary>What is on it.</summary>
    public StoreModel Model { get; }

    /// <summary>Changes its objects.</summary>
    public ObjectChanger Changer { get; }

    public static BaseVolume Make(int number)
    {
        var random = new SeededRandom(0xBA5E_0000UL + (ulong)number);
        int log = (number & 1) != 0 ? SmallLog + (7 * number) : LargeLog;
        int home = (Clusters * (TagBlock.FramesPerCluster + 1)) - (11 * number);
        int blocks = log + (int)VolumeGeometry.JournalBlocks + home + (2 * VolumeGeometry.EndBlocks);
        var geometry = new VolumeGeometry((ulong)blocks, (ulong)log);
        var image = new LayeredImage(blocks, below: null);
        var changer = new ObjectChanger(ChooseFrames(random, geometry.HomeFrames));
        using var machine = new SimulatedMachine(SeededRun.MachineFrames, image);
        Format(machine, image, geometry);
        RecoveryResult result = machine.Boot(image);
        Demand(result.IsMounted, "fresh volume was refused");
        machine.Model.TakeSnapshot(0);
        machine.Model = machine.Model.RestartedAt(0);
        Populate(machine, changer, random, generations: 1 + number);
        return new BaseVolume(image, geometry, machine.Model, changer);
    }

    internal static void Format(SimulatedMachine machine, LayeredImage image, in VolumeGeometry geometry)
    {
        machine.Disk.Attach(image);
        var frames = new FrameTable(machine.Memory, SeededRun.MachineFrames, machine);
        frames.AddFreeFrames(1, SeededRun.MachineFrames);
        var volume = new MountedVolume(machine.Memory, frames, machine.Gate, machine);
        var builder = new VolumeBuilder(volume);
        Outcome outcome = builder.Format(machine.Disk, geometry, Id, SimulatedMachine.Protocol, []);
        Demand(outcome == Outcome.Ok, "formatting failed");
    }

    private static void Populate(SimulatedMachine machine, ObjectChanger changer, SeededRandom random, int generations)
    {
        Demand(machine.Store.Migrate() == Outcome.Ok, "migration of nothing failed");
        for (int i = 0; i < generations; i++)
        {
            for (int tries = 0; tries < 2 * DirtyFrames && machine.Frames.DirtyCount < DirtyFrames; tries++)
            {
                changer.Change(machine, random);
            }

            Demand(machine.Store.Checkpoint() == Outcome.Ok, "first checkpoints failed");
            Demand(machine.Store.Migrate() == Outcome.Ok, "first migrations failed");
        }
    }

    private static ulong[] ChooseFrames(SeededRandom random, ulong homeFrames)
    {
        // Half of them side by side, so that neighbours share transfers; the others anywhere.
        var frames = new SortedSet<ulong>();
        for (ulong frame = 0; frame < FramesInUse / 2; frame++)
        {
            frames.Add(frame);
        }

        while (frames.Count < FramesInUse)
        {
            frames.Add((ulong)random.Below((int)homeFrames));
        }

        return [.. frames];
    }

    private static void Demand(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(what);
        }
    }
}
