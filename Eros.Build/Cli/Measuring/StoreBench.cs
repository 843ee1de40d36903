// StoreBench: `./eros bench --store`: what must not grow with the store. Several machines, one after another, each with
// one thing larger than the one before.
//
// Pauses are counted by the kernel, exactly: the machine counts instructions, one in a nanosecond. A resume is counted
// by the kernel's own line, in milliseconds; so there an instruction takes 8 ns, and a millisecond is 125,000. Time
// that the machine waits for its disk passes in ticks, more or fewer each time.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Eros.Build.Cli.Building;
using Eros.Build.Cli.Setup;
using Eros.Build.Qemu;

namespace Eros.Build.Cli.Measuring;

/// <summary>How far the series go. The defaults are `./eros bench --store`.</summary>
internal sealed record StoreBenchOptions
{
    /// <summary>Dirty pages of the first series.</summary>
    public int[] Pages { get; init; } = [1, 10, 100, 1_000, 3_000, 10_000];

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
}

/// <summary>Measures the series.</summary>
internal sealed class StoreBench(Tree tree, Screen screen, StoreBenchOptions options)
{
    // Fits the smallest of all machines.
    private const int FewPages = 500;
    private const int MiddleVolume = 1024;
    private const int BootShift = 3;
    private const long NsPerMs = 1_000_000;

    private static readonly TimeSpan _bootLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(30);

    private readonly Tree _tree = tree;
    private readonly Screen _screen = screen;
    private readonly StoreBenchOptions _options = options;

    /// <summary>Runs all series, prints them, and writes them to <paramref name="jsonFile"/> unless it is null.
    /// </summary>
    internal StoreSeries[] Run(string? jsonFile)
    {
        new Installer(_screen).InstallMissing();
        new Builder(_tree, _screen).BuildImages();
        List<StoreSeries> all = [];
        Func<StoreSeries>[] kinds = [OverPages, OverMemory, OverVolume, ResumeOverVolume, ResumeOverProcesses];
        foreach (Func<StoreSeries> measure in kinds)
        {
            StoreSeries series = measure();
            if (series.Points.Length != 0)
            {
                new StoreTable(_screen).Show(series);
                all.Add(series);
            }
        }

        if (jsonFile != null)
        {
            BenchRunner.Write(jsonFile, JsonSerializer.Serialize(all.ToArray(), BenchJson.Default.StoreSeriesArray));
        }

        return [.. all];
    }

    private StoreSeries OverPages() => new(
        "snapshot pause",
        "dirty pages",
        $"{_options.PagesMemory} MB of memory, a volume of {_options.PagesVolume} MB; counted by the kernel",
        _options.Pages.Length == 0
            ? [] : Pauses(_options.PagesVolume, _options.PagesMemory, _options.Pages, row => row.Pages));

    private StoreSeries OverMemory() => new(
        "snapshot pause",
        "MB of memory",
        $"{FewPages} dirty pages, a volume of {MiddleVolume} MB; counted by the kernel",
        [.. _options.Memories.SelectMany(memory => Pauses(MiddleVolume, memory, [FewPages], _ => memory))]);

    private StoreSeries OverVolume() => new(
        "snapshot pause",
        "MB of volume",
        $"{FewPages} dirty pages, {MachineOptions.DefaultMemoryMegabytes} MB of memory; counted by the kernel",
        [
            .. _options.Volumes.SelectMany(volume => Pauses(
                volume, MachineOptions.DefaultMemoryMegabytes, [FewPages], _ => volume)),
        ]);

    private StoreSeries ResumeOverVolume() => new(
        "kernel entry until processes go on",
        "MB of volume",
        "the standard system, resumed at its prompt; the kernel's own time",
        [.. _options.Volumes.Select(volume => Resume(volume, 1, volume))]);

    private StoreSeries ResumeOverProcesses() => new(
        "kernel entry until processes go on",
        "processes more",
        $"the standard system on a volume of {MiddleVolume} MB, resumed at its prompt; the kernel's own time",
        [.. _options.Processes.Select(processes => Resume(MiddleVolume, processes, processes))]);

    private StorePoint[] Pauses(int volume, int memory, int[] pages, Func<PauseRow, long> at) => _screen.Step(
        $"snapshots: {memory} MB of memory, a volume of {volume} MB, up to {pages.Max()} pages",
        _ =>
        {
            using var folder = new ScratchFolder();
            MachineOptions options = Compose(folder, volume) with { MemoryMegabytes = memory, Icount = true };
            using QemuMachine machine = QemuMachine.Start(options, _limit);
            ErosSession shell = ErosSession.Begin(machine, _bootLimit);
            string output = shell.Run(
                $"bench --json --exact --samples {_options.Samples} --pause {string.Join(',', pages)}", _limit);
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
            StopAtPrompt(options, folder, processes);
            Greeting[] greetings = [.. Enumerable.Range(0, _options.Boots).Select(_ => Boot(options))];
            long[] sorted = [.. greetings.Select(one => (one.Milliseconds * NsPerMs) >> BootShift).Order()];
            return new StorePoint(
                at,
                $"{greetings[0].Processes} processes resumed",
                sorted.Length,
                sorted[sorted.Length / 2],
                sorted[0],
                sorted[^1]);
        });

    /// <summary>A life of the machine that ends at the prompt, where a checkpoint has been.</summary>
    private static void StopAtPrompt(MachineOptions options, ScratchFolder folder, int processes)
    {
        using var port = new DebugPort(folder.Path);
        using QemuMachine machine = QemuMachine.Start(options with { DebugPipe = port.Path }, _limit);
        ErosSession shell = ErosSession.Begin(machine, _bootLimit);
        shell.Run($"bench --processes {processes}", _limit);
        foreach (MachineMark mark in new[] { MachineMark.Snapshot, MachineMark.Commit, MachineMark.Idle })
        {
            if (!port.WaitFor(mark, port.Marks.Count, _bootLimit))
            {
                throw new MachineException("No checkpoint was taken at the prompt.");
            }
        }
    }

    private static Greeting Boot(MachineOptions options)
    {
        using QemuMachine machine = QemuMachine.Start(
            options with { Extra = ["-icount", $"shift={BootShift},sleep=off"] }, _limit);
        Greeting greeting = ErosSession.BeginAsItStands(machine, _bootLimit).Greeting;
        return greeting.IsFirstBoot ? throw new MachineException("The machine began anew.") : greeting;
    }

    private MachineOptions Compose(ScratchFolder folder, int volume)
    {
        string disk = folder.File("disk.img");
        VolumeComposer.Compose(_tree, disk, volume);
        return new MachineOptions { Kernel = _tree.Kernel, Disk = Drive.File(disk), Accelerator = Accelerator.Tcg };
    }
}
