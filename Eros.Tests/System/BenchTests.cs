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
    private const ulong MostForACall = 395;

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
        Assert.That(first.Rows, Has.Length.EqualTo(14));
        Assert.That(first.Rows.Select(row => row.Samples), Is.All.EqualTo(Samples));
        Assert.That(first.Rows.Single(row => row.Name == "call and return").Median, Is.LessThanOrEqualTo(MostForACall));
        Assert.That(second.Rows.Select(Repeatable), Is.EqualTo(first.Rows.Select(Repeatable)));
    }

    /// <summary>What must be the same each time. An interrupt shows in the maximum alone.</summary>
    private static string Repeatable(BenchRow row) =>
        $"{row.Name}: {row.Minimum} {row.Median}, {row.SpaceLoads} {row.TlbFlushes} {row.Crossings}";

    private BenchReport Measure()
    {
        string file = _folder.File("bench.json");
        new BenchRunner(new Tree(Repository.Root), new Screen()).Run(Samples, file);
        return JsonSerializer.Deserialize(File.ReadAllText(file), BenchJson.Default.BenchReport)!;
    }
}
