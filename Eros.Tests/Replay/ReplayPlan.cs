using System;
using System.Collections.Generic;

namespace Eros.Tests.Replay;

/// <summary>How much of a log is replayed.</summary>
public sealed record ReplaySettings
{
    /// <summary>Chooses the cuts.</summary>
    public required int Seed { get; init; }

    /// <summary>Cuts between flushes, with all that was written before them.</summary>
    public int Prefixes { get; init; } = 2000;

    /// <summary>Cuts with a part of what no flush had followed.</summary>
    public int Subsets { get; init; } = 10_000;

    /// <summary>Disks of all these that are verified block by block, and booted.</summary>
    public int Booted { get; init; } = 100;
}

/// <summary>Which cuts: after which entries of the log, counted from 0.</summary>
public sealed class ReplayPlan
{
    private readonly HashSet<int> _prefixes = [];
    private readonly Dictionary<int, int> _subsets = [];
    private readonly HashSet<int> _booted = [];

    /// <param name="settings">How many.</param>
    /// <param name="writes">Which entries are writes.</param>
    /// <param name="flushes">Cuts at flushes: all of them are made.</param>
    public ReplayPlan(ReplaySettings settings, IReadOnlyList<int> writes, int flushes)
    {
        var random = new Random(settings.Seed);
        while (_prefixes.Count < Math.Min(settings.Prefixes, writes.Count))
        {
            _prefixes.Add(writes[random.Next(writes.Count)]);
        }

        for (int i = 0; i < settings.Subsets && writes.Count != 0; i++)
        {
            int after = writes[random.Next(writes.Count)];
            _subsets[after] = _subsets.GetValueOrDefault(after) + 1;
        }

        int all = flushes + _prefixes.Count + settings.Subsets;
        while (_booted.Count < Math.Min(settings.Booted, all))
        {
            _booted.Add(random.Next(all));
        }
    }

    /// <summary>The log is cut after this entry, and all before it is kept.</summary>
    public bool IsPrefix(int entry) => _prefixes.Contains(entry);

    /// <summary>So many parts of what no flush has followed are tried after this entry.</summary>
    public int Subsets(int entry) => _subsets.GetValueOrDefault(entry);

    /// <summary>The disk of this recovery, of all in their order, is booted.</summary>
    public bool IsBooted(int recovery) => _booted.Contains(recovery);
}
