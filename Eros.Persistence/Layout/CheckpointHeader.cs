// CheckpointHeader: the commit. Two copies for each of the two newest generations, in the blocks that VolumeGeometry
// says.
//
//     0 crc32c u32 | 4 magic u32 "CKPT" | 8 volume id u64 | 16 generation G u64
//    24 time u64, ns since the volume was made | 32 boot epoch u64 | 40 processor features u64
//    48 newest generation that is wholly at home u64 | 56 position after the log of G u64
//    64 entries of the list u32 | 68 state u32 (0; 1 = prepared, for clusters)
//    72 machine id u64 | 80 incarnation u64 | 88 cluster cut number u64
//    96 home frames of processes u32 | 100 pinned home frames u32 | 104..127 zero
//   128 + 16 i: unmigrated generation u64 | position of its generation header u64; i = 0..15, oldest first, G last
//   rest zero
//
// Valid: crc, magic and volume id fit, and G has the parity of the slot. Write order: everything that the header names,
// flush, copy A, flush (G is committed), copy B, flush. The home frames may be written when both copies and the mark
// are on the disk. processor features: FeatureBits of the machine whose registers the saved processes hold; a machine
// that lacks one refuses.
//
// MigrationMark: two copies. "G is settled": no generation before G is ever mounted again. And home frames may be those
// of generations up to H, so that none before H can be booted.
//     0 crc32c u32 | 4 magic u32 "MARK" | 8 volume id u64 | 16 generation G u64 | 24 H u64 (format 3: 0) | rest zero

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eros.Persistence.Layout;

/// <summary>A generation whose objects are still in the log.</summary>
public struct UnmigratedGeneration
{
    public ulong Generation;

    /// <summary>The log position of its <see cref="GenerationHeader"/>.</summary>
    public ulong Position;
}

/// <summary>The list of <see cref="CheckpointHeader"/>.</summary>
[InlineArray(CheckpointHeader.MaxUnmigrated)]
public struct UnmigratedList
{
    private UnmigratedGeneration _oldest;
}

/// <summary>The block that makes a generation the one to come back to.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct CheckpointHeader
{
    public const int SizeInBytes = 4096;
    public const int MaxUnmigrated = 16;

    /// <summary>"CKPT", little-endian.</summary>
    public const uint MagicValue = 0x54504B43;

    [FieldOffset(0)] public BlockHeader Header;
    [FieldOffset(24)] public ulong TimeNs;
    [FieldOffset(32)] public ulong BootEpoch;
    [FieldOffset(40)] public ulong ProcessorFeatures;
    [FieldOffset(48)] public ulong MigratedGeneration;
    [FieldOffset(56)] public ulong LogEnd;
    [FieldOffset(64)] public uint UnmigratedCount;
    [FieldOffset(68)] public uint State;
    [FieldOffset(72)] public ulong MachineId;
    [FieldOffset(80)] public ulong Incarnation;
    [FieldOffset(88)] public ulong ClusterCut;
    [FieldOffset(96)] public uint ProcessFrames;
    [FieldOffset(100)] public uint PinnedFrames;
    [FieldOffset(128)] public UnmigratedList Unmigrated;
}

/// <summary>The block that says which generations are done with.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct MigrationMark
{
    public const int SizeInBytes = 4096;

    /// <summary>"MARK", little-endian.</summary>
    public const uint MagicValue = 0x4B52414D;

    [FieldOffset(0)] public BlockHeader Header;
    [FieldOffset(24)] public ulong Home;
}
