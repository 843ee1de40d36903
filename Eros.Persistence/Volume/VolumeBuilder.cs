// VolumeBuilder: makes an empty volume: generation 0, all frames free. Objects are put there through the store itself,
// so that the first image of a system is a checkpoint (generation 1) like any other.
//
// The volume header comes first off and last on: a disk whose formatting was cut short is no volume.

using System;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Log;
using Eros.Persistence.Store;

namespace Eros.Persistence.Volume;

/// <summary>Formats disks. Takes its buffers at the first use, and keeps them.</summary>
public sealed class VolumeBuilder
{
    private const ulong LogShare = 4;

    // What the largest order of a domain changes at once must fit a generation.
    private const ulong LeastLogBlocks = 3 * VolumeGeometry.MinLogBlocks;

    // 2 GB: a third holds the largest generation that there can be (StoreLimits.GenerationFrames), and its directory.
    private const ulong MaxLogBlocks = 4UL << 17;

    private const ulong Fixed = VolumeGeometry.JournalBlocks + (2 * VolumeGeometry.EndBlocks);

    private readonly MountedVolume _volume;
    private readonly BlockWriter _writer;
    private bool _isOpen;

    /// <param name="volume">Memory, free frames and so on; the disk is set by <see cref="Format"/>.</param>
    public VolumeBuilder(MountedVolume volume)
    {
        _volume = volume;
        _writer = new BlockWriter(volume, StoreLimits.WriteTransfers);
    }

    /// <summary>
    /// The parts of a volume on a disk of that many blocks: a quarter, but no more than 2 GB, is log. May be
    /// impossible.
    /// </summary>
    public static VolumeGeometry GeometryFor(ulong blocks)
    {
        ulong log = blocks / LogShare;
        log = log < MaxLogBlocks ? log : MaxLogBlocks;
        log = log < LeastLogBlocks ? LeastLogBlocks : log;
        return blocks < log + Fixed ? default : new VolumeGeometry(blocks, log);
    }

    /// <summary>
    /// Makes the disk an empty volume; everything on it is lost. NoMemory, DiskError: it is no volume now.
    /// </summary>
    /// <param name="disk">The disk.</param>
    /// <param name="geometry">As <see cref="GeometryFor"/> made it; must be possible, and fit the disk.</param>
    /// <param name="id">Told apart from any other volume's.</param>
    /// <param name="protocol">The protocol version of the domains that will be there.</param>
    /// <param name="digest">32 bytes that identify the composition, or none.</param>
    public Outcome Format(Disk disk, in VolumeGeometry geometry, ulong id, uint protocol, ReadOnlySpan<byte> digest)
    {
        bool isPossible = geometry.IsPossible && geometry.Blocks <= disk.BlockCount;
        Fail.Unless(isPossible, "impossible volume"u8, geometry.Blocks);
        _volume.Use(disk);
        _volume.Describe(id, geometry);
        if (!_isOpen)
        {
            if (_volume.Frames.FreeFrames < _writer.FramesNeeded)
            {
                return Outcome.NoMemory;
            }

            _writer.Open();
            _isOpen = true;
        }

        Outcome outcome = EraseEnds();
        outcome = outcome == Outcome.Ok ? WriteContents() : outcome;
        return outcome == Outcome.Ok ? WriteVolumeHeaders(protocol, digest) : outcome;
    }

    private Outcome EraseEnds()
    {
        for (ulong block = 0; block < VolumeGeometry.EndBlocks; block++)
        {
            Clear();
            _writer.Append(block);
            Clear();
            _writer.Append(_volume.Geometry.Blocks - 1 - block);
        }

        return _writer.FinishAndFlush();
    }

    private Outcome WriteContents()
    {
        PhysicalMemory memory = _volume.Memory;
        for (ulong cluster = 0; cluster < _volume.Geometry.Clusters; cluster++)
        {
            uint pfn = Clear();
            BlockHeader.Seal(memory, pfn, TagBlock.MagicValue, cluster * TagBlock.FramesPerCluster, 0);
            _writer.Append(_volume.Geometry.TagBlockOf(cluster));
        }

        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            uint pfn = Clear();
            memory.As<CheckpointHeader>(pfn).LogEnd = 1;
            BlockHeader.Seal(memory, pfn, CheckpointHeader.MagicValue, _volume.Id, 0);
            _writer.Append(_volume.Geometry.CheckpointHeaderBlock(0, copy));
            pfn = Clear();
            BlockHeader.Seal(memory, pfn, MigrationMark.MagicValue, _volume.Id, 0);
            _writer.Append(_volume.Geometry.MarkBlock(copy));
            pfn = Clear();
            memory.As<MirrorRecord>(pfn).InStep = 1;
            BlockHeader.Seal(memory, pfn, MirrorRecord.MagicValue, _volume.Id, 0);
            _writer.Append(_volume.Geometry.MirrorBlock(copy));
        }

        for (ulong i = 0; i < VolumeGeometry.JournalBlocks; i++)
        {
            Clear();
            _writer.Append(_volume.Geometry.JournalBlock(0) + i);
        }

        return _writer.FinishAndFlush();
    }

    private Outcome WriteVolumeHeaders(uint protocol, ReadOnlySpan<byte> digest)
    {
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            uint pfn = Clear();
            ref VolumeHeader header = ref _volume.Memory.As<VolumeHeader>(pfn);
            header.Format = VolumeHeader.FormatVersion;
            header.Protocol = protocol;
            header.Geometry = _volume.Geometry;
            for (int i = 0; i < digest.Length && i < VolumeHeader.DigestBytes; i++)
            {
                header.Digest[i] = digest[i];
            }

            BlockHeader.Seal(_volume.Memory, pfn, VolumeHeader.MagicValue, _volume.Id, 0);
            _writer.Append(_volume.Geometry.VolumeHeaderBlock(copy));
        }

        return _writer.FinishAndFlush();
    }

    private uint Clear()
    {
        uint pfn = _writer.Reserve();
        _volume.Memory.Clear(pfn);
        return pfn;
    }
}
