// PvhStartInfo: the hvm_start_info structure (Xen, public/arch-x86/hvm/start_info.h), whose address the loader
// gives in EBX.

using System;
using System.Runtime.InteropServices;

namespace Eros.Hal.Firmware;

/// <summary>The start information of a PVH loader.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public unsafe struct PvhStartInfo
{
    /// <summary>"xEn3".</summary>
    public const uint MagicValue = 0x336EC578;

    private const uint MaxModules = 8;

    public uint Magic;

    /// <summary>From 1 on there is a memory map.</summary>
    public uint Version;
    public uint Flags;
    public uint ModuleCount;
    public ulong Modules;
    public ulong CommandLine;
    public ulong Rsdp;
    public ulong Ranges;
    public uint RangeCount;
    public uint Reserved;

    /// <summary>False when the magic is wrong or there is no memory map.</summary>
    public static bool Read(PhysicalWindow memory, ulong address, ref BootInfo info)
    {
        PvhStartInfo* start = (PvhStartInfo*)memory.Find(address, (ulong)sizeof(PvhStartInfo));
        if (start == null || start->Magic != MagicValue || start->Version < 1)
        {
            return false;
        }

        info.Rsdp = start->Rsdp;
        info.Memory.Add(address, (ulong)sizeof(PvhStartInfo), MemoryKind.Taken);
        Range* range = (Range*)memory.Find(start->Ranges, start->RangeCount * (ulong)sizeof(Range));
        for (uint i = 0; range != null && i < start->RangeCount; i++)
        {
            info.Memory.Add(range[i].Address, range[i].Bytes, range[i].Kind);
        }

        uint modules = Math.Min(start->ModuleCount, MaxModules);
        Module* module = (Module*)memory.Find(start->Modules, modules * (ulong)sizeof(Module));
        for (uint i = 0; module != null && i < modules; i++)
        {
            info.AddModule(module[i].Address, module[i].Bytes);
        }

        return range != null;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Module
    {
        public ulong Address;
        public ulong Bytes;
        public ulong CommandLine;
        public ulong Reserved;
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
