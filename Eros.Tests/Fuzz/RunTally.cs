using System.Collections.Generic;

namespace Eros.Tests.Fuzz;

/// <summary>What runs were made of. Each worker has its own; they are added up.</summary>
public abstract class RunTally<TSelf>
    where TSelf : RunTally<TSelf>
{
    private readonly List<(ulong Seed, string What)> _failures = [];

    public long Runs { get; internal set; }

    public IReadOnlyList<(ulong Seed, string What)> Failures => _failures;

    internal void Fail(ulong seed, string what) => _failures.Add((seed, what));

    internal void Add(TSelf other)
    {
        Runs += other.Runs;
        _failures.AddRange(other._failures);
        AddOwn(other);
    }

    /// <summary>Adds what only this kind of run has.</summary>
    private protected abstract void AddOwn(TSelf other);
}
