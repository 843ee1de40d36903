// PvhStartInfo: the hvm_start_info structure (Xen, public/arch-x86/hvm/start_info.h), found at the address in EBX.
//
//    0 magic u32 "xEn3" | 4 version u32 | 8 flags u32 | 12 modules u32 | 16 module list u64 | 24 command line u64
//   32 rsdp u64 | version 1: 40 memory map u64 | 48 entries u32
//   module  0 address u64 | 8 bytes u64 | 16 command line u64 | 24 zero          (32 bytes)
//   range   0 address u64 | 8 bytes u64 | 16 kind u32 | 20 zero                  (24 bytes)

using System;

namespace Eros.Hal.Firmware;

/// <summary>Reads the start information of a PVH loader.</summary>
public static class PvhStartInfo
{
    public const uint Magic = 0x336EC578;

    private const int HeaderBytes = 56;
    private const int ModuleBytes = 32;
    private const int RangeBytes = 24;
    private const uint MaxModules = 8;

    /// <summary>False when the magic is wrong or there is no memory map (version 0).</summary>
    public static bool Read(PhysicalWindow memory, ulong address, ref BootInfo info)
    {
        ReadOnlySpan<byte> header = memory.Bytes(address, HeaderBytes);
        if (header.U32(0) != Magic || header.U32(4) < 1)
        {
            return false;
        }

        info.CommandLine = header.U64(24);
        info.Rsdp = header.U64(32);
        info.Memory.Add(address, HeaderBytes, MemoryKind.Taken);
        ReadRanges(memory.Bytes(header.U64(40), (ulong)header.U32(48) * RangeBytes), ref info);
        uint modules = Math.Min(header.U32(12), MaxModules);
        ReadModules(memory.Bytes(header.U64(16), modules * ModuleBytes), ref info);
        return info.Memory.Count != 0;
    }

    private static void ReadRanges(ReadOnlySpan<byte> ranges, ref BootInfo info)
    {
        for (int at = 0; at < ranges.Length; at += RangeBytes)
        {
            info.Memory.Add(ranges.U64(at), ranges.U64(at + 8), (MemoryKind)ranges.U32(at + 16));
        }
    }

    private static void ReadModules(ReadOnlySpan<byte> modules, ref BootInfo info)
    {
        for (int at = 0; at < modules.Length; at += ModuleBytes)
        {
            info.AddModule(modules.U64(at), modules.U64(at + 8));
        }
    }
}
