// JournalRecord: a page of data that was made durable ahead of the next checkpoint. A record is two blocks of the
// journal, the page's 4096 bytes and after them this one:
//
//     0 crc32c u32 | 4 magic u32 "JRNL" | 8 name u64: volume id + 64 G + n | 16 generation G u64
//    24 home frame u64 | 32 version u32 | 36 crc32c of the page u32 | rest zero
//
// Record n (0..63) of generation G is in blocks 2 n and 2 n + 1 of the journal (VolumeGeometry.JournalBlock). It counts
// when both blocks are intact and G is the generation that is mounted.
//
// The blocks of records and those of pages never change places. So no page, whatever a program writes there, is ever
// read as a record.

using System.Runtime.InteropServices;

namespace Eros.Persistence.Layout;

/// <summary>What a record is of.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct JournalledPage
{
    public const int SizeInBytes = 16;

    [FieldOffset(0)] public ulong Frame;
    [FieldOffset(8)] public uint Version;
    [FieldOffset(12)] public uint Crc;
}

/// <summary>The second block of a record of the journal.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct JournalRecord
{
    public const int SizeInBytes = 4096;

    /// <summary>"JRNL", little-endian.</summary>
    public const uint MagicValue = 0x4C4E524A;

    [FieldOffset(0)] public BlockHeader Header;
    [FieldOffset(24)] public JournalledPage Page;

    /// <summary>The name of a record.</summary>
    public static ulong NameOf(ulong volumeId, ulong generation, ulong number) =>
        volumeId + (generation * VolumeGeometry.JournalRecords) + number;
}
