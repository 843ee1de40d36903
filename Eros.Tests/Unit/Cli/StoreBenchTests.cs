using System.Linq;
using Eros.Build.Cli.Measuring;
using NUnit.Framework;

namespace Eros.Tests.Unit.Cli;

/// <summary>What `./eros bench --store` makes of what its machines say.</summary>
[TestFixture, Category(TestKind.Unit)]
public sealed class StoreBenchTests
{
    [Test]
    public void Checkpoints_and_plain_writes_are_read_from_the_log()
    {
        const string Output =
            "eros: checkpoint of 20 frames: 4000 cycles, plain writes: 3000 cycles, of 1000 in a second\n"
            + "eros: something else\n"
            + "eros: checkpoint of 21 frames: 5000 cycles, plain writes: 6000 cycles, of 1000 in a second\n";
        Assert.That(
            BandwidthBench.PairsOf(Output),
            Is.EqualTo(new BandwidthBench.Pair[] { new(20, 4000, 3000, 1000), new(21, 5000, 6000, 1000) }));
    }

    [Test]
    public void A_ratio_is_what_plain_writes_take_of_the_checkpoint_s_time()
    {
        BandwidthBench.Pair[] pairs = [new(1000, 4000, 3000, 1000), new(1000, 4000, 2000, 1000)];
        BandwidthPoint point = BandwidthBench.PointOf(50, pairs);
        Assert.That((point.Ratio, point.Least, point.Most), Is.EqualTo((0.625, 0.5, 0.75)));
        Assert.That(point.Checkpoint, Is.EqualTo(1.024).Within(1e-9), "4,096,000 bytes in four seconds");
        Assert.That((point.Disk, point.Pairs, point.Frames), Is.EqualTo((50, 2, 1000)));
    }

    [Test]
    public void A_slow_down_is_against_the_mean_of_the_times_without_checkpoints()
    {
        SlowDownRow[] rows =
        [
            new("memory", 0, 3_000_000_000, 100_000, 0),
            new("memory", 100, 3_000_000_000, 80_000, 30),
            new("memory", 0, 3_000_000_000, 100_000, 0),
            new("calls", 0, 500, 5, 0),
            new("calls", 0, 700, 5, 0),
            new("calls", 30_000, 3_000_000_120, 10_000_001, 1),
        ];
        SlowDownPoint[] points = SlowDownBench.PointsOf(rows);
        Assert.That(points.Select(point => point.IntervalMs), Is.EqualTo(new[] { 0, 100, 0, 30_000 }));
        Assert.That(points.Select(point => point.Lost), Is.EqualTo(new double[] { 0, 600_000_000, 0, 1_800_000_000 }));
        Assert.That(points.Select(point => point.Percent), Is.EqualTo(new double[] { 0, 25, 40, 6 }).Within(1e-9));
        Assert.That(points.Select(point => point.Checkpoints), Is.EqualTo(new[] { 0, 30, 0, 1 }));
    }
}
