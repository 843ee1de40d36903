using System;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>Power cuts in simulation. A failure's seed repeats it: `./eros crash --runs 1 --seed N`.</summary>
[Category(TestKind.Crash)]
public sealed class CrashTests
{
    [Test]
    public void No_state_is_lost_in_20000_runs()
    {
        CrashStatistics statistics = CrashCampaign.Run(new CrashSettings { Runs = 20000 }, out TimeSpan elapsed);
        double perCore = statistics.Recoveries / statistics.ProcessorTime.TotalSeconds;
        TestContext.Out.WriteLine($"{statistics.Recoveries / elapsed.TotalSeconds:F0} recoveries a second");
        TestContext.Out.WriteLine($"{perCore:F0} a second of one processor");
        Assert.That(statistics.Failures, Is.Empty);
        Assert.That(statistics.FewestSaved, Is.GreaterThanOrEqualTo(200));
        Assert.That(statistics.FewestSavedOfKind[(int)FrameKind.Page..], Is.All.GreaterThan(20), "of every kind");
        Assert.That(statistics.Wraps, Is.GreaterThan(2000), "one run in ten goes round the log");
        Assert.That(statistics.Refusals, Is.GreaterThan(0), "space runs short at times");
        Assert.That(statistics.Journalled, Is.GreaterThan(20000));
        for (StorePhase phase = StorePhase.Idle; phase <= StorePhase.Migrate; phase++)
        {
            Assert.That(statistics.CutsInPhase[(int)phase], Is.GreaterThan(1000), $"cuts in {phase}");
        }

        foreach (DiskFault fault in Enum.GetValues<DiskFault>())
        {
            Assert.That(statistics.Faults[fault], Is.GreaterThan(20), fault.ToString());
        }
    }

    /// <summary>A page is journalled and the disk fails; then there is a checkpoint whose header cannot be read at the
    /// next boot. That comes back to the generation before, and finds the record.</summary>
    [Test]
    public void A_record_of_the_journal_that_may_have_failed_counts_in_its_own_generation()
    {
        CrashStatistics statistics = CrashCampaign.Run(new CrashSettings { Runs = 1, Seed = 568634 }, out _);
        Assert.That(statistics.Failures, Is.Empty);
        Assert.That(statistics.FaultOlder, Is.EqualTo(1), "it came back to the generation before");
    }

    [Test]
    public void No_state_is_lost_in_any_cut_at_any_write_of_a_run()
    {
        CrashStatistics statistics = CrashCampaign.Run(new CrashSettings { CutEvery = true, Seed = 3 }, out _);
        Assert.That(statistics.Failures, Is.Empty);
        Assert.That(statistics.Cuts, Is.GreaterThan(10_000));
    }
}
