// Descriptors: segments, gates and the task state of 64-bit mode (Intel SDM volume 3A, 3.4.5, 6.14.1 and 7.7).
//
//   segment  63 base 31:24 | 55 G D/B L AVL | 51 limit 19:16 | 47 P | 46 DPL | 44 S | 43 type | 39 base 23:0
//            15 limit 15:0
//   gate     63 offset 31:16 | 47 P | 46 DPL | 43 type | 34 IST | 31 selector | 15 offset 15:0, then offset 63:32
//
// Order of the selectors: SYSCALL loads CS and SS from STAR[47:32] and the next; SYSRET to 64-bit code loads SS
// from STAR[63:48]+8 and CS from STAR[63:48]+16 (volume 2B). So: kernel code, kernel data, (unused), user data,
// user code, task.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eros.Hal.X64;

/// <summary>Places in the descriptor table.</summary>
public static class Selector
{
    public const ushort KernelCode = 0x08;
    public const ushort KernelData = 0x10;
    public const ushort UserBase = 0x18 | Ring3;
    public const ushort UserData = 0x20 | Ring3;
    public const ushort UserCode = 0x28 | Ring3;
    public const ushort Task = 0x30;

    private const ushort Ring3 = 3;
}

/// <summary>The operand of LGDT and LIDT.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct DescriptorPointer
{
    public ushort Limit;
    public ulong Address;
}

/// <summary>The segments of one processor.</summary>
[InlineArray(Count)]
public struct DescriptorTable
{
    public const int Count = 8;

    private const ulong Code = 0x00AF_9B00_0000_FFFF;
    private const ulong Data = 0x00CF_9300_0000_FFFF;
    private const ulong Ring3 = 3UL << 45;
    private const ulong AvailableTask = 0x89UL << 40;

    private ulong _entry0;

    /// <summary>Fills the table; <paramref name="task"/> is the address of the task state.</summary>
    public void Fill(ulong task)
    {
        this[Selector.KernelCode >> 3] = Code;
        this[Selector.KernelData >> 3] = Data;
        this[Selector.UserData >> 3] = Data | Ring3;
        this[Selector.UserCode >> 3] = Code | Ring3;
        this[Selector.Task >> 3] = AvailableTask | (uint)(TaskState.SizeInBytes - 1)
            | ((task & 0xFFFFFF) << 16) | ((task & 0xFF000000) << 32);
        this[(Selector.Task >> 3) + 1] = task >> 32;
    }
}

/// <summary>The task state segment: which stacks the processor goes to.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct TaskState
{
    public const int SizeInBytes = 104;

    /// <summary>Stack for interrupts and exceptions from ring 3.</summary>
    [FieldOffset(4)] public ulong Stack0;

    /// <summary>Interrupt stacks 1 to 3: double fault, non-maskable interrupt, machine check.</summary>
    [FieldOffset(36)] public ulong Interrupt1;
    [FieldOffset(44)] public ulong Interrupt2;
    [FieldOffset(52)] public ulong Interrupt3;

    /// <summary>Beyond the limit: no port is allowed to ring 3.</summary>
    [FieldOffset(102)] public ushort PortMap;
}

/// <summary>One entry of the interrupt table.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct InterruptGate
{
    private const ulong PresentInterruptGate = 0x8EUL << 40;
    private const int StackShift = 32;
    private const int RingShift = 45;

    public readonly ulong Low;
    public readonly ulong High;

    /// <param name="handler">Address of the entry stub.</param>
    /// <param name="stack">Interrupt stack 1..7, 0: the stack of the ring.</param>
    /// <param name="ring">Least privileged ring whose INT instruction may use the gate.</param>
    public InterruptGate(ulong handler, int stack, int ring)
    {
        Low = (handler & 0xFFFF) | ((ulong)Selector.KernelCode << 16) | ((ulong)stack << StackShift)
            | PresentInterruptGate | ((ulong)ring << RingShift) | ((handler & 0xFFFF0000) << 32);
        High = handler >> 32;
    }
}
