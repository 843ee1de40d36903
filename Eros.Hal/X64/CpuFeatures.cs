// CpuFeatures: what the kernel needs of the processor, what it uses when it is there, and what it warns about
// (Intel SDM volume 2A, CPUID; volume 3A, 2.5 control registers; volume 4, IA32_ARCH_CAPABILITIES).
//
// Needed beside what the boot code has checked (Boot.xs): a time stamp counter, a local APIC, AVX (saved states hold
// its registers). Used when there: SMEP, SMAP, UMIP.

using System;
using System.Runtime.InteropServices;

namespace Eros.Hal.X64;

/// <summary>What CPUID returns.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CpuIdRegisters
{
    public uint Eax;
    public uint Ebx;
    public uint Ecx;
    public uint Edx;
}

/// <summary>The answers of CPUID that matter.</summary>
public struct CpuFeatures
{
    /// <summary>XCR0: x87, SSE and AVX state.</summary>
    public const ulong VectorComponents = 7;

    /// <summary>CR4 bits.</summary>
    public const ulong Umip = 1UL << 11;
    public const ulong Smep = 1UL << 20;
    public const ulong Smap = 1UL << 21;

    private const uint Intel = 0x756E6547;
    private const ulong NotSusceptibleToMeltdown = 1;

    /// <summary>Leaf 0, 1, 7 and 13 (subleaf 0).</summary>
    public CpuIdRegisters Vendor;
    public CpuIdRegisters Basic;
    public CpuIdRegisters Structured;
    public CpuIdRegisters Vector;

    /// <summary>IA32_ARCH_CAPABILITIES, 0 where it does not exist.</summary>
    public ulong Capabilities;

    /// <summary>True when IA32_ARCH_CAPABILITIES exists.</summary>
    public readonly bool HasCapabilities => Bit(Structured.Edx, 29);

    /// <summary>CR4 bits of the protections that the processor has.</summary>
    public readonly ulong Protections => (Bit(Structured.Ebx, 7) ? Smep : 0)
        | (Bit(Structured.Ebx, 20) ? Smap : 0)
        | (Bit(Structured.Ecx, 2) ? Umip : 0);

    /// <summary>User code may be able to read kernel memory: the processor is of the vendor whose older ones allow
    /// it (Meltdown) and does not report that it is a newer one.</summary>
    public readonly bool MayMelt => Vendor.Ebx == Intel && (Capabilities & NotSusceptibleToMeltdown) == 0;

    /// <summary>The first needed feature that is missing, by its usual name; empty when all are there.</summary>
    public readonly ReadOnlySpan<byte> Missing()
    {
        bool hasAvx = Bit(Basic.Ecx, 28) && (Vector.Eax & VectorComponents) == VectorComponents;
        return !Bit(Basic.Edx, 4) ? "a time stamp counter"u8
            : !Bit(Basic.Edx, 9) ? "a local APIC"u8
            : hasAvx ? default : "AVX"u8;
    }

    private static bool Bit(uint register, int bit) => ((register >> bit) & 1) != 0;
}
