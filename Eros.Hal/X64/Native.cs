// Native: the instructions that C# has no words for, one X# function each (Native.xs).

using System.Runtime;
using System.Runtime.CompilerServices;

namespace Eros.Hal.X64;

/// <summary>Single instructions of the processor.</summary>
public static unsafe class Native
{
    [RuntimeImport("*", "Native_In8")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern byte In8(ushort port);

    [RuntimeImport("*", "Native_Out8")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Out8(ushort port, byte value);

    [RuntimeImport("*", "Native_Out16")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Out16(ushort port, ushort value);

    [RuntimeImport("*", "Native_In16")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ushort In16(ushort port);

    [RuntimeImport("*", "Native_In32")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern uint In32(ushort port);

    [RuntimeImport("*", "Native_Out32")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Out32(ushort port, uint value);

    /// <summary>RDTSC.</summary>
    [RuntimeImport("*", "Native_Timestamp")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong Timestamp();

    [RuntimeImport("*", "Native_ReadMsr")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong ReadMsr(uint register);

    [RuntimeImport("*", "Native_WriteMsr")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void WriteMsr(uint register, ulong value);

    /// <summary>CPUID: eax, ebx, ecx and edx go to <paramref name="registers"/>.</summary>
    [RuntimeImport("*", "Native_CpuId")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void CpuId(uint leaf, uint subleaf, CpuIdRegisters* registers);

    /// <summary>The address of the last page fault.</summary>
    [RuntimeImport("*", "Native_ReadControl2")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong ReadControl2();

    /// <summary>Physical address of the top page table, and flags below it.</summary>
    [RuntimeImport("*", "Native_ReadControl3")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong ReadControl3();

    /// <summary>Loads a page table; the whole TLB but global entries is emptied.</summary>
    [RuntimeImport("*", "Native_WriteControl3")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void WriteControl3(ulong value);

    [RuntimeImport("*", "Native_ReadControl4")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong ReadControl4();

    [RuntimeImport("*", "Native_WriteControl4")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void WriteControl4(ulong value);

    /// <summary>XSETBV of register 0: which vector state exists.</summary>
    [RuntimeImport("*", "Native_WriteExtendedControl0")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void WriteExtendedControl0(ulong value);

    /// <summary>INVLPG.</summary>
    [RuntimeImport("*", "Native_Invalidate")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Invalidate(ulong address);

    /// <summary>LGDT, LTR and fresh segment registers. The operand is 2 bytes of limit and 8 of address.</summary>
    [RuntimeImport("*", "Native_LoadDescriptors")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void LoadDescriptors(DescriptorPointer* table, ulong code, ulong data, ulong task);

    /// <summary>LIDT.</summary>
    [RuntimeImport("*", "Native_LoadInterrupts")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void LoadInterrupts(DescriptorPointer* table);

    [RuntimeImport("*", "Native_DisableInterrupts")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void DisableInterrupts();

    [RuntimeImport("*", "Native_EnableInterrupts")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void EnableInterrupts();

    /// <summary>STI, HLT, CLI: sleeps until an interrupt has been served.</summary>
    [RuntimeImport("*", "Native_WaitForInterrupt")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void WaitForInterrupt();

    /// <summary>CLI, HLT, for ever.</summary>
    [RuntimeImport("*", "Native_Halt")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Halt();
}
