using Eros.Tests.Fuzz.Pressure;
using NUnit.Framework;

namespace Eros.Tests.Unit.Fuzz;

/// <summary>Machines with too little memory and log. A failure's seed repeats it: `./eros fuzz --pressure --runs 1
/// --seed N`.</summary>
[Category(TestKind.Crash)]
public sealed class PressureTests
{
    private const int Runs = 60;

    [Test]
    public void Nobody_waits_without_end_and_nothing_is_lost()
    {
        PressureStatistics statistics = PressureCampaign.Run(new() { Runs = Runs });
        Assert.That(statistics.Failures, Is.Empty);
        Assert.That(statistics.RunsShortOfMemory, Is.GreaterThan(Runs / 2));
        Assert.That(statistics.RunsOutOfLog, Is.GreaterThan(Runs / 2));
        Assert.That(statistics.WaitsForRoom, Is.GreaterThan(Runs));
        Assert.That(statistics.RunsPinned, Is.GreaterThan(Runs / 6));
        Assert.That(statistics.RunsOverpinned, Is.GreaterThan(Runs / 20));
    }

    /// <summary>
    /// The pager serves one alone where memory is short. It went over to the next whenever the hand had freed some
    /// frames, or before whoever it served had the processor, or when that one waited for room for what is dirty (the
    /// last three). Of those who wait for that room each in turn is the first to have it: two messages took it from
    /// each other, or one that never ends took all of it, in each generation.
    /// </summary>
    [TestCase(4391UL)]
    [TestCase(5409UL)]
    [TestCase(6067UL)]
    [TestCase(8596UL)]
    [TestCase(9149UL)]
    [TestCase(1262UL)]
    [TestCase(4369UL)]
    [TestCase(14787UL)]
    public void Those_who_need_almost_all_that_there_is_get_on(ulong seed)
    {
        PressureStatistics statistics = PressureCampaign.Run(new() { Runs = 1, Seed = seed });
        Assert.That(statistics.Failures, Is.Empty);
    }
}
