// SlowDownBench: what programs lose while checkpoints are taken: one that changes much memory, and one that calls
// another domain. In guest instructions, so that neither the host nor its disk is in it.

using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Build.Qemu;

namespace Eros.Build.Cli.Measuring;

/// <summary>Measures programs.</summary>
internal sealed class SlowDownBench(Tree tree, Screen screen)
{
    private const double NsPerMs = 1_000_000;

    private static readonly TimeSpan _bootLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(60);

    private readonly Tree _tree = tree;
    private readonly Screen _screen = screen;

    internal SlowDownPoint[] Measure() => _screen.Step("programs beside checkpoints", _ =>
    {
        using var folder = new ScratchFolder();
        string disk = folder.File("disk.img");
        DiskFile.CopySparse(_tree.Pristine, disk);
        MachineOptions options = new()
        {
            Kernel = _tree.Kernel,
            Disk = Drive.File(disk),
            Accelerator = Accelerator.Tcg,
            Icount = true,
        };
        using QemuMachine machine = QemuMachine.Start(options, _limit);
        ErosSession shell = ErosSession.Begin(machine, _bootLimit);
        string output = shell.Run("bench --exact --json --slow-down", _limit);
        return PointsOf(BenchRunner.ParseRows(output, BenchJson.Default.SlowDownRow));
    });

    /// <summary>One for each interval of each workload, against the mean of its times without checkpoints.</summary>
    internal static SlowDownPoint[] PointsOf(SlowDownRow[] rows) =>
        [.. rows.GroupBy(row => row.Workload).SelectMany(PointsOfOne)];

    private static IEnumerable<SlowDownPoint> PointsOfOne(IGrouping<string, SlowDownRow> rows)
    {
        double[] without = [.. rows.Where(row => row.IntervalMs == 0).Select(Each)];
        double mean = without.Average();
        yield return new SlowDownPoint(rows.Key, 0, 0, LinearFit.SpreadPercent(without), 0);
        foreach (SlowDownRow row in rows.Where(row => row.IntervalMs != 0))
        {
            // Nanoseconds are instructions here. What one checkpoint costs is lost once in an interval.
            double lost = row.Cycles - (row.Work * mean);
            double interval = row.IntervalMs * NsPerMs;
            double percent = 100 * lost / (interval > row.Cycles ? interval : row.Cycles - lost);
            yield return new SlowDownPoint(rows.Key, row.IntervalMs, lost, percent, row.Checkpoints);
        }
    }

    private static double Each(SlowDownRow row) => (double)row.Cycles / row.Work;
}
