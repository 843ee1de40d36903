// BandwidthBench: how much of what a disk can do checkpoints make use of. A kernel of its own (Eros.Hal/MeasuredImage)
// writes, after each checkpoint, as many blocks one after another to the end of the same disk, and says what both took.
//
// QEMU holds the disk to a speed. Without that it is the host's file, which takes more than an emulated processor can
// check and copy.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Eros.Build.Cli.Building;
using Eros.Build.Qemu;

namespace Eros.Build.Cli.Measuring;

/// <summary>Measures disks.</summary>
internal sealed partial class BandwidthBench(Tree tree, Screen screen)
{
    private const int Pages = 10_000;
    private const int Memory = 1024;
    private const int Volume = 8192;
    private const int MegabyteShift = 20;
    private const int BytesPerMegabyte = 1_000_000;
    private const int FrameBytes = 4096;

    // What the kernel writes to: its PlainWrites.EndBlocks.
    private const int End = 2048;

    private static readonly TimeSpan _bootLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(30);

    private readonly Tree _tree = tree;
    private readonly Screen _screen = screen;

    /// <param name="disks">MB a second; 0 is no limit.</param>
    /// <param name="pairs">Of both, for each of them.</param>
    internal BandwidthPoint[] Measure(int[] disks, int pairs)
    {
        if (disks.Length == 0)
        {
            return [];
        }

        new Builder(_tree, _screen).BuildMeasured();
        return [.. disks.Select(disk => _screen.Step(
            disk == 0 ? "checkpoints and plain writes, the host's file" : $"checkpoints and plain writes, {disk} MB/s",
            _ => Measure(disk, pairs)))];
    }

    private BandwidthPoint Measure(int speed, int pairs)
    {
        using var folder = new ScratchFolder();
        string disk = folder.File("disk.img");
        VolumeComposer.Compose(_tree, disk, Volume);
        using (FileStream file = File.OpenWrite(disk))
        {
            file.SetLength((long)(Volume + End) << MegabyteShift);
        }

        string limit = speed == 0 ? "" : $",throttling.bps-write={(long)speed * BytesPerMegabyte}";
        MachineOptions options = new()
        {
            Kernel = _tree.MeasuredKernel,
            Disk = Drive.FromText($"file={disk},format=raw{limit}"),
            MemoryMegabytes = Memory,
            Accelerator = Accelerator.Tcg,
        };
        using QemuMachine machine = QemuMachine.Start(options, _limit);
        ErosSession shell = ErosSession.Begin(machine, _bootLimit);
        string output = shell.Run($"bench --json --samples {pairs} --pause {Pages}", _limit);
        Pair[] all = [.. PairsOf(output).Where(pair => pair.Frames >= Pages).TakeLast(pairs)];
        return all.Length == pairs
            ? PointOf(speed, all)
            : throw new UserError($"Of {pairs} checkpoints {all.Length} were measured; the machine said: {output}");
    }

    /// <param name="speed">MB a second; 0 is no limit.</param>
    /// <param name="pairs">One at least.</param>
    internal static BandwidthPoint PointOf(int speed, Pair[] pairs)
    {
        double[] ratios = [.. pairs.Select(pair => (double)pair.Plain / pair.Checkpoint).Order()];
        return new BandwidthPoint(
            speed,
            pairs.Length,
            pairs[^1].Frames,
            Rate(pairs, pair => pair.Checkpoint),
            Rate(pairs, pair => pair.Plain),
            Median(ratios),
            ratios[0],
            ratios[^1]);
    }

    private static double Rate(Pair[] pairs, Func<Pair, long> cycles)
    {
        IEnumerable<double> rates = pairs.Select(pair => (double)pair.Frames * FrameBytes * pair.Hz / cycles(pair));
        return Median([.. rates.Order()]) / BytesPerMegabyte;
    }

    private static double Median(double[] sorted) =>
        (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

    internal static IEnumerable<Pair> PairsOf(string output) => PairLine().Matches(output).Select(found => new Pair(
        Number(found.Groups[1]), Number(found.Groups[2]), Number(found.Groups[3]), Number(found.Groups[4])));

    private static long Number(Group group) => long.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>A line of that kernel: cycles of the time-stamp counter.</summary>
    internal sealed record Pair(long Frames, long Checkpoint, long Plain, long Hz);

    [GeneratedRegex(
        "checkpoint of ([0-9]+) frames: ([0-9]+) cycles, plain writes: ([0-9]+) cycles, of ([0-9]+) in a second")]
    private static partial Regex PairLine();
}
