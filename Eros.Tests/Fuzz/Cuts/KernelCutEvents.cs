using System;
using Eros.Persistence.Store;
using Eros.Tests.Fakes;

namespace Eros.Tests.Fuzz.Cuts;

/// <summary>What the store tells the kernel of a machine whose power will go; the model is told after it.</summary>
internal sealed class KernelCutEvents : SimulatedStoreEvents
{
    public StorePhase Current { get; private set; }

    public Action<StorePhase>? OnPhase { get; set; }

    /// <summary>The instant of the snapshot.</summary>
    public Action? OnSnapshot { get; set; }

    public Action<ulong>? OnCommitted { get; set; }

    public Action<ulong>? OnSettled { get; set; }

    public override ulong TimeNs()
    {
        ulong now = base.TimeNs();
        OnSnapshot?.Invoke();
        return now;
    }

    public override void Committed(ulong generation)
    {
        base.Committed(generation);
        OnCommitted?.Invoke(generation);
    }

    public override void Settled(ulong generation)
    {
        base.Settled(generation);
        OnSettled?.Invoke(generation);
    }

    protected override void Mark(StorePhase phase)
    {
        Current = phase;
        OnPhase?.Invoke(phase);
    }
}
