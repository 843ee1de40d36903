using System;
using System.Collections.Generic;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Tests.Fuzz.Cuts;

/// <summary>What runs were made of. Each worker has its own; they are added up.</summary>
public sealed class KernelCutStatistics
{
    private readonly List<(ulong Seed, string What)> _failures = [];

    public long Runs { get; internal set; }

    /// <summary>Steps that were done to kernels and models.</summary>
    public long Steps { get; internal set; }

    /// <summary>Machines that came back, and were compared.</summary>
    public long Recoveries { get; private set; }

    /// <summary>Cuts, by the phase that they came in.</summary>
    public long[] CutsInPhase { get; } = new long[(int)StorePhase.Migrate + 1];

    /// <summary>Frames that left memory, by kind.</summary>
    public long[] Left { get; } = new long[(int)FrameKind.Tag];

    /// <summary>Times that a frame was passed by because it is pinned.</summary>
    public long PinnedStayed { get; internal set; }

    /// <summary>What was unfinished in what came back.</summary>
    public InFlight InFlight { get; } = new();

    public IReadOnlyList<(ulong Seed, string What)> Failures => _failures;

    public void Add(KernelCutStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Runs += other.Runs;
        Steps += other.Steps;
        Recoveries += other.Recoveries;
        for (int i = 0; i < CutsInPhase.Length; i++)
        {
            CutsInPhase[i] += other.CutsInPhase[i];
        }

        for (int i = 0; i < Left.Length; i++)
        {
            Left[i] += other.Left[i];
        }

        PinnedStayed += other.PinnedStayed;
        InFlight.Add(other.InFlight);
        _failures.AddRange(other._failures);
    }

    internal void Cut(StorePhase phase) => CutsInPhase[(int)phase]++;

    internal void CameBack(InFlight inFlight)
    {
        Recoveries++;
        InFlight.Add(inFlight);
    }

    internal void Fail(ulong seed, string what) => _failures.Add((seed, what));
}
