// VolumeHeader: what the volume is. Written once, when the volume is made; blocks 0 and N-1.
//
//     0 crc32c u32 | 4 magic u32 "EROS" | 8 volume id u64 | 16 zero u64
//    24 format u32 | 28 protocol u32 | 32 blocks N u64
//    40 first block of the log u64 | 48 blocks of the log u64
//    56 first block of the home area u64 | 64 home frames u64
//    72 digest of the domains that the volume was composed of, 32 bytes | 104.. zero
//
// Where things are, in blocks of 4096 bytes:
//
//    0            volume header
//    1 + G mod 2  checkpoint header of generation G, copy A
//    3            migration mark, copy A
//    4            mirror record, copy A
//    5 ..         log
//    behind it    journal, 128 blocks
//    .. N-6       home area: clusters of 1 tag block and 252 home frames, the last one perhaps shorter
//    N-1-b        copy B of block b, b = 0..4
//
// Position p of the log (positions only grow; they begin at 1, 0 says "none") is in block first + p mod blocks.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eros.Persistence.Layout;

/// <summary>Bytes that tell one composition of domains from another.</summary>
[InlineArray(VolumeHeader.DigestBytes)]
public struct CompositionDigest
{
    private byte _byte0;
}

/// <summary>The first block of a volume.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct VolumeHeader
{
    public const int SizeInBytes = 4096;

    /// <summary>"EROS", little-endian.</summary>
    public const uint MagicValue = 0x534F5245;

    /// <summary>The format that this source describes.</summary>
    public const uint FormatVersion = 4;

    /// <summary>The oldest format that is mounted: it differs in what generations say of themselves.</summary>
    public const uint OldestFormat = 3;

    /// <summary>Bytes of the composition's digest.</summary>
    public const int DigestBytes = 32;

    [FieldOffset(0)] public BlockHeader Header;
    [FieldOffset(24)] public uint Format;
    [FieldOffset(28)] public uint Protocol;
    [FieldOffset(32)] public VolumeGeometry Geometry;
    [FieldOffset(72)] public CompositionDigest Digest;

    /// <summary>It is of a format that is mounted.</summary>
    public readonly bool IsKnown => Format is >= OldestFormat and <= FormatVersion;
}

/// <summary>Where the parts of a volume are, in blocks.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeInBytes)]
public readonly struct VolumeGeometry
{
    public const int SizeInBytes = 40;

    /// <summary>Copies of the volume header, of each checkpoint header, of the mark and of the mirror record.</summary>
    public const int Copies = 2;

    /// <summary>Blocks at either end of the volume that hold the copies.</summary>
    public const int EndBlocks = 5;

    /// <summary>Least blocks of a log: a generation of a few frames with its directory, three times.</summary>
    public const ulong MinLogBlocks = 64;

    /// <summary>Records of one generation that the journal has room for, each of two blocks.</summary>
    public const ulong JournalRecords = 64;

    /// <summary>Blocks of the journal, which is behind the log.</summary>
    public const ulong JournalBlocks = 2 * JournalRecords;

    private const int CheckpointBlock = 1;
    private const int MarkBlockNumber = 3;
    private const ulong BlockLimit = 1UL << 40;

    public readonly ulong Blocks;
    public readonly ulong LogFirst;
    public readonly ulong LogBlocks;
    public readonly ulong HomeFirst;
    public readonly ulong HomeFrames;

    /// <summary>A volume of <paramref name="blocks"/> blocks, of which <paramref name="logBlocks"/> are log.</summary>
    public VolumeGeometry(ulong blocks, ulong logBlocks)
    {
        Blocks = blocks;
        LogFirst = EndBlocks;
        LogBlocks = logBlocks;
        HomeFirst = LogFirst + logBlocks + JournalBlocks;
        ulong room = blocks - EndBlocks - HomeFirst;
        ulong clusters = (room + TagBlock.FramesPerCluster) / (TagBlock.FramesPerCluster + 1);
        HomeFrames = room - clusters;
    }

    /// <summary>Tag blocks of the volume.</summary>
    public ulong Clusters => (HomeFrames + TagBlock.FramesPerCluster - 1) / TagBlock.FramesPerCluster;

    /// <summary>
    /// Log blocks that one generation may take, its headers and lists included: three always fit, so that the one being
    /// written has room beside all that the header before it lists.
    /// </summary>
    public ulong GenerationBlocks => LogBlocks / 3;

    /// <summary>Log blocks of the largest generation that is read: what earlier versions wrote.</summary>
    public ulong MostGenerationBlocks => LogBlocks / 2;

    /// <summary>True when the parts fit one another and the volume.</summary>
    public bool IsPossible =>
        Blocks < BlockLimit && LogBlocks >= MinLogBlocks && LogBlocks < Blocks && HomeFrames != 0 && HomeFrames < Blocks
        && LogFirst == EndBlocks && HomeFirst == LogFirst + LogBlocks + JournalBlocks
        && HomeFirst + HomeFrames + Clusters + EndBlocks <= Blocks;

    /// <summary>The block of a home frame.</summary>
    public ulong HomeBlock(ulong frame) => HomeFirst + frame + (frame / TagBlock.FramesPerCluster) + 1;

    /// <summary>The block of a cluster's tags.</summary>
    public ulong TagBlockOf(ulong cluster) => HomeFirst + (cluster * (TagBlock.FramesPerCluster + 1));

    /// <summary>The block of a position of the log.</summary>
    public ulong LogBlock(ulong position) => LogFirst + (position % LogBlocks);

    /// <summary>The first of the two blocks of a record of the journal.</summary>
    public ulong JournalBlock(ulong record) => LogFirst + LogBlocks + (2 * record);

    /// <summary>The block of a checkpoint header; <paramref name="copy"/> is 0 or 1.</summary>
    public ulong CheckpointHeaderBlock(ulong generation, int copy) => Copy(CheckpointBlock + (generation & 1), copy);

    /// <summary>The block of a migration mark.</summary>
    public ulong MarkBlock(int copy) => Copy(MarkBlockNumber, copy);

    /// <summary>The block of a mirror record.</summary>
    public ulong MirrorBlock(int copy) => MirrorRecord.BlockOf(Blocks, copy);

    /// <summary>The block of a volume header.</summary>
    public ulong VolumeHeaderBlock(int copy) => Copy(0, copy);

    private ulong Copy(ulong block, int copy) => copy == 0 ? block : Blocks - 1 - block;
}
