// KernelCounters: what CheckpointOrder.Counters returns, an array of 64-bit little-endian numbers in this order.

using System.Runtime.InteropServices;

namespace Eros.Kernel.Protocol;

/// <summary>Counters since boot. Cycles are RDTSC's.</summary>
[StructLayout(LayoutKind.Explicit)]
public struct KernelCounters
{
    /// <summary>On the general path.</summary>
    [FieldOffset(0)] public ulong Invocations;

    /// <summary>On the fast path.</summary>
    [FieldOffset(8)] public ulong FastInvocations;
    [FieldOffset(16)] public ulong PageFaults;
    [FieldOffset(24)] public ulong SpaceLoads;
    [FieldOffset(32)] public ulong TlbFlushes;
    [FieldOffset(40)] public ulong PageInvalidations;
    [FieldOffset(48)] public ulong ContextSwitches;
    [FieldOffset(56)] public ulong Checkpoints;

    /// <summary>The last snapshot's pause, cycles.</summary>
    [FieldOffset(64)] public ulong SnapshotCycles;

    /// <summary>Frames and tag blocks that were dirty at the last snapshot.</summary>
    [FieldOffset(72)] public ulong SnapshotFrames;

    /// <summary>Longest stretch with interrupts off since the last reading, cycles.</summary>
    [FieldOffset(80)] public ulong LongestClosedCycles;
    [FieldOffset(88)] public ulong TimestampHz;

    /// <summary>How often the volume has been started, with this time; console sessions last for one of them.</summary>
    [FieldOffset(96)] public ulong BootEpoch;

    /// <summary>The time stamp at the kernel's entry.</summary>
    [FieldOffset(104)] public ulong EntryTimestamp;

    /// <summary>Cycles that nothing wanted, and that were waited away.</summary>
    [FieldOffset(112)] public ulong IdleCycles;
}
