using System.IO;
using System.Linq;
using System.Text.Json;
using Eros.Build.Cli;
using Eros.Build.Cli.Measuring;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>`./eros bench`.</summary>
[TestFixture, Category(TestKind.System)]
public sealed class BenchTests
{
    private const int Samples = 25;

    /// <summary>What seL4 takes for it.</summary>
    private const long MostForACall = 395;

    /// <summary>Of a constructor, until its client has the product.</summary>
    private const long MostForAProduct = 60_000;

    /// <summary>What seL4 takes for it.</summary>
    private const long MostForAKeeper = 1_300;

    /// <summary>Until a domain of the highest priority runs after its time has come, whatever else goes on.</summary>
    private const long MostUntilWoken = 20_000;

    /// <summary>The row of that, the last. Its samples are not the same each time: the disk takes host time.</summary>
    private const string Woken = "woken by the clock, busy";

    /// <summary>
    /// Rows that repeat nearly: the pager looks for who waits among all activities, and finds it sooner or later; and
    /// of what is long, about half of the samples have an interrupt. A snapshot goes through the activities up to the
    /// last that is used, and there are gaps.
    /// </summary>
    private static readonly string[] _nearly =
    [
        "the same, until it answers", "demand-zero page",
        "snapshot pause, 1 dirty", "snapshot pause, 100 dirty", "snapshot pause, 1000 dirty",
        "longest with interrupts off",
    ];

    /// <summary>How long the disk takes is not counted in instructions.</summary>
    private const string Driver = "page journalled by a driver";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Two_runs_give_the_same_minimum_and_median_of_everything()
    {
        BenchReport first = Measure();
        BenchReport second = Measure();
        Assert.That(first.Exact && second.Exact, "the machine counts instructions");
        Assert.That(first.Rows, Has.Length.EqualTo(23));
        foreach (BenchReport report in new[] { first, second })
        {
            BenchRow woken = report.Rows[^1];
            Assert.That(woken.Name, Is.EqualTo(Woken));
            Assert.That(woken.Samples, Is.GreaterThan(1000));
            Assert.That(woken.Maximum, Is.LessThanOrEqualTo(MostUntilWoken));
        }

        Assert.That(first.Rows[..^1].Select(row => row.Samples), Is.All.EqualTo(Samples));
        Assert.That(Median(first, "call and return"), Is.LessThanOrEqualTo(MostForACall));
        Assert.That(Median(first, "constructor's product"), Is.LessThanOrEqualTo(MostForAProduct));
        Assert.That(Median(first, "fault to a keeper and back"), Is.LessThanOrEqualTo(MostForAKeeper));
        Assert.That(first.Rows.Single(row => row.Name == Driver).SpaceLoads, Is.Zero, "to a thread and back");
        Assert.That(second.Rows[..^1].Select(Repeatable), Is.EqualTo(first.Rows[..^1].Select(Repeatable)));
        foreach (string name in _nearly)
        {
            Assert.That(Median(second, name), Is.EqualTo(Median(first, name)).Within(2).Percent, name);
        }
    }

    /// <summary>One short series of `./eros bench --store`; all of it takes minutes. The volume has the largest log,
    /// whose directories did not fit the memory that it was composed with.</summary>
    [Test]
    public void A_snapshot_of_many_pages_takes_as_long_as_one_of_a_page()
    {
        StoreBenchOptions options = new()
        {
            Pages = [1, 800],
            MostPages = null,
            PagesMemory = 128,
            PagesVolume = 8192,
            Memories = [],
            Volumes = [],
            Processes = [],
            Disks = [],
            HasSlowDowns = false,
            Samples = 3,
        };
        StoreReport report = new StoreBench(new Tree(Repository.Root), new Screen(), options).Run(jsonFile: null);
        StorePoint[] points = report.Series.Single().Points;
        Assert.That(points.Select(point => point.At), Is.EqualTo(new[] { 1, 800 }));
        Assert.That(points[1].Median, Is.EqualTo(points[0].Median).Within(2).Percent);
    }

    private static long Median(BenchReport report, string name) =>
        report.Rows.Single(row => row.Name == name).Median;

    /// <summary>What must be the same each time. An interrupt shows in the maximum alone.</summary>
    private static string Repeatable(BenchRow row) =>
        $"{row.Name}: {(_nearly.Contains(row.Name) || row.Name == Driver ? "" : $"{row.Minimum} {row.Median}")}, "
        + $"{row.SpaceLoads} {row.TlbFlushes} {row.Crossings}";

    private BenchReport Measure()
    {
        string file = _folder.File("bench.json");
        new BenchRunner(new Tree(Repository.Root), new Screen()).Run(Samples, file);
        return JsonSerializer.Deserialize(File.ReadAllText(file), BenchJson.Default.BenchReport)!;
    }
}
