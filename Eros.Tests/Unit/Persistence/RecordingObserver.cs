using System;
using System.Collections.Generic;
using Eros.Persistence.Base;
using Eros.Persistence.Store;

namespace Eros.Tests.Unit.Persistence;

/// <summary>Writes down what the store says, for tests to look at.</summary>
public sealed class RecordingObserver : StoreObserver
{
    public List<ulong> Processes { get; } = [];

    public List<StorePhase> Phases { get; } = [];

    public List<ulong> CommittedGenerations { get; } = [];

    public List<ulong> SettledGenerations { get; } = [];

    public List<(ulong Frame, Outcome Outcome)> Loads { get; } = [];

    public List<(StoreMessage Message, ulong First, ulong Second)> Reports { get; } = [];

    public int SpaceLowCount { get; private set; }

    public int SpaceFreedCount { get; private set; }

    public int MemoryLowCount { get; private set; }

    public int ProtectCount { get; private set; }

    public ulong Now { get; set; }

    public override void Protect() => ProtectCount++;

    public override int CollectProcesses(Span<ulong> oids)
    {
        Processes.CopyTo(oids);
        return Processes.Count;
    }

    public override ulong TimeNs() => Now;

    public override void SpaceLow() => SpaceLowCount++;

    public override void MemoryLow() => MemoryLowCount++;

    public override void SpaceFreed() => SpaceFreedCount++;

    public override void Loaded(ulong frame, Outcome outcome) => Loads.Add((frame, outcome));

    public override void Phase(StorePhase phase) => Phases.Add(phase);

    public override void Committed(ulong generation) => CommittedGenerations.Add(generation);

    public override void Settled(ulong generation) => SettledGenerations.Add(generation);

    public override void Report(StoreMessage message, ulong first, ulong second) =>
        Reports.Add((message, first, second));
}
