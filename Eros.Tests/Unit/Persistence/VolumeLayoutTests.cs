using System.Runtime.InteropServices;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>Sizes and offsets of docs/disk-format.md.</summary>
public sealed class VolumeLayoutTests
{
    [Test]
    public unsafe void Every_block_is_4096_bytes()
    {
        Assert.That(sizeof(VolumeHeader), Is.EqualTo(4096));
        Assert.That(sizeof(CheckpointHeader), Is.EqualTo(4096));
        Assert.That(sizeof(GenerationHeader), Is.EqualTo(4096));
        Assert.That(sizeof(DirectoryBlock), Is.EqualTo(4096));
        Assert.That(sizeof(ProcessListBlock), Is.EqualTo(4096));
        Assert.That(sizeof(JournalRecord), Is.EqualTo(4096));
        Assert.That(sizeof(MirrorRecord), Is.EqualTo(4096));
        Assert.That(sizeof(TagBlock), Is.EqualTo(4096));
        Assert.That(sizeof(NodePot), Is.EqualTo(4096));
        Assert.That(sizeof(ProcessFrame), Is.EqualTo(4096));
    }

    [Test]
    public unsafe void Entries_fill_their_blocks()
    {
        Assert.That(sizeof(DirectoryEntry), Is.EqualTo(32));
        Assert.That(sizeof(DirectoryEntries), Is.EqualTo(4096 - 64));
        Assert.That(sizeof(ProcessOids), Is.EqualTo(4096 - 64));
        Assert.That(sizeof(Tag), Is.EqualTo(16));
        Assert.That(sizeof(TagArray), Is.EqualTo(4096 - 64));
        Assert.That(sizeof(PotNodes), Is.EqualTo(4096 - 288));
        Assert.That(sizeof(UnmigratedList), Is.EqualTo(16 * 16));
        Assert.That(sizeof(VolumeGeometry), Is.EqualTo(40));
    }

    [TestCase(typeof(BlockHeader), "Crc", 0)]
    [TestCase(typeof(BlockHeader), "Magic", 4)]
    [TestCase(typeof(BlockHeader), "Name", 8)]
    [TestCase(typeof(BlockHeader), "Generation", 16)]
    [TestCase(typeof(VolumeHeader), "Format", 24)]
    [TestCase(typeof(VolumeHeader), "Protocol", 28)]
    [TestCase(typeof(VolumeHeader), "Geometry", 32)]
    [TestCase(typeof(VolumeHeader), "Digest", 72)]
    [TestCase(typeof(VolumeGeometry), "Blocks", 0)]
    [TestCase(typeof(VolumeGeometry), "LogFirst", 8)]
    [TestCase(typeof(VolumeGeometry), "LogBlocks", 16)]
    [TestCase(typeof(VolumeGeometry), "HomeFirst", 24)]
    [TestCase(typeof(VolumeGeometry), "HomeFrames", 32)]
    [TestCase(typeof(CheckpointHeader), "TimeNs", 24)]
    [TestCase(typeof(CheckpointHeader), "BootEpoch", 32)]
    [TestCase(typeof(CheckpointHeader), "ProcessorFeatures", 40)]
    [TestCase(typeof(CheckpointHeader), "MigratedGeneration", 48)]
    [TestCase(typeof(CheckpointHeader), "LogEnd", 56)]
    [TestCase(typeof(CheckpointHeader), "UnmigratedCount", 64)]
    [TestCase(typeof(CheckpointHeader), "State", 68)]
    [TestCase(typeof(CheckpointHeader), "MachineId", 72)]
    [TestCase(typeof(CheckpointHeader), "Incarnation", 80)]
    [TestCase(typeof(CheckpointHeader), "ClusterCut", 88)]
    [TestCase(typeof(CheckpointHeader), "ProcessFrames", 96)]
    [TestCase(typeof(CheckpointHeader), "PinnedFrames", 100)]
    [TestCase(typeof(CheckpointHeader), "Unmigrated", 128)]
    [TestCase(typeof(GenerationHeader), "FirstPosition", 24)]
    [TestCase(typeof(GenerationHeader), "Blocks", 32)]
    [TestCase(typeof(GenerationHeader), "DirectoryPosition", 40)]
    [TestCase(typeof(GenerationHeader), "FrameCount", 48)]
    [TestCase(typeof(GenerationHeader), "TagCount", 52)]
    [TestCase(typeof(GenerationHeader), "ProcessPosition", 56)]
    [TestCase(typeof(GenerationHeader), "ProcessCount", 64)]
    [TestCase(typeof(DirectoryBlock), "VolumeId", 24)]
    [TestCase(typeof(DirectoryBlock), "Entries", 64)]
    [TestCase(typeof(DirectoryEntry), "Frame", 0)]
    [TestCase(typeof(DirectoryEntry), "Position", 8)]
    [TestCase(typeof(DirectoryEntry), "Version", 16)]
    [TestCase(typeof(DirectoryEntry), "Crc", 20)]
    [TestCase(typeof(DirectoryEntry), "Kind", 24)]
    [TestCase(typeof(DirectoryEntry), "Flags", 25)]
    [TestCase(typeof(ProcessListBlock), "VolumeId", 24)]
    [TestCase(typeof(ProcessListBlock), "Oids", 64)]
    [TestCase(typeof(TagBlock), "FirstFrame", 8)]
    [TestCase(typeof(TagBlock), "Tags", 64)]
    [TestCase(typeof(Tag), "Version", 0)]
    [TestCase(typeof(Tag), "Crc", 4)]
    [TestCase(typeof(Tag), "Kind", 8)]
    [TestCase(typeof(Tag), "Flags", 9)]
    [TestCase(typeof(NodePot), "Nodes", 288)]
    [TestCase(typeof(Node), "Version", 0)]
    [TestCase(typeof(Node), "Kind", 4)]
    [TestCase(typeof(Node), "SlotLog2", 5)]
    [TestCase(typeof(Node), "Flags", 6)]
    [TestCase(typeof(Node), "Word", 8)]
    [TestCase(typeof(Node), "Slots", 32)]
    public void Fields_are_where_the_format_says(System.Type type, string field, int offset) =>
        Assert.That((int)Marshal.OffsetOf(type, field), Is.EqualTo(offset));

