using Eros.Build.Cli.Measuring;
using Eros.Domains.Bench;
using NUnit.Framework;

namespace Eros.Tests.Unit.Domains;

/// <summary>What `bench` in the shell prints.</summary>
[TestFixture, Category(TestKind.Unit)]
public sealed class BenchReportTests
{
    [Test]
    public void Numbers_wider_than_their_columns_stay_apart()
    {
        var report = new Report(default);
        Costs costs = new() { SpaceLoads = 10001, TlbFlushes = 10002, Crossings = 1000003, Closed = 10000004 };
        report.Add("longest with interrupts off", new Figures([15984815, 766998000, 15984815766998]), costs);
        Assert.That(report.Text, Does.EndWith(
            "longest with interrupts off  766998000 15984815 15984815766998       3 10001 10002 1000003 10000004\n"));
    }

    [Test]
    public void Numbers_stand_below_their_heads()
    {
        var report = new Report(default);
        report.Add("null invocation", new Figures([1234567]), new Costs { Closed = 1234567 });
        string[] lines = report.Text.Split('\n');
        Assert.That(lines[2], Has.Length.EqualTo(lines[1].Length));
        Assert.That(lines[2].IndexOf("1234567 "), Is.EqualTo(lines[1].IndexOf(" median")));
    }

    [Test]
    public void A_row_of_pauses_is_what_the_host_reads()
    {
        Assert.That(Options.TryParse("--json --samples 2 --pause 1,500", 9, out Options options));
        Assert.That(options.Pages, Is.EqualTo(new[] { 1, 500 }));
        var report = new Report(options);
        report.Add(new PauseFigures(500, 512, new Figures([4000, 3000])));
        Assert.That(
            BenchRunner.ParseRows(report.Text, BenchJson.Default.PauseRow),
            Is.EqualTo(new[] { new PauseRow(500, 512, 2, 4000, 3000, 4000) }));
    }

    [TestCase("--pause")]
    [TestCase("--pause 0")]
    [TestCase("--pause 1,,2")]
    [TestCase("--pause 1,x")]
    [TestCase("--processes 0")]
    public void Numbers_that_are_none_are_refused(string arguments) =>
        Assert.That(Options.TryParse(arguments, 9, out _), Is.False);
}
