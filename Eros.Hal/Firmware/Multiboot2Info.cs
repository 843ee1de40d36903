// Multiboot2Info: the boot information of the Multiboot2 specification 2.0, chapter 3.6, found at the address in EBX.
//
//   0 total size u32 | 4 zero u32 | then tags, each aligned to 8: 0 type u32 | 4 size u32 (with these 8 bytes)
//   tag 0 the end | 1 command line: 8 string | 3 module: 8 start u32, 12 end u32, 16 string
//   tag 6 memory map: 8 entry size u32, 12 version u32, 16 entries {0 address u64, 8 bytes u64, 16 kind u32}
//   tag 14, 15 a copy of the ACPI root pointer (revision 0, 2 and later) from 8 on

using System;

namespace Eros.Hal.Firmware;

/// <summary>Reads the boot information of a Multiboot2 loader.</summary>
public static class Multiboot2Info
{
    private const uint MaxBytes = 1 << 20;
    private const int HeaderBytes = 8;
    private const int MinRangeBytes = 24;

    private enum Tag : uint
    {
        End = 0,
        CommandLine = 1,
        Module = 3,
        MemoryMap = 6,
        AcpiOld = 14,
        AcpiNew = 15,
    }

    /// <summary>False when the size makes no sense or there is no memory map.</summary>
    public static bool Read(PhysicalWindow memory, ulong address, ref BootInfo info)
    {
        uint size = memory.Bytes(address, HeaderBytes).U32(0);
        if (size < HeaderBytes || size > MaxBytes)
        {
            return false;
        }

        info.Memory.Add(address, size, MemoryKind.Taken);
        int ours = info.Memory.Count;
        ReadOnlySpan<byte> all = memory.Bytes(address, size);
        for (int at = HeaderBytes; at < all.Length;)
        {
            ReadOnlySpan<byte> tag = all.Part(at, (int)all.U32(at + 4));
            if (tag.Length < HeaderBytes || tag.U32(0) == (uint)Tag.End)
            {
                break;
            }

            ReadTag(tag, address + (ulong)at, ref info);
            at += (tag.Length + 7) & ~7;
        }

        return info.Memory.Count > ours;
    }

    private static void ReadTag(ReadOnlySpan<byte> tag, ulong address, ref BootInfo info)
    {
        switch ((Tag)tag.U32(0))
        {
            case Tag.CommandLine:
                info.CommandLine = address + HeaderBytes;
                break;
            case Tag.Module when tag.U32(12) > tag.U32(8):
                info.AddModule(tag.U32(8), tag.U32(12) - tag.U32(8));
                break;
            case Tag.MemoryMap:
                ReadRanges(tag, ref info);
                break;
            case Tag.AcpiOld when info.Rsdp == 0:
            case Tag.AcpiNew:
                info.Rsdp = address + HeaderBytes;
                break;
            default:
                break;
        }
    }

    private static void ReadRanges(ReadOnlySpan<byte> tag, ref BootInfo info)
    {
        uint step = tag.U32(8);
        if (step < MinRangeBytes || step > tag.Length)
        {
            return;
        }

        for (int at = 16; at + MinRangeBytes <= tag.Length; at += (int)step)
        {
            info.Memory.Add(tag.U64(at), tag.U64(at + 8), (MemoryKind)tag.U32(at + 16));
        }
    }
}
