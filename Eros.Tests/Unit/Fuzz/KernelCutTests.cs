using System;
using System.Collections;
using System.Reflection;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using Eros.Tests.Fuzz.Cuts;
using NUnit.Framework;

namespace Eros.Tests.Unit.Fuzz;

/// <summary>Whole kernels lose their power with everything under way. A failure's seed repeats it:
/// `./eros crash --runs 1 --seed N`.</summary>
[Category(TestKind.Crash), Parallelizable(ParallelScope.All)]
public sealed class KernelCutTests
{
    private const int Runs = 300;

    private static readonly ModelMutant[] _mutants =
    [
        new(
            "who waits for another is not saved",
            "Eros.Kernel/Processes/ActivityTable.cs",
            "if (record.State != ActivityState.Free)\n            {\n                oids",
            "if (record.State != ActivityState.Free && !({0} && record.State == ActivityState.Stalled))\n"
            + "            {\n                oids"),
        new(
            "nobody is told of the restart",
            "Eros.Kernel/Boot/Restart.cs",
            "ActivityFlags.Restarted;",
            "{0} ? ActivityFlags.None : ActivityFlags.Restarted;"),
        new(
            "a process that is entered after a snapshot is not saved anew",
            "Eros.Kernel/Processes/Faults.cs",
            "if (entry.Frame != record.Frame || entry.Kind != FrameKind.Process || !kernel.Frames.IsWritable(process))",
            "if (entry.Frame != record.Frame || entry.Kind != FrameKind.Process"
            + " || (!{0} && !kernel.Frames.IsWritable(process)))"),
        new(
            "what is pinned leaves",
            "Eros.Persistence/Store/FrameTable.Ageing.cs",
            "(e.Use & FrameUse.Pinned) == 0 ||",
            "{0} || (e.Use & FrameUse.Pinned) == 0 ||"),
    ];

    /// <summary>A reserve is removed while a process that waits for its turn with it is on the disk only.</summary>
    [Test]
    public void Kernel_and_model_agree_where_who_waits_on_the_disk_loses_its_reserve()
    {
        KernelCutStatistics statistics = KernelCutCampaign.Run(new CrashSettings { Runs = 1, Seed = 43163 });
        Assert.That(statistics.Failures, Is.Empty);
        Assert.That(statistics.RingsLost, Is.Positive, "the case does not come in this run any more");
    }

    [Test]
    public void What_comes_back_is_what_the_model_was_at_a_snapshot_and_goes_on_as_it_does()
    {
        KernelCutStatistics statistics = KernelCutCampaign.Run(new CrashSettings { Runs = Runs });
        TestContext.Out.WriteLine($"{statistics.Steps} steps; {statistics.InFlight}");
        Assert.That(statistics.Failures, Is.Empty);
        Assert.That(statistics.Recoveries, Is.EqualTo(2 * Runs));
        foreach (string what in (ReadOnlySpan<string>)
            [
                "waiting for an answer", "waiting in the kernel", "notified and not told", "faulted, its keeper told",
                "resume capabilities that count", "stalled for Available", "stalled for Gate", "stalled for Load",
            ])
        {
            Assert.That(statistics.InFlight.Counts, Contains.Key(what));
        }

        foreach (FrameKind kind in (ReadOnlySpan<FrameKind>)[FrameKind.Page, FrameKind.Pot, FrameKind.Process])
        {
            Assert.That(statistics.Left[(int)kind], Is.GreaterThan(100), $"{kind}s that left memory");
        }

        Assert.That(statistics.PinnedStayed, Is.GreaterThan(100));
        for (StorePhase phase = StorePhase.Idle; phase <= StorePhase.Migrate; phase++)
        {
            Assert.That(statistics.CutsInPhase[(int)phase], Is.GreaterThan(5), $"cuts in {phase}");
        }
    }

    [Test]
    public void Each_mistake_is_found() => ModelMutant.Compile(_mutants, assembly =>
    {
        Assert.That(Failures(assembly, 0), Is.Zero, "no mistake");
        for (int i = 0; i < _mutants.Length; i++)
        {
            Assert.That(Failures(assembly, i + 1), Is.GreaterThan(0), _mutants[i].Name);
        }
    });

    private static int Failures(Assembly assembly, int mutant)
    {
        MutantSources.Choose(assembly, mutant);
        Type settingsType = assembly.GetType("Eros.Tests.Crash.CrashSettings", throwOnError: true)!;
        object settings = Activator.CreateInstance(settingsType)!;
        settingsType.GetProperty("Runs")!.SetValue(settings, Runs);
        settingsType.GetProperty("MostFailures")!.SetValue(settings, 1);
        settingsType.GetProperty("Workers")!.SetValue(settings, 1);
        MethodInfo campaign = assembly.GetType("Eros.Tests.Fuzz.Cuts.KernelCutCampaign")!.GetMethod("Run")!;
        object outcome = campaign.Invoke(null, [settings])!;
        return ((ICollection)outcome.GetType().GetProperty("Failures")!.GetValue(outcome)!).Count;
    }
}
