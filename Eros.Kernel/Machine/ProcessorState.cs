// ProcessorState: what one processor is doing. One object for each processor; Hal points the GS base at its Trap block,
// so that the entry stubs find it, and C# reaches the whole object by reference.
//
// Objects never move in the freestanding kernel, so the addresses in Trap are fixed from boot. X# takes its offsets
// from this type. What the fast path needs of the processor's state is in the block too; C# sees it as properties.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eros.Kernel.Processes;
using Eros.Kernel.Threads;

namespace Eros.Kernel.Machine;

/// <summary>A byte for each vector of an exception.</summary>
[InlineArray(TrapBlock.Exceptions)]
public struct VectorCodes
{
    private byte _code0;
}

/// <summary>What the entry stubs and the fast path read and write.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public struct TrapBlock
{
    public const int SizeInBytes = 136;

    /// <summary>The most that <see cref="Stale"/> may be when a domain goes on.</summary>
    public const uint MostStale = 8;

    /// <summary>Vectors of exceptions: from 0 on.</summary>
    public const int Exceptions = 32;

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

    /// <summary>How many translations the processor may remember that are gone; see <c>PageTables</c>.</summary>
    [FieldOffset(36)] public uint Stale;

    /// <summary>Hal's object that the stubs hand to the C# that they call.</summary>
    [FieldOffset(40)] public ulong Handler;

    // The addresses of what the fast path uses: FastTargets.Publish.

    /// <summary>The lines of <c>FastTargets</c>.</summary>
    [FieldOffset(48)] public ulong Targets;

    /// <summary>The first <c>Activity</c>.</summary>
    [FieldOffset(56)] public ulong Activities;

    /// <summary>The first of <c>StallQueues.Awaited</c>.</summary>
    [FieldOffset(64)] public ulong Awaited;

    /// <summary>The <c>KernelCounters</c>.</summary>
    [FieldOffset(72)] public ulong Counters;

    /// <summary>The bits of a control word that the plain case has clear.</summary>
    [FieldOffset(80)] public ulong NotPlain;

    // ProcessorState's, by the same names; HighestReady is the scheduler's (Q2).
    [FieldOffset(88)] public int Activity;
    [FieldOffset(92)] public int Process;
    [FieldOffset(96)] public int Root;
    [FieldOffset(100)] public int HighestReady;

    /// <summary>What domains call the exception of each vector; 0: the fast path declines it.</summary>
    [FieldOffset(104)] public VectorCodes FaultCodes;
}

/// <summary>One processor.</summary>
public sealed class ProcessorState
{
    public TrapBlock Trap = new() { Activity = ActivityTable.None, Process = -1, HighestReady = -1 };

    /// <summary>The kernel thread that is on the processor, or null.</summary>
    public KernelThread? Thread;

    /// <summary>The activity that is on the processor, or ActivityTable.None.</summary>
    public int Activity
    {
        get => Trap.Activity;
        set => Trap.Activity = value;
    }

    /// <summary>The frame-table entry of the process that the activity runs, -1 when there is none. The kernel
    /// core's.</summary>
    public int Process
    {
        get => Trap.Process;
        set => Trap.Process = value;
    }

    /// <summary>The page table, of Spaces' own numbering, whose frame is loaded as root; 0 for the kernel's own
    /// root.</summary>
    public int Root
    {
        get => Trap.Root;
        set => Trap.Root = value;
    }
}
