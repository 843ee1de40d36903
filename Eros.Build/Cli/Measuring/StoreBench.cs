// StoreBench: `./eros bench --store`: what must not grow with the store, and what checkpoints cost. Several machines,
// one after another; in each of a series one thing is larger than in the one before.
//
// What is counted are executed instructions: the machine counts them, one in a nanosecond. Pauses are the kernel's own
// count. Of a resume the kernel counts what it waited away, and that is taken off.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Eros.Build.Cli.Building;
using Eros.Build.Cli.Setup;
using Eros.Build.Qemu;

namespace Eros.Build.Cli.Measuring;

/// <summary>How far the series go. The defaults are `./eros bench --store`.</summary>
internal sealed record StoreBenchOptions
{
    /// <summary>Dirty pages of the first series.</summary>
    public int[] Pages { get; init; } = [1, 10, 100, 1_000, 10_000];

    /// <summary>The last of it, in a machine of its own: to write such a snapshot takes half a minute. Null:
    /// none.</summary>
    public int? MostPages { get; init; } = 100_000;

    /// <summary>Its machine's memory, MB: 40 % may be dirty.</summary>
    public int PagesMemory { get; init; } = 2048;

    /// <summary>Its volume, MB: a third of the log, which is a quarter of the volume, may be one checkpoint.</summary>
    public int PagesVolume { get; init; } = 8192;

    /// <summary>Memory, MB.</summary>
    public int[] Memories { get; init; } = [64, 256, 1024, 4096];

    /// <summary>Volumes, MB.</summary>
    public int[] Volumes { get; init; } = [64, 1024, 16_384, 65_536];

    /// <summary>Processes beside those of the standard system.</summary>
    public int[] Processes { get; init; } = [1, 100, 300, 900];

    /// <summary>Pauses of each machine.</summary>
    public int Samples { get; init; } = 5;

    /// <summary>Boots of each machine.</summary>
    public int Boots { get; init; } = 5;

    /// <summary>Speeds of the disk that checkpoints are written to, MB a second; 0: whatever the host's file does.
    /// </summary>
    public int[] Disks { get; init; } = [25, 50, 100, 0];

    /// <summary>Checkpoints and as many plain streams of writes, for each of them.</summary>
    public int Pairs { get; init; } = 10;

    /// <summary>Whether programs beside checkpoints are measured: ten seconds of the machine's time, some
    /// minutes.</summary>
    public bool HasSlowDowns { get; init; } = true;
}

/// <summary>Measures the series.</summary>
internal sealed partial class StoreBench(Tree tree, Screen screen, StoreBenchOptions options)
{
    // Fits the smallest of all machines.
    private const int FewPages = 500;
    private const int MiddleVolume = 1024;
    private const string FirstCommand = "kernel entry until the prompt's first command has counted";
    private const int MostSamples = 1;

    private static readonly TimeSpan _bootLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(30);

    private readonly Tree _tree = tree;
    private readonly Screen _screen = screen;
    private readonly StoreBenchOptions _options = options;

    /// <summary>Runs all series, prints them, and writes them to <paramref name="jsonFile"/> unless it is null.
    /// </summary>
    internal StoreReport Run(string? jsonFile)
    {
        new Installer(_screen).InstallMissing();
        new Builder(_tree, _screen).BuildImages();
        List<StoreSeries> all = [];
        Func<StoreSeries>[] kinds = [OverPages, OverMemory, OverVolume, ResumeOverVolume, ResumeOverProcesses];
        var table = new StoreTable(_screen);
        foreach (Func<StoreSeries> measure in kinds)
        {
            StoreSeries series = measure();
            if (series.Points.Length != 0)
            {
                table.Show(series);
                all.Add(series);
            }
        }

        BandwidthPoint[] bandwidth = new BandwidthBench(_tree, _screen).Measure(_options.Disks, _options.Pairs);
        table.Show(bandwidth);
        SlowDownPoint[] slowDowns = _options.HasSlowDowns ? new SlowDownBench(_tree, _screen).Measure() : [];
        table.Show(slowDowns);
        StoreReport report = new([.. all], bandwidth, slowDowns);
        if (jsonFile != null)
        {
            BenchRunner.Write(jsonFile, JsonSerializer.Serialize(report, BenchJson.Default.StoreReport));
        }

        return report;
    }

    private StoreSeries OverPages() => new(
        "snapshot pause",
        "dirty pages",
        $"{_options.PagesMemory} MB of memory, a volume of {_options.PagesVolume} MB; counted by the kernel",
        [.. PausesOf(_options.Pages, _options.Samples), .. PausesOf(MostPages, MostSamples)]);

    private int[] MostPages => _options.MostPages is { } most ? [most] : [];

    private StorePoint[] PausesOf(int[] pages, int samples) => pages.Length == 0
        ? [] : Pauses(_options.PagesVolume, _options.PagesMemory, pages, samples, row => row.Pages);

