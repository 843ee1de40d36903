using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Build.Qemu;

namespace Eros.Build.Plug;

/// <summary>One machine that came back wrong.</summary>
/// <param name="Pull">Which pull, from 1.</param>
/// <param name="What">What was booted: the disk itself, or which replay.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record WrongPull(int Pull, string What, string Problem);

/// <summary>What a run of pulls has shown.</summary>
public sealed class PlugReport
{
    private readonly Dictionary<MachineMark, int> _phases = [];
    private readonly List<WrongPull> _wrong = [];
    private readonly List<TimeSpan> _resumes = [];

    /// <summary>Plugs pulled so far.</summary>
    public int Pulls { get; private set; }

    /// <summary>Disks that were replayed from a write log and booted.</summary>
    public int Replays { get; internal set; }

    /// <summary>Writes of those replays that no flush had followed.</summary>
    public long UnflushedWrites { get; internal set; }

    /// <summary>Of a mirror: disks pulled while the machine ran, and in step again while it ran; boots with one disk,
    /// and with one that was stale.</summary>
    public int DisksPulled { get; internal set; }
    public int DisksInStepAgain { get; internal set; }
    public int BootsWithOne { get; internal set; }
    public int BootsWithStale { get; internal set; }

    public IReadOnlyList<WrongPull> Wrong => _wrong;

    /// <summary>What was under way in the states that came back.</summary>
    public UnderWay UnderWay { get; } = new();

    /// <summary>Times from kernel entry to prompt of every machine that came back.</summary>
    public IReadOnlyList<TimeSpan> Resumes => _resumes;

    /// <summary>Median of <see cref="Resumes"/>.</summary>
    public TimeSpan MedianResume =>
        _resumes.Count == 0 ? TimeSpan.Zero : _resumes.Order().ElementAt(_resumes.Count / 2);

    /// <summary>Longest of <see cref="Resumes"/>.</summary>
    public TimeSpan WorstResume => _resumes.Count == 0 ? TimeSpan.Zero : _resumes.Max();

    /// <summary>Pulls in a phase.</summary>
    public int PullsIn(MachineMark phase) => _phases.GetValueOrDefault(phase);

    internal void Pulled(MachineMark phase)
    {
        Pulls++;
        _phases[phase] = PullsIn(phase) + 1;
    }

    internal void Resumed(TimeSpan time) => _resumes.Add(time);

    internal void Failed(WrongPull wrong) => _wrong.Add(wrong);
}
