// Measurement: one row of the table. An operation is prepared, made between two readings of the time-stamp counter,
// and cleaned up after; only the operation itself is in the figures.

using System;

namespace Eros.Domains.Bench;

/// <summary>An operation that can be made again and again.</summary>
internal abstract class Measurement(string name)
{
    /// <summary>The row's name, which is also its key in the machine-readable form.</summary>
    public string Name { get; } = name;

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
}

/// <summary>What many samples of one operation came to.</summary>
internal readonly struct Figures
{
    public Figures(ulong[] samples, ulong spaceLoads, ulong tlbFlushes)
    {
        Array.Sort(samples);
        Samples = samples.Length;
        Median = samples[samples.Length / 2];
        Minimum = samples[0];
        Maximum = samples[^1];
        SpaceLoads = spaceLoads;
        TlbFlushes = tlbFlushes;
    }

    public int Samples { get; }

    public ulong Median { get; }

    public ulong Minimum { get; }

    public ulong Maximum { get; }

    /// <summary>CR3 loads of one operation.</summary>
    public ulong SpaceLoads { get; }

    /// <summary>Whole-TLB flushes of one operation, those that come with CR3 loads included.</summary>
    public ulong TlbFlushes { get; }
}