    private StoreSeries OverMemory() => new(
        "snapshot pause",
        "MB of memory",
        $"{FewPages} dirty pages, a volume of {MiddleVolume} MB; counted by the kernel",
        [.. _options.Memories.SelectMany(memory => Pauses(
            MiddleVolume, memory, [FewPages], _options.Samples, _ => memory))]);

    private StoreSeries OverVolume() => new(
        "snapshot pause",
        "MB of volume",
        $"{FewPages} dirty pages, {MachineOptions.DefaultMemoryMegabytes} MB of memory; counted by the kernel",
        [
            .. _options.Volumes.SelectMany(volume => Pauses(
                volume, MachineOptions.DefaultMemoryMegabytes, [FewPages], _options.Samples, _ => volume)),
        ]);

    private StoreSeries ResumeOverVolume() => new(
        FirstCommand,
        "MB of volume",
        "the standard system, resumed after `checkpoint`; without what was waited away",
        [.. _options.Volumes.Select(volume => Resume(volume, 1, volume))]);

    private StoreSeries ResumeOverProcesses() => new(
        FirstCommand,
        "processes more",
        $"a volume of {MiddleVolume} MB, resumed after `checkpoint`; without what was waited away",
        [.. _options.Processes.Select(processes => Resume(MiddleVolume, processes, processes))]);

    private StorePoint[] Pauses(
        int volume, int memory, int[] pages, int samples, Func<PauseRow, long> at) => _screen.Step(
        $"snapshots: {memory} MB of memory, a volume of {volume} MB, up to {pages.Max()} pages",
        _ =>
        {
            using var folder = new ScratchFolder();
            MachineOptions options = Compose(folder, volume) with { MemoryMegabytes = memory, Icount = true };
            using QemuMachine machine = QemuMachine.Start(options, _limit);
            ErosSession shell = ErosSession.Begin(machine, _bootLimit);
            string output = shell.Run(
                $"bench --json --exact --samples {samples} --pause {string.Join(',', pages)}", _limit);
            PauseRow[] rows = BenchRunner.ParseRows(output, BenchJson.Default.PauseRow);
            return Array.ConvertAll(rows, row => PointOf(row, at));
        });

    private static StorePoint PointOf(PauseRow row, Func<PauseRow, long> at) => row.Frames >= row.Pages
        ? new(at(row), $"{row.Frames} frames dirty", row.Samples, row.Median, row.Minimum, row.Maximum)
        : throw new UserError($"Of {row.Pages} pages that were written, a snapshot had {row.Frames}.");

    private StorePoint Resume(int volume, int processes, long at) => _screen.Step(
        $"resumes: a volume of {volume} MB, {processes} processes more",
        _ =>
        {
            using var folder = new ScratchFolder();
            MachineOptions options = Compose(folder, volume);
            StopAfterCheckpoint(options, processes);
            Resumed[] all = [.. Enumerable.Range(0, _options.Boots).Select(_ => Boot(options))];
            long[] sorted = [.. all.Select(one => one.First).Order()];
            long[] second = [.. all.Select(one => one.Second - one.First).Order()];
            return new StorePoint(
                at,
                $"{all[0].Processes} processes resumed; a second such command {second[second.Length / 2]:N0}",
                sorted.Length,
                sorted[sorted.Length / 2],
                sorted[0],
                sorted[^1]);
        });

    /// <summary>A life of the machine that ends behind a checkpoint.</summary>
    private static void StopAfterCheckpoint(MachineOptions options, int processes)
    {
        using QemuMachine machine = QemuMachine.Start(options, _limit);
        ErosSession shell = ErosSession.Begin(machine, _bootLimit);
        shell.Run($"bench --processes {processes}", _limit);
        shell.Run("checkpoint", _limit);
    }

    /// <summary>Time passes with the host's while the machine waits (not `sleep=off`): else the kernel's own timers
    /// would be due again and again while the disk works.</summary>
    private static Resumed Boot(MachineOptions options)
    {
        using QemuMachine machine = QemuMachine.Start(options with { Extra = ["-icount", "shift=0"] }, _limit);
        ErosSession shell = ErosSession.Begin(machine, _bootLimit);
        return shell.Greeting.IsFirstBoot
            ? throw new MachineException("The machine began anew.")
            : new Resumed(shell.Greeting.Processes, SinceEntry(shell), SinceEntry(shell));
    }

    private static long SinceEntry(ErosSession shell)
    {
        string output = shell.Run("bench --since-entry", _bootLimit);
        return Executed().Match(output) is { Success: true } found
            ? long.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : throw new UserError($"Nothing was measured; the machine said: {output}");
    }

    /// <summary>A machine that came back: instructions from the kernel's entry until each of two commands had counted
    /// them.</summary>
    private sealed record Resumed(int Processes, long First, long Second);

    [GeneratedRegex("([0-9]+) cycles since the kernel's entry")]
    private static partial Regex Executed();

    private MachineOptions Compose(ScratchFolder folder, int volume)
    {
        string disk = folder.File("disk.img");
        VolumeComposer.Compose(_tree, disk, volume);
        return new MachineOptions { Kernel = _tree.Kernel, Disk = Drive.File(disk), Accelerator = Accelerator.Tcg };
    }
}
