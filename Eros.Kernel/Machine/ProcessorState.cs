// ProcessorState: what one processor is doing. One object for each processor; Hal points the GS base at its Trap block,
// so that the entry stubs find it, and C# reaches the whole object by reference.
//
// Objects never move in the freestanding kernel, so the address of Trap is fixed from boot. X# takes its offsets from
// this type.

using System.Runtime.InteropServices;
using Eros.Kernel.Processes;
using Eros.Kernel.Threads;

namespace Eros.Kernel.Machine;

/// <summary>What the entry stubs read and write through GS.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct TrapBlock
{
    public const int SizeInBytes = 64;

    /// <summary>The address of this block.</summary>
    [FieldOffset(0)] public ulong Self;

    /// <summary>Top of the entry stack: where the kernel runs after an entry from ring 3.</summary>
    [FieldOffset(8)] public ulong EntryStack;

    /// <summary>The address of the frame of the process that runs: where an entry from ring 3 saves its
    /// registers.</summary>
    [FieldOffset(16)] public ulong Frame;

    /// <summary>Scratch of the stubs.</summary>
    [FieldOffset(24)] public ulong Scratch;

    /// <summary>How often the gate is closed.</summary>
    [FieldOffset(32)] public uint GateDepth;

    /// <summary>Hal's object that the stubs hand to the C# that they call.</summary>
    [FieldOffset(40)] public ulong Handler;
}

/// <summary>One processor.</summary>
public sealed class ProcessorState
{
    public TrapBlock Trap;

    /// <summary>The activity that is on the processor, or ActivityTable.None.</summary>
    public int Activity = ActivityTable.None;

    /// <summary>The frame-table entry of the process that the activity runs, -1 when there is none. The kernel
    /// core's.</summary>
    public int Process = -1;

    /// <summary>The kernel thread that is on the processor, or null.</summary>
    public KernelThread? Thread;

    /// <summary>The page table, of Spaces' own numbering, whose frame is loaded as root; 0 for the kernel's own
    /// root.</summary>
    public int Root;
}
