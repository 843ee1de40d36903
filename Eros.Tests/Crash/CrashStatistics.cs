using System.Collections.Generic;
using Eros.Persistence.Store;

namespace Eros.Tests.Crash;

/// <summary>A run that went wrong.</summary>
public readonly record struct CrashFailure(ulong Seed, string What);

/// <summary>What runs were made of. Each worker has its own; they are added up.</summary>
public sealed class CrashStatistics
{
    /// <summary>Runs that were made.</summary>
    public int Runs { get; set; }

    /// <summary>Power cuts, and mounts that were compared with the model.</summary>
    public long Cuts { get; set; }
    public long Recoveries { get; set; }

    /// <summary>Volumes that were damaged, mounted and read.</summary>
    public long Flips { get; set; }

    /// <summary>Runs whose log went over its end.</summary>
    public int Wraps { get; set; }

    /// <summary>Frames saved in all runs, and the fewest in one.</summary>
    public long FramesSaved { get; set; }
    public int FewestFramesSaved { get; set; } = int.MaxValue;

    /// <summary>Changes that had to wait for space or memory.</summary>
    public long Refusals { get; set; }

    /// <summary>Cuts by the phase that they came in.</summary>
    public long[] CutsInPhase { get; } = new long[(int)StorePhase.Migrate + 1];

    /// <summary>Blocks written before the first cut, one for each run.</summary>
    public List<int> Writes { get; } = [];

    public List<CrashFailure> Failures { get; } = [];

    /// <summary>The median of <see cref="Writes"/>.</summary>
    public int MedianWrites()
    {
        var sorted = new List<int>(Writes);
        sorted.Sort();
        return sorted.Count == 0 ? 0 : sorted[sorted.Count / 2];
    }

    public void Add(CrashStatistics other)
    {
        Runs += other.Runs;
        Cuts += other.Cuts;
        Recoveries += other.Recoveries;
        Flips += other.Flips;
        Wraps += other.Wraps;
        FramesSaved += other.FramesSaved;
        FewestFramesSaved = int.Min(FewestFramesSaved, other.FewestFramesSaved);
        Refusals += other.Refusals;
        Writes.AddRange(other.Writes);
        Failures.AddRange(other.Failures);
        for (int i = 0; i < CutsInPhase.Length; i++)
        {
            CutsInPhase[i] += other.CutsInPhase[i];
        }
    }
}
