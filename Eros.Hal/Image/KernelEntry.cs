// KernelEntry: from the first C# instruction to the first object: what the loader left is read, the processor is
// checked, and the kernel's own page tables replace those of the boot code (Boot.xs says what holds at the entry).
//
// Until the tables are loaded physical memory below 4 GB is seen at its own address; afterwards all of it at the
// direct map.

using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using Eros.Hal.Firmware;
using Eros.Hal.X64;

namespace Eros.Hal.Image;

/// <summary>The kernel's entry.</summary>
internal static unsafe class KernelEntry
{
    private const ulong LowMemoryEnd = 1 << 20;
    private const ulong MappedByBoot = 1UL << 32;

    /// <summary>Bytes for the kernel's tables, the store's buffers, and the objects of a small system.</summary>
    private const ulong LeastFreeBytes = 6 << 20;

    private const ulong Multiboot2 = 1;
    private const ulong KernelBase = 0xFFFF_FFFF_8000_0000;

    public static ReadOnlySpan<byte> TooLittleMemory => "too little memory: 8 MB are needed beside a boot module"u8;

    [RuntimeExport("KernelEntry")]
    private static void Enter(ulong address, ulong protocol)
    {
        DebugMarks.Entry();
        ulong start = Native.Timestamp();
        CpuFeatures cpu = CpuSetup.ReadFeatures();
        if (cpu.Missing() is { Length: > 0 } missing)
        {
            LastWords.Refuse(null, "this processor lacks "u8, missing);
        }

        BootInfo info = default;
        bool isRead = info.Read(new PhysicalWindow(null, MappedByBoot), address, protocol == Multiboot2);
        if (!isRead || info.Memory.Overflowed)
        {
            LastWords.Refuse(null, "the loader left no memory map"u8);
        }

        info.Memory.Add(0, LowMemoryEnd, MemoryKind.Taken);
        info.Memory.Add(LowMemoryEnd, (ulong)(delegate*<void>)&ImageEnd - KernelBase - LowMemoryEnd, MemoryKind.Taken);
        BootMemory memory = BootMemory.Largest(info.Memory, LowMemoryEnd, MappedByBoot);
        if (memory.High - memory.Low < LeastFreeBytes)
        {
            LastWords.Refuse(null, TooLittleMemory);
        }

        BootHeap.Begin(memory);
        KernelTables tables = BuildTables(ref info);
        Native.WriteControl3(tables.Root);
        CpuSetup.Enable(cpu, (ulong)(delegate*<void>)&SystemCallEntry);
        new Machine(ref info, tables, cpu, start).Run();
    }

    private static KernelTables BuildTables(ref BootInfo info)
    {
        if (!KernelTables.TryCreate(null, ref BootHeap.Memory, out KernelTables tables))
        {
            LastWords.Refuse(null, TooLittleMemory);
        }

        tables.ShareImage(Native.ReadControl3());
        if (!tables.MapMemory(info.Memory, ref BootHeap.Memory))
        {
            LastWords.Refuse(null, TooLittleMemory);
        }

        return new KernelTables((byte*)MemoryLayout.DirectMap, tables.Root);
    }

    // Symbols of the linker and of X#: only their addresses are taken.
    [RuntimeImport("*", "ImageEnd")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void ImageEnd();

    [RuntimeImport("*", "Trap_SystemCall")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void SystemCallEntry();
}
