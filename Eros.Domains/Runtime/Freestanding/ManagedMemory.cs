// ManagedMemory: the heap of this image, and what counts as alive: whatever a word of the stack, of the registers or
// of the program's data might refer to. Static references and the compiler's own read-only objects lie in the data,
// so they need no list of their own.

using System;
using System.Diagnostics;
using System.Runtime;
using System.Runtime.CompilerServices;
using Eros.Domains.Runtime.Memory;

namespace Eros.Domains.Runtime;

[StackTraceHidden]
internal static unsafe class ManagedMemory
{
    private static Heap _heap;
    private static BankPages? _bank;
    private static bool _isAllGivenBack;

    /// <summary>Opens the heap over the pages that the composition has put there.</summary>
    public static void Open(int pages) => _heap.Open((byte*)SpaceLayout.Heap, pages);

    /// <summary>From now on the heap grows with pages of the bank's.</summary>
    public static void GrowFrom(int pages) => _bank = new BankPages(pages);

    [RuntimeExport("ErosAllocate")]
    private static byte* Allocate(nuint bytes)
    {
        byte* block = _heap.Allocate(bytes, null);
        if (block is not null)
        {
            return block;
        }

        bool isDue = _heap.IsCollectionDue;
        if (isDue)
        {
            CollectWithRegisters();
        }

        block = _heap.Allocate(bytes, _bank);
        if (block is null && !isDue)
        {
            CollectWithRegisters();
            block = _heap.Allocate(bytes, _bank);
        }

        return block is not null ? block : throw Exhaustion.Exception;
    }

    // Called by CollectWithRegisters, which has put the registers on the stack.
    [RuntimeExport("Domain_Collect")]
    private static void Collect(nint* stack)
    {
        _heap.MarkFrom(stack, (nint*)SpaceLayout.StackTop);
        _heap.MarkFrom((nint*)(delegate*<void>)&DataStart, (nint*)(delegate*<void>)&ProgramEnd);
        _heap.Sweep();
        if (_bank is not null)
        {
            _heap.Shrink(_bank, _isAllGivenBack);
        }
    }

    // GC.Collect: what is free goes back to the bank.
    [RuntimeExport("ErosCollect")]
    private static void CollectAll()
    {
        _isAllGivenBack = true;
        CollectWithRegisters();
        _isAllGivenBack = false;
    }

    // GC.GetTotalMemory
    [RuntimeExport("ErosMemory")]
    private static long MappedBytes() => (long)_heap.MappedPages * Heap.PageBytes;

    [RuntimeImport("*", "Domain_CollectWithRegisters")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void CollectWithRegisters();

    // Symbols of the linker, not functions: only their addresses are taken.
    [RuntimeImport("*", "DataStart")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void DataStart();

    [RuntimeImport("*", "ProgramEnd")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void ProgramEnd();

    // A class of its own, or all of the heap's table would be data of the image.
    private static class Exhaustion
    {
        /// <summary>Made by the compiler: there is no memory for another.</summary>
        public static readonly OutOfMemoryException Exception = new();
    }
}
