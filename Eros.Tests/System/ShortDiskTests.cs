using System;
using System.IO;
using Eros.Build.Qemu;
using Eros.Build.Volume;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>Volumes that are larger than the disk that they are on.</summary>
[TestFixture, Category(TestKind.System)]
public sealed class ShortDiskTests
{
    private const int BlockBytes = VolumeHeader.SizeInBytes;

    private ErosMachine _machine = null!;
    private byte[] _disk = null!;

    private ulong Blocks => (ulong)_disk.Length / BlockBytes;

    [SetUp]
    public void MakeMachine()
    {
        _machine = new ErosMachine();
        _disk = File.ReadAllBytes(_machine.Disk);
    }

    [TearDown]
    public void Clean() => _machine.Dispose();

    [Test]
    public void A_truncated_volume_is_refused_with_both_sizes_and_left_as_it_is([Values] Cut cut)
    {
        ulong blocks = Blocks;
        _disk = _disk[..(cut switch
        {
            Cut.Half => _disk.Length / 2,
            Cut.LastSector => _disk.Length - 512,
            _ => BlockBytes,
        })];
        CheckRefusal(blocks);
    }

    [Test]
    public void A_volume_whose_headers_say_more_blocks_than_there_are_is_refused_with_both_sizes_and_left_as_it_is()
    {
        using HostMemory host = new(2);
        _disk.AsSpan(0, BlockBytes).CopyTo(host.Memory.Bytes(1));
        ref VolumeHeader header = ref host.Memory.As<VolumeHeader>(1);
        header.Geometry = new VolumeGeometry(Blocks + 1, header.Geometry.LogBlocks);
        BlockHeader.Seal(host.Memory, 1, VolumeHeader.MagicValue, header.Header.Name, header.Header.Generation);
        host.Memory.Bytes(1).CopyTo(_disk);
        host.Memory.Bytes(1).CopyTo(_disk.AsSpan(^BlockBytes..));
        CheckRefusal(Blocks + 1);
    }

    private void CheckRefusal(ulong blocks)
    {
        File.WriteAllBytes(_machine.Disk, _disk);
        _machine.Start();
        _machine.Expect($"\neros: the volume has {blocks} blocks, its disk only {Blocks}; --fresh starts anew\r\n");
        _machine.Pull();
        Assert.That(File.ReadAllBytes(_machine.Disk).AsSpan().SequenceEqual(_disk));
    }

    /// <summary>How much is missing.</summary>
    public enum Cut
    {
        /// <summary>A block that is half there is none.</summary>
        LastSector,
        Half,

        /// <summary>All but the block that says how many there are.</summary>
        Rest,
    }
}
