using System;
using System.Runtime.InteropServices;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>Reads the kernel's counters, and finds what operations add to them.</summary>
internal sealed class CounterReader(ICheckpoint checkpoint)
{
    private const int CountedOperations = 9;

    private readonly ICheckpoint _checkpoint = checkpoint;

    /// <summary>The longest stretch with interrupts off since <see cref="Forget"/>, cycles. The kernel's own figure
    /// begins anew at each reading.</summary>
    public ulong Longest { get; private set; }

    /// <summary>Begins a new <see cref="Longest"/>.</summary>
    public void Forget() => Longest = 0;

    public KernelCounters Read()
    {
        KernelCounters counters = default;
        _checkpoint.Counters(MemoryMarshal.AsBytes(new Span<KernelCounters>(ref counters)), out _);
        Longest = Math.Max(Longest, counters.LongestClosedCycles);
        return counters;
    }

    /// <summary>What one operation costs.</summary>
    public Costs Count(Measurement measurement)
    {
        ulong[] loads = new ulong[CountedOperations];
        ulong[] flushes = new ulong[CountedOperations];
        ulong[] crossings = new ulong[CountedOperations];
        ulong[] closed = new ulong[CountedOperations];
        for (int operation = 0; operation < CountedOperations; operation++)
        {
            measurement.Prepare();
            KernelCounters before = Read();
            Forget();
            measurement.Once();
            KernelCounters after = Read();
            measurement.CleanUp();
            loads[operation] = after.SpaceLoads - before.SpaceLoads;
            flushes[operation] = after.TlbFlushes - before.TlbFlushes;
            crossings[operation] = Crossings(after) - Crossings(before) - 1;
            closed[operation] = Longest;
        }

        return new Costs
        {
            SpaceLoads = new Figures(loads).Median,
            TlbFlushes = new Figures(flushes).Median,
            Crossings = new Figures(crossings).Median,
            Closed = new Figures(closed).Median,
        };
    }

    private static ulong Crossings(in KernelCounters counters) =>
        counters.Invocations + counters.FastInvocations + counters.PageFaults;
}
