// BlockHeader: the first bytes of every block that has a header: all but pages.
//
//   0 crc32c u32 of bytes 4..4095 | 4 magic u32 | 8 name u64 | 16 generation u64
//
// magic says the kind of block. name says which one it is: the home frame (pots, processes), the first frame (tag
// blocks), the number in its sequence (directory, process list), the volume (all headers). A block is valid when crc,
// magic and name fit; so a block that was written to a wrong place, or half, is never taken for another.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eros.Persistence.Base;

namespace Eros.Persistence.Layout;

/// <summary>What all headers have in common.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct BlockHeader
{
    public const int SizeInBytes = 24;

    [FieldOffset(0)] public uint Crc;
    [FieldOffset(4)] public uint Magic;
    [FieldOffset(8)] public ulong Name;
    [FieldOffset(16)] public ulong Generation;

    /// <summary>True when the block's checksum fits its contents and its header says what it should.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool IsIntact(PhysicalMemory memory, uint pfn, uint magic, ulong name)
    {
        ref BlockHeader header = ref memory.As<BlockHeader>(pfn);
        return header.Magic == magic && header.Name == name && header.Crc == Crc32C.OfBlockAfterChecksum(memory, pfn);
    }

    /// <summary>Fills in the header of a block whose other contents stand; the checksum comes last.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Seal(PhysicalMemory memory, uint pfn, uint magic, ulong name, ulong generation)
    {
        ref BlockHeader header = ref memory.As<BlockHeader>(pfn);
        header.Magic = magic;
        header.Name = name;
        header.Generation = generation;
        header.Crc = Crc32C.OfBlockAfterChecksum(memory, pfn);
    }
}
