// GenerationHeader: what one generation wrote to the log. Its two copies are the last blocks of the generation; the
// checkpoint header names the position of the second.
//
//     0 crc32c u32 | 4 magic u32 "GEN1" | 8 volume id u64 | 16 generation u64
//    24 first position u64 | 32 blocks u64, all copies included
//    40 position of the directory u64, copy B | 48 frames in it u32 | 52 tag blocks in it u32
//    56 position of the process list u64, copy A | 64 processes u32
//    72 what the checkpoint header of the generation says of its snapshot, in 32 bytes: time u64, boot epoch u64,
//       processor features u64, home frames of processes u32, pinned home frames u32 (format 3: all zero)
//
// Order in the log, without gaps (a generation may run over the end of the log into its beginning):
//    images of frames, by frame number | images of tag blocks, by cluster | process list | directory | and both once
//    more: copy B | this header, twice
// Format 3 had one copy of each.
//
// LogDirectory: blocks of 126 entries, all full but the last. First the frames, strictly ascending; then the tag
// blocks, strictly ascending by their first frame. Every frame that changed in the generation is there, and every tag
// block of such a frame.
//     0 crc32c u32 | 4 magic u32 "DIR1" | 8 number of the block u64 | 16 generation u64 | 24 volume id u64
//    32..63 zero
//    64 + 32 i: frame u64 | position u64, 0 for a null image | version u32 | crc32c u32 | kind u8 | flags u8 (TagFlags)
//               | 6 zero
//
// The CRC is that of the frame's tag: of all 4096 bytes for a page, else the one in the image's own header.
//
// ProcessList: blocks of 504 OIDs, all full but the last: the processes that ran, or waited for the kernel, at the
// snapshot.
//     0 crc32c u32 | 4 magic u32 "PRCS" | 8 number of the block u64 | 16 generation u64 | 24 volume id u64
//    32..63 zero
//    64 + 8 i: OID u64

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eros.Persistence.Layout;

/// <summary>What is to be known of a snapshot besides its objects.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeInBytes)]
public struct SnapshotFacts
{
    public const int SizeInBytes = 32;

    /// <summary>Nanoseconds since the volume was made.</summary>
    public ulong TimeNs;

    /// <summary>The boot epoch of the boot that took it.</summary>
    public ulong BootEpoch;

    /// <summary>The processor features that saved register states rely on.</summary>
    public ulong ProcessorFeatures;

    /// <summary>Home frames of processes.</summary>
    public uint ProcessFrames;

    /// <summary>Home frames that are pinned.</summary>
    public uint PinnedFrames;
}

/// <summary>The root of one generation in the log.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct GenerationHeader
{
    public const int SizeInBytes = 4096;

    /// <summary>"GEN1", little-endian.</summary>
    public const uint MagicValue = 0x314E4547;

    [FieldOffset(0)] public BlockHeader Header;
    [FieldOffset(24)] public ulong FirstPosition;
    [FieldOffset(32)] public ulong Blocks;
    [FieldOffset(40)] public ulong DirectoryPosition;
    [FieldOffset(48)] public uint FrameCount;
    [FieldOffset(52)] public uint TagCount;
    [FieldOffset(56)] public ulong ProcessPosition;
    [FieldOffset(64)] public uint ProcessCount;
    [FieldOffset(72)] public SnapshotFacts Facts;
}

/// <summary>One frame or tag block of a generation.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct DirectoryEntry
{
    public const int SizeInBytes = 32;

    [FieldOffset(0)] public ulong Frame;
    [FieldOffset(8)] public ulong Position;
    [FieldOffset(16)] public uint Version;
    [FieldOffset(20)] public uint Crc;
    [FieldOffset(24)] public FrameKind Kind;
    [FieldOffset(25)] public TagFlags Flags;

    /// <summary>The frame's tag, as it was saved with it.</summary>
    public readonly void CopyTo(ref Tag tag)
    {
        tag.Version = Version;
        tag.Crc = Crc;
        tag.Kind = Kind;
        tag.Flags = Flags;
    }
}

/// <summary>The entries of one directory block.</summary>
[InlineArray(DirectoryBlock.EntryCount)]
public struct DirectoryEntries
{
    private DirectoryEntry _entry0;
}

/// <summary>A block of the log directory.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct DirectoryBlock
{
    public const int SizeInBytes = 4096;
    public const int EntryCount = 126;

    /// <summary>"DIR1", little-endian.</summary>
    public const uint MagicValue = 0x31524944;

    [FieldOffset(0)] public BlockHeader Header;
    [FieldOffset(24)] public ulong VolumeId;
    [FieldOffset(64)] public DirectoryEntries Entries;
}

/// <summary>The OIDs of one process list block.</summary>
[InlineArray(ProcessListBlock.OidCount)]
public struct ProcessOids
{
    private ulong _oid0;
}

/// <summary>A block of the process list.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct ProcessListBlock
{
    public const int SizeInBytes = 4096;
    public const int OidCount = 504;

    /// <summary>"PRCS", little-endian.</summary>
    public const uint MagicValue = 0x53435250;

    [FieldOffset(0)] public BlockHeader Header;
    [FieldOffset(24)] public ulong VolumeId;
    [FieldOffset(64)] public ProcessOids Oids;
}
