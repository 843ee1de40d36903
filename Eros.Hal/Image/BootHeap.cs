// BootHeap: the allocator of the kernel's objects. They are made while the kernel boots and live until the machine
// stops; after Seal, an allocation is a bug. The one mutable static of the kernel: the compiler's helpers know no
// other way to it.

using System;
using System.Runtime;
using Eros.Hal.Firmware;
using Eros.Hal.X64;

namespace Eros.Hal.Image;

/// <summary>Allocates from the low end of the boot's memory, seen through the direct map.</summary>
internal static unsafe class BootHeap
{
    private static BootMemory _whole;
    private static BootMemory _memory;
    private static bool _isSealed;

    /// <summary>What the boot lives on; frames are taken from it as well.</summary>
    public static ref BootMemory Memory => ref _memory;

    /// <summary>The same, before anything was taken.</summary>
    public static BootMemory Whole => _whole;

    public static void Begin(BootMemory memory)
    {
        _whole = memory;
        _memory = memory;
    }

    /// <summary>Nothing is allocated from now on.</summary>
    public static void Seal() => _isSealed = true;

    [RuntimeExport("ErosAllocate")]
    private static byte* Allocate(nuint size)
    {
        if (_isSealed)
        {
            LastWords.Halt("allocation after boot"u8, size);
        }

        ulong physical = _memory.TakeBytes(size);
        byte* block = (byte*)(MemoryLayout.DirectMap + physical);
        if (physical == 0)
        {
            LastWords.Refuse((byte*)MemoryLayout.DirectMap, KernelEntry.TooLittleMemory);
        }

        for (nuint i = 0; i < size; i += sizeof(ulong))
        {
            *(ulong*)(block + i) = 0;
        }

        return block;
    }

    // Nothing in the kernel catches, so nothing is thrown.
    [RuntimeExport("RhpThrowEx")]
    private static void Throw(Exception exception) => Fail(FailCode.Exception);

    [RuntimeExport("ErosFail")]
    private static void Fail(FailCode code) => LastWords.Halt("managed code failed"u8, (ulong)code);
}
