using System;
using System.Collections.Generic;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Tests.Crash;

/// <summary>A run that went wrong, and the smallest part of it that does; null: it was not looked for, or there is
/// none.</summary>
public sealed record CrashFailure(ulong Seed, string What, ShrunkRun? Shrunk = null);

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

    /// <summary>The fewest objects that a run saved, and of each kind the fewest, by its FrameKind.</summary>
    public int FewestSaved { get; private set; } = int.MaxValue;
    public int[] FewestSavedOfKind { get; } = NewFewest();

    /// <summary>Runs on two disks; disks pulled in them, and those of them that were the last to hold everything; disks
    /// brought up to date; boots with one disk, and with one that was stale; lives that ended because the disk that was
    /// booted from went before the first write, or the last one did.</summary>
    public int MirrorRuns { get; set; }
    public long Pulled { get; set; }
    public long PulledLast { get; set; }
    public long InStepAgain { get; set; }
    public long BootsWithOne { get; set; }
    public long BootsWithStale { get; set; }
    public long GoneAtBoot { get; set; }

    /// <summary>Runs on a disk that did what none may; what came back was refused, an older generation, with objects
    /// missing and told, or with objects of another generation, for
    /// which the disk had lied.</summary>
    public int FaultRuns { get; set; }
    public long FaultRefusals { get; set; }
    public long FaultOlder { get; set; }
    public long FaultMissing { get; set; }
    public long FaultStrange { get; set; }

    /// <summary>What the disks of all runs did.</summary>
    public FaultCounts Faults { get; } = new();

    /// <summary>Older generations that were booted on a layer over a volume.</summary>
    public long Older { get; set; }

    /// <summary>Changes that had to wait for space or memory.</summary>
    public long Refusals { get; set; }

    /// <summary>Pages that were journalled.</summary>
    public long Journalled { get; set; }

    /// <summary>Cuts, by the phase that they came in.</summary>
    public long[] CutsInPhase { get; } = new long[(int)StorePhase.Migrate + 1];

    /// <summary>Blocks written before the first cut, or in all where every cut is tried: a number for each
    /// run.</summary>
    public List<int> Writes { get; } = [];

    /// <summary>What all processors together have worked.</summary>
    public TimeSpan ProcessorTime { get; set; }

    public List<CrashFailure> Failures { get; } = [];

    /// <summary>The median of <see cref="Writes"/>.</summary>
    public int MedianWrites()
    {
        var sorted = new List<int>(Writes);
        sorted.Sort();
        return sorted.Count == 0 ? 0 : sorted[sorted.Count / 2];
    }

    /// <summary>Counts a run that has ended.</summary>
    /// <param name="saved">How many objects of each FrameKind it saved.</param>
    /// <param name="hasWrapped">Its log went over its end.</param>
    public void EndRun(ReadOnlySpan<int> saved, bool hasWrapped)
    {
        Runs++;
        Wraps += hasWrapped ? 1 : 0;
        int sum = 0;
        for (FrameKind kind = FrameKind.Page; kind <= FrameKind.Process; kind++)
        {
            sum += saved[(int)kind];
            FewestSavedOfKind[(int)kind] = int.Min(FewestSavedOfKind[(int)kind], saved[(int)kind]);
        }

        FewestSaved = int.Min(FewestSaved, sum);
    }

    public void Add(CrashStatistics other)
    {
        Runs += other.Runs;
        Cuts += other.Cuts;
        Recoveries += other.Recoveries;
        Flips += other.Flips;
        Wraps += other.Wraps;
        MirrorRuns += other.MirrorRuns;
        Pulled += other.Pulled;
        PulledLast += other.PulledLast;
        InStepAgain += other.InStepAgain;
        BootsWithOne += other.BootsWithOne;
        BootsWithStale += other.BootsWithStale;
        GoneAtBoot += other.GoneAtBoot;
        FaultRuns += other.FaultRuns;
        FaultRefusals += other.FaultRefusals;
        FaultOlder += other.FaultOlder;
        FaultMissing += other.FaultMissing;
        FaultStrange += other.FaultStrange;
        Faults.Add(other.Faults);
        FewestSaved = int.Min(FewestSaved, other.FewestSaved);
        Older += other.Older;
        Refusals += other.Refusals;
        Journalled += other.Journalled;
        Writes.AddRange(other.Writes);
        Failures.AddRange(other.Failures);
        for (int i = 0; i < CutsInPhase.Length; i++)
        {
            CutsInPhase[i] += other.CutsInPhase[i];
        }

        for (int i = 0; i < FewestSavedOfKind.Length; i++)
        {
            FewestSavedOfKind[i] = int.Min(FewestSavedOfKind[i], other.FewestSavedOfKind[i]);
        }
    }

    private static int[] NewFewest()
    {
        int[] fewest = new int[(int)FrameKind.Process + 1];
        Array.Fill(fewest, int.MaxValue);
        return fewest;
    }
}
