using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Tests.Fuzz.Cuts;

/// <summary>What runs were made of.</summary>
public sealed class KernelCutStatistics : RunTally<KernelCutStatistics>
{
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

    /// <summary>Times that the reserve of a process ended while that was on the disk only.</summary>
    public long RingsLost { get; internal set; }

    /// <summary>What was unfinished in what came back.</summary>
    public InFlight InFlight { get; } = new();

    private protected override void AddOwn(KernelCutStatistics other)
    {
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
        RingsLost += other.RingsLost;
        InFlight.Add(other.InFlight);
    }

    internal void Cut(StorePhase phase) => CutsInPhase[(int)phase]++;

    internal void CameBack(InFlight inFlight)
    {
        Recoveries++;
        InFlight.Add(inFlight);
    }
}
