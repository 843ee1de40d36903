// PlugRun: pulls the plug of one machine again and again, and looks at what comes back.
//
//   for each pull:  copy the disk and begin an empty write log
//                   boot the disk: is its state one that the pull before allows?
//                   work, and pull the plug in the phase whose turn it is
//                   replay the log onto the copy, cut at its end, its unflushed writes dropped, boot that: is its
//                   state allowed? The same with those writes reordered, torn, and overtaking each other
//                   the same with a cut just before one of the log's flushes, in one of these ways
//   at the end:     boot the disk once more
//
// The disk lives through all pulls, so that its log wraps and its generations grow old. After a wrong one it is made
// anew, and the wrong one is kept.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Qemu;

namespace Eros.Build.Plug;

/// <summary>A run of pulls.</summary>
public sealed class PlugRun
{
    private readonly PlugOptions _options;
    private readonly Random _random;
    private readonly PlugReport _report = new();
    private readonly string _disk;
    private readonly string _before;
    private readonly string _replay;
    private readonly string _log;
    private Expectation? _expected;

    private bool HasEnded => _options.EndsWhenWrong && _report.Wrong.Count > 0;

    public PlugRun(PlugOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
        _disk = Path.Combine(options.Folder, "disk.img");
        _before = Path.Combine(options.Folder, "before.img");
        _replay = Path.Combine(options.Folder, "replay.img");
        _log = Path.Combine(options.Folder, "writes.log");
    }

    /// <summary>Pulls the plug as often as was asked, and some more where a phase was missed.</summary>
    /// <param name="progress">Called with the report after each pull.</param>
    public PlugReport Run(Action<PlugReport> progress)
    {
        Directory.CreateDirectory(_options.Folder);
        Renew();
        for (int pull = 0; pull < _options.Pulls && !HasEnded; pull++)
        {
            PullOnce(_options.Phases[pull % _options.Phases.Count]);
            progress(_report);
        }

        for (int extra = 0; extra < _options.ExtraPulls && !HasEnded && Missed() is { } phase; extra++)
        {
            PullOnce(phase);
            progress(_report);
        }

        if (!HasEnded)
        {
            Try("the disk itself, at the end", () => Examine(Drive.File(_disk), _expected, out _).Dispose());
        }

        return _report;
    }

    private MachineMark? Missed()
    {
        MachineMark[] missed = [.. _options.Phases.Where(phase => _report.PullsIn(phase) < _options.LeastPerPhase)];
        return missed.Length == 0 ? null : missed[0];
    }

    private void PullOnce(MachineMark phase)
    {
        DiskFile.CopySparse(_disk, _before);
        WriteLog.Create(_log);
        PulledPlug? pulled = null;
        Try("the disk itself", () =>
        {
            Look(_disk);
            using BootedMachine booted = Examine(Drive.Logged(_disk, _log), _expected, out Expectation found);
            pulled = PulledPlug.Pull(booted, found, phase, _log, _random);
        });
        if (pulled is null)
        {
            Renew();
            return;
        }

        _expected = pulled.Expected;
        _report.Pulled(pulled.Phase);
        using FileStream file = File.OpenRead(_log);
        IReadOnlyList<WriteLogEntry> log = WriteLog.Read(file);
        // With nothing unflushed, all kinds of cut leave the same disk.
        foreach (CutKind kind in PowerCut.Unflushed(log, log.Count).Any() ? _options.Kinds : [CutKind.Dropped])
        {
            Replay(log, log.Count, kind, pulled.Expected);
        }

        foreach (int cut in EarlierCuts(log).TakeWhile(_ => !HasEnded))
        {
            Replay(log, cut, _options.Kinds[_random.Next(_options.Kinds.Count)], pulled.Expected);
        }
    }

    /// <summary>Places just before flushes, in turn from a random one.</summary>
    private IEnumerable<int> EarlierCuts(IReadOnlyList<WriteLogEntry> log)
    {
        int[] flushes = [.. Enumerable.Range(0, log.Count).Where(at => log[at].Kind == WriteLogKind.Flush)];
        int first = flushes.Length == 0 ? 0 : _random.Next(flushes.Length);
        return Enumerable.Range(0, Math.Min(flushes.Length, _options.EarlierCuts))
            .Select(number => flushes[(first + number) % flushes.Length]);
    }

    private void Replay(IReadOnlyList<WriteLogEntry> log, int cut, CutKind kind, Expectation expected)
    {
        DiskFile.CopySparse(_before, _replay);
        using (FileStream disk = File.Open(_replay, FileMode.Open))
        {
            _report.UnflushedWrites += PowerCut.Apply(disk, log, cut, kind, _random);
        }

        _report.Replays++;
        string what = $"a replay of {cut} of {log.Count} log entries, unflushed writes: {kind}";
        long logLength = cut == log.Count ? long.MaxValue : log[cut].LogEnd - 1;
        Try(what, () =>
        {
            Look(_replay);
            Examine(Drive.File(_replay), expected, out _, logLength).Dispose();
        });
    }

    /// <summary>Counts what is under way in the state that a disk comes back to.</summary>
    private void Look(string disk) => Look(disk, _report);

    internal static void Look(string disk, PlugReport report)
    {
        if (SavedBustle.Read(disk) is { } saved)
        {
            report.UnderWay.Add(saved);
            if (BustleJudge.Complaint(saved.Workers) is { } complaint)
            {
                throw new MachineException($"on the disk: {complaint}");
            }
        }
    }

    /// <summary>Boots a disk and judges its state.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="expected">What it may hold; null: anything.</param>
    /// <param name="found">What it held, with the commands on top of that which finding out took.</param>
    /// <param name="logLength">How much of the write log it holds, bytes.</param>
    /// <exception cref="MachineException">It does not boot, or is wrong.</exception>
    private BootedMachine Examine(
        Drive disk, Expectation? expected, out Expectation found, long logLength = long.MaxValue) =>
        Examine(BootedMachine.Boot(_options, disk), _report, expected, out found, logLength);

    /// <summary>Judges the state of a machine that has booted, and ends it where that is wrong.</summary>
    internal static BootedMachine Examine(
        BootedMachine booted,
        PlugReport report,
        Expectation? expected,
        out Expectation found,
        long logLength = long.MaxValue)
    {
        try
        {
            ShellState state = booted.Witnesses.Read();
            Progress progress = booted.Witnesses.Progress();
            if ((booted.Complaint ?? expected?.Judge(state, progress, logLength)) is { } problem)
            {
                throw new MachineException(problem);
            }

            booted.Witnesses.WorkersGoOn();

            found = new Expectation(state, expected);
            found.Became(state with { Count = state.Count + 1 });
            if (!booted.IsFirstBoot)
            {
                report.Resumed(booted.Resume);
            }

            return booted;
        }
        catch (MachineException)
        {
            booted.Dispose();
            throw;
        }
    }

    private void Try(string what, Action action)
    {
        try
        {
            action();
        }
        catch (MachineException e)
        {
            _report.Failed(new WrongPull(_report.Pulls, what, e.Message));
            Keep();
        }
    }

    /// <summary>Puts the disks of a failure where the next pull does not overwrite them.</summary>
    private void Keep()
    {
        string folder = Path.Combine(_options.Folder, $"wrong-{_report.Wrong.Count}");
        Directory.CreateDirectory(folder);
        foreach (string file in new[] { _disk, _before, _log, _replay }.Where(File.Exists))
        {
            DiskFile.CopySparse(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    private void Renew()
    {
        DiskFile.CopySparse(_options.Pristine, _disk);
        _expected = null;
    }
}
