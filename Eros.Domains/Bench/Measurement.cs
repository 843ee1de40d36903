// Measurement: one row of the table. An operation is prepared, made between two readings of the time-stamp counter,
// and cleaned up after; only the operation itself is in the figures.

using System;

namespace Eros.Domains.Bench;

/// <summary>An operation that can be made again and again.</summary>
internal abstract class Measurement(string name)
{
    /// <summary>The row's name, which is also its key in the machine-readable form.</summary>
    public string Name { get; } = name;

    /// <summary>Before the first operation.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Before each operation, unmeasured.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>The operation; cycles that it took.</summary>
    public abstract ulong Once();

    /// <summary>After each operation, unmeasured.</summary>
    public virtual void CleanUp()
    {
    }

    /// <summary>After the last operation.</summary>
    public virtual void End()
    {
    }
}

/// <summary>What many samples of one operation came to.</summary>
internal readonly struct Figures
{
    public Figures(ulong[] samples)
    {
        Array.Sort(samples);
        Samples = samples.Length;
        Median = samples[samples.Length / 2];
        Minimum = samples[0];
        Maximum = samples[^1];
    }

    public int Samples { get; }

    public ulong Median { get; }

    public ulong Minimum { get; }

    public ulong Maximum { get; }
}

/// <summary>What an operation costs beside instructions, by the kernel's counters: medians of some
/// operations.</summary>
internal readonly struct Costs
{
    public ulong SpaceLoads { get; init; }

    /// <summary>Whole-TLB flushes beside those that come with CR3 loads.</summary>
    public ulong TlbFlushes { get; init; }

    /// <summary>Entries to the kernel by invocations and page faults.</summary>
    public ulong Crossings { get; init; }

    /// <summary>The longest stretch with interrupts off, cycles.</summary>
    public ulong Closed { get; init; }
}
