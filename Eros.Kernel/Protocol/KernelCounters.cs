// KernelCounters: what CheckpointOrder.Counters returns, an array of 64-bit little-endian numbers in this order.

using System.Runtime.InteropServices;

namespace Eros.Kernel.Protocol;

/// <summary>Counters since boot. Cycles are RDTSC's.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KernelCounters
{
    /// <summary>On the general path.</summary>
    public ulong Invocations;

    /// <summary>On the fast path.</summary>
    public ulong FastInvocations;
    public ulong PageFaults;
    public ulong SpaceLoads;
    public ulong TlbFlushes;
    public ulong PageInvalidations;
    public ulong ContextSwitches;
    public ulong Checkpoints;

    /// <summary>The last snapshot's pause, cycles.</summary>
    public ulong SnapshotCycles;

    /// <summary>Frames that were dirty at the last snapshot.</summary>
    public ulong SnapshotFrames;

    /// <summary>Longest stretch with interrupts off since the last reading, cycles.</summary>
    public ulong LongestClosedCycles;
    public ulong TimestampHz;

    /// <summary>How often the volume has been started, with this time; console sessions last for one of them.</summary>
    public ulong BootEpoch;
}
