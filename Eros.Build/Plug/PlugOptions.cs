using System;
using System.Collections.Generic;
using Eros.Build.Qemu;

namespace Eros.Build.Plug;

/// <summary>What to pull, how often, and where.</summary>
public sealed record PlugOptions
{
    /// <summary>The phases that a plug is pulled in, in turn.</summary>
    public static IReadOnlyList<MachineMark> AllPhases { get; } =
        [MachineMark.Snapshot, MachineMark.Stabilise, MachineMark.Commit, MachineMark.Migrate, MachineMark.Idle];

    /// <summary>The kernel's ELF file.</summary>
    public required string Kernel { get; init; }

    /// <summary>The volume that the machine starts with, with workers that keep the services busy; only read.</summary>
    public required string Pristine { get; init; }

    /// <summary>Where disks and logs are kept; what is in it is overwritten. Disks of a failure stay there.</summary>
    public required string Folder { get; init; }

    /// <summary>How often the plug is pulled.</summary>
    public required int Pulls { get; init; }

    /// <summary>Chooses the moments of the pulls and what a cut leaves of the unflushed writes.</summary>
    public required int Seed { get; init; }

    public IReadOnlyList<MachineMark> Phases { get; init; } = AllPhases;

    /// <summary>Replays of each pull with a cut before a flush of its log, beside those with the cut at its end; as
    /// many as there are flushes at most.</summary>
    public int EarlierCuts { get; init; } = 1;

    /// <summary>What becomes of the unflushed writes in replays.</summary>
    public IReadOnlyList<CutKind> Kinds { get; init; } = Enum.GetValues<CutKind>();

    /// <summary>Only whether something is wrong is asked: a run ends with the first that is.</summary>
    public bool EndsWhenWrong { get; init; }

    /// <summary>Pulls more than <see cref="Pulls"/> that are spent on phases which were missed.</summary>
    public int ExtraPulls => Pulls / 2;

    /// <summary>Each phase must be hit at least so often.</summary>
    public int LeastPerPhase => Pulls / (2 * Phases.Count);
}
