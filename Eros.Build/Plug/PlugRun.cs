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
public sealed class PlugRun : PullingRun
{
    private readonly string _disk;
    private readonly string _before;
    private readonly string _replay;
    private readonly string _log;
    private Expectation? _expected;

    public PlugRun(PlugOptions options)
        : base(options)
    {
        _disk = Path.Combine(options.Folder, "disk.img");
        _before = Path.Combine(options.Folder, "before.img");
        _replay = Path.Combine(options.Folder, "replay.img");
        _log = Path.Combine(options.Folder, "writes.log");
    }

    private protected override IEnumerable<string> Files => [_disk, _before, _log, _replay];

    private protected override void End()
    {
        if (!HasEnded)
        {
            Try("the disk itself, at the end", () => Examine(Drive.File(_disk), _expected, out _).Dispose());
        }
    }

    private protected override void PullOnce(MachineMark phase)
    {
        DiskFile.CopySparse(_disk, _before);
        WriteLog.Create(_log);
        PulledPlug? pulled = null;
        Try("the disk itself", () =>
        {
            Look(_disk);
            using BootedMachine booted = Examine(Drive.Logged(_disk, _log), _expected, out Expectation found);
            pulled = PulledPlug.Pull(booted, found, phase, _log, Random);
        });
        if (pulled is null)
        {
            Renew();
            return;
        }

        _expected = pulled.Expected;
        Report.Pulled(pulled.Phase);
        using FileStream file = File.OpenRead(_log);
        IReadOnlyList<WriteLogEntry> log = WriteLog.Read(file);
        // With nothing unflushed, all kinds of cut leave the same disk.
        foreach (CutKind kind in PowerCut.Unflushed(log, log.Count).Any() ? Options.Kinds : [CutKind.Dropped])
        {
            Replay(log, log.Count, kind, pulled.Expected);
        }

        foreach (int cut in EarlierCuts(log).TakeWhile(_ => !HasEnded))
        {
            Replay(log, cut, Options.Kinds[Random.Next(Options.Kinds.Count)], pulled.Expected);
        }
    }

    /// <summary>Places just before flushes, in turn from a random one.</summary>
    private IEnumerable<int> EarlierCuts(IReadOnlyList<WriteLogEntry> log)
    {
        int[] flushes = [.. Enumerable.Range(0, log.Count).Where(at => log[at].Kind == WriteLogKind.Flush)];
        int first = flushes.Length == 0 ? 0 : Random.Next(flushes.Length);
        return Enumerable.Range(0, Math.Min(flushes.Length, Options.EarlierCuts))
            .Select(number => flushes[(first + number) % flushes.Length]);
    }

    private void Replay(IReadOnlyList<WriteLogEntry> log, int cut, CutKind kind, Expectation expected)
    {
        DiskFile.CopySparse(_before, _replay);
        using (FileStream disk = File.Open(_replay, FileMode.Open))
        {
            Report.UnflushedWrites += PowerCut.Apply(disk, log, cut, kind, Random);
        }

        Report.Replays++;
        string what = $"a replay of {cut} of {log.Count} log entries, unflushed writes: {kind}";
        long logLength = cut == log.Count ? long.MaxValue : log[cut].LogEnd - 1;
        Try(what, () =>
        {
            Look(_replay);
            Examine(Drive.File(_replay), expected, out _, logLength).Dispose();
        });
    }

    /// <summary>Boots a disk and judges its state.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="expected">What it may hold; null: anything.</param>
    /// <param name="found">What it held, with the commands on top of that which finding out took.</param>
    /// <param name="logLength">How much of the write log it holds, bytes.</param>
    /// <exception cref="MachineException">It does not boot, or is wrong.</exception>
    private BootedMachine Examine(
        Drive disk, Expectation? expected, out Expectation found, long logLength = long.MaxValue) =>
        Examine(BootedMachine.Boot(Options, disk), expected, out found, logLength);

    private protected override void Renew()
    {
        DiskFile.CopySparse(Options.Pristine, _disk);
        _expected = null;
    }
}
