using System;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>A simulated machine over a volume with objects, for one test.</summary>
public sealed class StoreFixture : IDisposable
{
    private static readonly BaseVolume _base = BaseVolume.Make(0);

    private readonly SeededRandom _random = new(42);

    /// <param name="mostKept">Generations that stay in the log.</param>
    public StoreFixture(ulong mostKept = 0)
    {
        Image = new LayeredImage(_base.Image.BlockCount, _base.Image);
        Machine = new SimulatedMachine(SeededRun.MachineFrames, Image) { Model = _base.Model, MostKept = mostKept };
    }

    public SimulatedMachine Machine { get; }

    public LayeredImage Image { get; }

    /// <summary>Another disk that holds the same.</summary>
    public static LayeredImage NewDisk() => new(_base.Image.BlockCount, _base.Image);

    public SingleLevelStore Store => Machine.Store;

    public ObjectChanger Changer => _base.Changer;

    /// <summary>Where things are on the volume. Valid after the first boot.</summary>
    public VolumeGeometry Geometry => Store.Geometry;

    public void Dispose() => Machine.Dispose();

    /// <summary>Boots a disk after the second reader and a machine of its own have found the same on it.</summary>
    public RecoveryResult Boot(
        LayeredImage? image = null,
        uint protocol = SimulatedMachine.Protocol,
        ulong features = SimulatedMachine.ProcessorFeatures,
        Predicate<(ulong Block, bool IsWrite)>? fails = null)
    {
        image ??= Image;
        using (var other = new SimulatedMachine(SeededRun.MachineFrames, image))
        {
            RecoveryResult result = other.Boot(image, protocol, features, fails);
            Assert.That(StateChecker.CheckReading(other, result, Changer), Is.Null);
        }

        return Machine.Boot(image, protocol, features, fails);
    }

    /// <summary>Boots, and demands that all is as the model says.</summary>
    public void BootRight()
    {
        StoreModel model = Machine.Model;
        RecoveryResult result = Machine.Boot(Image);
        Assert.That(StateChecker.Check(Machine, result, model, model.Acknowledged, Changer), Is.Null);
        Machine.Model = model.RestartedAt(result.Generation);
    }

    /// <summary>Boots right, migrates, and changes some objects.</summary>
    public void BootAndChange(int changes = 40)
    {
        BootRight();
        Assert.That(Store.Migrate(), Is.EqualTo(Outcome.Ok));
        Change(changes);
    }

    public void Change(int changes)
    {
        for (int i = 0; i < changes; i++)
        {
            Changer.Change(Machine, _random);
        }
    }

    /// <summary>The block of the second copy of a generation's header in the log, by its checkpoint header.</summary>
    public ulong RootBlock(ulong generation)
    {
        ReadOnlySpan<byte> header = Image.Read((int)Geometry.CheckpointHeaderBlock(generation, 0));
        int last = BitConverter.ToInt32(header[64..]) - 1;
        return Geometry.LogBlock(BitConverter.ToUInt64(header[(136 + (16 * last))..]));
    }

    /// <summary>Flips a bit in both copies of a generation's header.</summary>
    public void DamageRoot(ulong generation)
    {
        ulong block = RootBlock(generation);
        Damage(block);
        Damage(block == Geometry.LogFirst ? Geometry.LogFirst + Geometry.LogBlocks - 1 : block - 1);
    }

    /// <summary>The first block of a generation in the log: an image of a frame.</summary>
    public ulong FirstBlock(ulong generation) =>
        Geometry.LogBlock(BitConverter.ToUInt64(Image.Read((int)RootBlock(generation))[24..]));

    /// <summary>All clean frames leave memory, pinned ones too: as if there were too many of these.</summary>
    public void EvictAll()
    {
        uint pinned = Machine.Frames.PinnedFrames;
        Machine.Frames.PinnedFrames = uint.MaxValue;
        foreach (ulong frame in Changer.Frames)
        {
            Machine.Evict(frame);
        }

        Machine.Frames.PinnedFrames = pinned;
    }

    /// <summary>Flips a bit of a block on the disk.</summary>
    public void Damage(ulong block) => Image.Writable((int)block)[100] ^= 4;

    /// <summary>Boots a volume that must be refused, and demands that nothing was written.</summary>
    public StoreMessage Refusal(LayeredImage? image = null)
    {
        RecoveryResult result = Boot(image);
        Assert.That(result.IsMounted, Is.False);
        Assert.That(Machine.Disk.BlocksWritten, Is.Zero, "a refused disk is left as it is");
        return result.Refusal;
    }

    public bool HasReport(StoreMessage message, ulong first)
    {
        foreach ((StoreMessage reported, ulong number, _) in Machine.Reports)
        {
            if (reported == message && number == first)
            {
                return true;
            }
        }

        return false;
    }
}