    [TestCase(typeof(JournalRecord), "Page", 24)]
    [TestCase(typeof(JournalledPage), "Frame", 0)]
    [TestCase(typeof(JournalledPage), "Version", 8)]
    [TestCase(typeof(JournalledPage), "Crc", 12)]
    [TestCase(typeof(MirrorRecord), "InStep", 24)]
    [TestCase(typeof(MirrorRecord), "Member", 28)]
    public void Fields_of_journal_and_mirror_are_where_the_format_says(System.Type type, string field, int offset) =>
        Fields_are_where_the_format_says(type, field, offset);

    [Test]
    public void Every_home_frame_and_tag_block_has_a_block_of_its_own()
    {
        var geometry = new VolumeGeometry(blocks: 1500, logBlocks: 100);
        Assert.That(geometry.IsPossible, Is.True);
        var taken = new System.Collections.Generic.HashSet<ulong>();
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            Take(geometry.VolumeHeaderBlock(copy));
            Take(geometry.CheckpointHeaderBlock(6, copy));
            Take(geometry.CheckpointHeaderBlock(7, copy));
            Take(geometry.MarkBlock(copy));
            Take(geometry.MirrorBlock(copy));
        }

        for (ulong position = 1; position <= 100; position++)
        {
            Take(geometry.LogBlock(position));
        }

        for (ulong record = 0; record < VolumeGeometry.JournalRecords; record++)
        {
            Take(geometry.JournalBlock(record));
            Take(geometry.JournalBlock(record) + 1);
        }

        for (ulong cluster = 0; cluster < geometry.Clusters; cluster++)
        {
            Take(geometry.TagBlockOf(cluster));
        }

        for (ulong frame = 0; frame < geometry.HomeFrames; frame++)
        {
            Take(geometry.HomeBlock(frame));
        }

        Assert.That(taken, Has.Count.EqualTo(1500), "and no block is wasted");

        void Take(ulong block)
        {
            Assert.That(block, Is.LessThan(1500ul));
            Assert.That(taken.Add(block), Is.True, $"block {block} twice");
        }
    }

    [Test]
    public void Every_size_of_disk_has_a_possible_geometry_or_none()
    {
        for (ulong blocks = 0; blocks < 3000; blocks++)
        {
            VolumeGeometry geometry = Eros.Persistence.Volume.VolumeBuilder.GeometryFor(blocks);
            Assert.That(geometry.IsPossible, Is.EqualTo(blocks >= 332), $"{blocks} blocks");
        }
    }
}
