// MirrorRecord: which disk of a mirrored volume this is, and what it knows of the other. Two copies on each disk, the
// only blocks in which the disks of a mirror are meant to differ.
//
//     0 crc32c u32 | 4 magic u32 "MIRR" | 8 volume id u64 | 16 events u64
//    24 in step u32: bit m is set when member m holds everything | 28 member u32: 0 or 1, which one this disk is
//    32 .. zero
//
// An event is that a member falls behind, or is in step again. Each raises the count, on every member that is in step
// after it. Valid: crc, magic and volume id fit, in step is 1, 2 or 3, member is 0 or 1. Of two valid copies the one
// with more events counts. A volume that was never mirrored has 0 events, in step 1, member 0.

using System.Runtime.InteropServices;

namespace Eros.Persistence.Layout;

/// <summary>A disk's part in a mirror.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct MirrorRecord
{
    public const int SizeInBytes = 4096;

    /// <summary>"MIRR", little-endian.</summary>
    public const uint MagicValue = 0x5252494D;

    /// <summary>Disks of a mirror.</summary>
    public const int Members = 2;

    /// <summary>Both members hold everything.</summary>
    public const uint Both = 3;

    private const ulong Block = 4;

    /// <summary>Where a copy is, 0 or 1, on a volume of so many blocks.</summary>
    public static ulong BlockOf(ulong blocks, int copy) => copy == 0 ? Block : blocks - 1 - Block;

    /// <summary>Its generation is the count of events.</summary>
    [FieldOffset(0)] public BlockHeader Header;
    [FieldOffset(24)] public uint InStep;
    [FieldOffset(28)] public uint Member;
}
