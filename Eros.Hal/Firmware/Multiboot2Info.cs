// Multiboot2Info: the boot information of the Multiboot2 specification 2.0, chapter 3.6, whose address the loader
// gives in EBX.
//
//   0 total size u32 | 4 zero u32 | then tags, each aligned to 8: 0 type u32 | 4 size u32 (with these 8 bytes)
//   tag 0 the end | 3 module: 8 start u32, 12 end u32, 16 string
//   tag 6 memory map: 8 entry size u32, 12 version u32, 16 entries {0 address u64, 8 bytes u64, 16 kind u32}
//   tag 14, 15 a copy of the ACPI root pointer (revision 0, 2 and later) from 8 on

using System.Runtime.InteropServices;

namespace Eros.Hal.Firmware;

/// <summary>Reads the boot information of a Multiboot2 loader.</summary>
public static unsafe class Multiboot2Info
{
    private const uint MaxBytes = 1 << 20;
    private const uint HeaderBytes = 8;
    private const uint FirstRange = 16;

    private enum TagType : uint
    {
        End = 0,
        Module = 3,
        MemoryMap = 6,
        AcpiOld = 14,
        AcpiNew = 15,
    }

    /// <summary>False when the size makes no sense or there is no memory map.</summary>
    public static bool Read(PhysicalWindow memory, ulong address, ref BootInfo info)
    {
        uint* header = (uint*)memory.Find(address, HeaderBytes);
        if (header == null || *header > MaxBytes || memory.Find(address, *header) == null)
        {
            return false;
        }

        info.Memory.Add(address, *header, MemoryKind.Taken);
        int ours = info.Memory.Count;
        for (uint at = HeaderBytes; at + HeaderBytes <= *header;)
        {
            Tag* tag = (Tag*)((byte*)header + at);
            if (tag->Type == TagType.End || tag->Size < HeaderBytes || tag->Size > *header - at)
            {
                break;
            }

            ReadTag(tag, address + at + HeaderBytes, ref info);
            at += (tag->Size + 7) & ~7u;
        }

        return info.Memory.Count > ours;
    }

    /// <param name="tag">Whole.</param>
    /// <param name="contents">The physical address of what follows its header.</param>
    /// <param name="info">Where it goes.</param>
    private static void ReadTag(Tag* tag, ulong contents, ref BootInfo info)
    {
        switch (tag->Type)
        {
            case TagType.Module when tag->Second > tag->First:
                info.AddModule(tag->First, tag->Second - tag->First);
                break;
            case TagType.MemoryMap when tag->First >= sizeof(Range):
                for (uint at = FirstRange; at + sizeof(Range) <= tag->Size; at += tag->First)
                {
                    Range* range = (Range*)((byte*)tag + at);
                    info.Memory.Add(range->Address, range->Bytes, range->Kind);
                }

                break;
            case TagType.AcpiOld when info.Rsdp == 0:
            case TagType.AcpiNew:
                info.Rsdp = contents;
                break;
            default:
                break;
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Tag
    {
        public TagType Type;
        public uint Size;
        public uint First;
        public uint Second;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Range
    {
        public ulong Address;
        public ulong Bytes;
        public MemoryKind Kind;
        public uint Reserved;
    }
}
