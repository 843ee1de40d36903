using Eros.Build.Cli.Measuring;
using NUnit.Framework;

namespace Eros.Tests.Unit.Cli;

/// <summary>What `./eros bench --store` makes of its figures.</summary>
[TestFixture, Category(TestKind.Unit)]
public sealed class LinearFitTests
{
    private const double Exactly = 1e-9;

    [Test]
    public void Points_of_a_line_give_the_line()
    {
        LinearFit fit = LinearFit.Of([(1, 107), (10, 170), (100_000, 700_100)]);
        Assert.That(fit.Slope, Is.EqualTo(7).Within(Exactly));
        Assert.That(fit.Constant, Is.EqualTo(100).Within(1e-6));
        Assert.That(fit.LargestDeviation, Is.Zero.Within(1e-6));
    }

    [Test]
    public void A_point_off_the_line_is_told()
    {
        LinearFit fit = LinearFit.Of([(0, 0), (1, 3), (2, 0)]);
        Assert.That(fit.Slope, Is.Zero.Within(Exactly));
        Assert.That(fit.Constant, Is.EqualTo(1).Within(Exactly));
        Assert.That(fit.LargestDeviation, Is.EqualTo(2).Within(Exactly));
    }

    [Test]
    public void The_verdict_says_slope_and_spread()
    {
        StorePoint[] points = [new(0, "", 1, 1000, 0, 0), new(100, "", 1, 1050, 0, 0)];
        Assert.That(
            StoreTable.Verdict(new StoreSeries("pause", "pages", "", points)),
            Is.EqualTo("1,000 and 0.5000 for each (pages); no point is further from that than 0; flat within 5.0 %"));
    }
}
