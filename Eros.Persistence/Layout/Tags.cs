// Tags: what a volume knows of each home frame without reading it.
//
//  tag block (4096 bytes, one before each cluster of 252 home frames)
//     0 crc32c u32 of bytes 4..4095 | 4 magic u32 | 8 first frame u64 | 16 generation u64 | 24..63 zero
//    64 + 16 i: tag of frame first + i
//  tag   0 version u32 | 4 crc32c u32 | 8 kind u8 | 9 flags u8 (TagFlags) | 10..15 zero
//
// Version: a page's or a process's version; a pot's highest. CRC: of a page's 4096 bytes; of a pot or process the one
// in its header, so that a home block that is valid but old is found out. Version and CRC of a pot or process in memory
// are its own.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eros.Persistence.Layout;

/// <summary>What a home frame holds. The numbers are part of the disk format.</summary>
public enum FrameKind : byte
{
    /// <summary>Never bought, or given back.</summary>
    Free = 0,
    Page = 1,
    Pot = 2,
    Process = 3,

    /// <summary>Not an object: a tag block, where log directories list one.</summary>
    Tag = 4,
}

[System.Flags]
public enum TagFlags : byte
{
    None = 0,

    /// <summary>
    /// The tag says everything and the home block is not read: a free frame, a page of zeros, or a pot of seven void
    /// plain nodes, all of the tag's version.
    /// </summary>
    Null = 1,

    /// <summary>Once it is in memory, the frame stays there.</summary>
    Pinned = 2,
}

/// <summary>The tag of one home frame.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct Tag
{
    public const int SizeInBytes = 16;

    [FieldOffset(0)] public uint Version;
    [FieldOffset(4)] public uint Crc;
    [FieldOffset(8)] public FrameKind Kind;
    [FieldOffset(9)] public TagFlags Flags;
}

/// <summary>The tags of one cluster.</summary>
[InlineArray(TagBlock.FramesPerCluster)]
public struct TagArray
{
    private Tag _tag0;
}

/// <summary>A block of tags, standing before the frames that it describes.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct TagBlock
{
    public const int SizeInBytes = 4096;
    public const int FramesPerCluster = 252;

    /// <summary>"TAG1", little-endian.</summary>
    public const uint MagicValue = 0x31474154;

    [FieldOffset(0)] public uint Crc;
    [FieldOffset(4)] public uint Magic;
    [FieldOffset(8)] public ulong FirstFrame;
    [FieldOffset(16)] public ulong Generation;
    [FieldOffset(64)] public TagArray Tags;
}
