using System;
using System.Collections.Generic;
using Eros.Tests.Crash;
using NUnit.Framework;

namespace Eros.Tests.Unit.Persistence;

/// <summary>Runs of the crash simulator, without some of their steps.</summary>
[Category(TestKind.Crash), Parallelizable(ParallelScope.All)]
public sealed class CrashShrinkTests
{
    private const int Parts = 10;
    private const ulong Runs = 60;

    /// <summary>Else what a failure is shrunk to would be no failure of the store.</summary>
    [Test]
    public void Of_a_run_that_is_right_every_part_is([Values(0, 1, 2)] int kind)
    {
        BaseVolume[] bases = [BaseVolume.Make(0), BaseVolume.Make(1)];
        var statistics = new CrashStatistics();
        using SeededRun run = kind == 0 ? new CrashRun(bases, statistics)
            : kind == 1 ? new MirrorRun(bases, statistics)
            : new FaultRun(bases, statistics);
        for (ulong seed = 1; seed <= Runs; seed++)
        {
            run.History.Record();
            Assert.That(run.Run(seed), Is.Null);
            List<RunStep> whole = run.History.Done.FindAll(step => !step.IsNeeded);
            for (int part = 0; part < Parts; part++)
            {
                var random = new SeededRandom((seed * Parts) + (ulong)part);
                int percent = random.Below(101);
                List<RunStep> some = whole.FindAll(_ => random.Chance(percent));
                run.History.Repeat(some);
                string? error = run.Run(seed);
                string list = StepList.Write(some);
                Assert.That(error, Is.Null, $"seed {seed}, steps {list}");
                Assert.That(StepList.TryRead(list, whole, out List<RunStep> read), list);
                Assert.That(StepList.Write(read), Is.EqualTo(list), "what is written can be read");
            }
        }
    }

    [TestCase("1-")]
    [TestCase("1-x")]
    [TestCase("2-1")]
    [TestCase("1.")]
    [TestCase("0")]
    [TestCase("1,")]
    [TestCase("1-2-3")]
    [TestCase("1-99999999")]
    [TestCase("")]
    public void What_is_no_list_of_steps_is_not_read(string list)
    {
        RunStep whole = new(null, 0, isNeeded: true);
        RunStep[] all = [whole.Add(isNeeded: false, 0), whole.Add(isNeeded: false, 0)];
        Assert.That(StepList.TryRead("1-2", all, out List<RunStep> read));
        Assert.That(read, Is.EqualTo(all));
        Assert.That(StepList.TryRead(list, all, out _), Is.False);
    }

    [Test]
    public void A_failure_on_one_disk_shrinks_to_a_history_that_still_fails() => Shrinks(
        StoreMutant.Plain,
        new SourceEdit("Eros.Persistence/Checkpoint/Stabiliser.cs", "_writer.FinishAndFlush()", "_writer.Finish()"));

    [Test]
    public void A_failure_on_a_bad_disk_shrinks_to_a_history_that_still_fails() => Shrinks(
        StoreMutant.OfFaults,
        new SourceEdit(
            "Eros.Persistence/Log/BlockWriter.cs",
            "outcome != Outcome.Ok && _outcome == Outcome.Ok",
            "outcome == Outcome.BadBlock"));

    [Test]
    public void A_failure_on_two_disks_shrinks_to_a_history_that_still_fails() => Shrinks(
        StoreMutant.OfMirrors,
        new SourceEdit(
            "Eros.Persistence/Mirror/MirroredDisk.cs", "isRight && (!_mustRecord || Record())", "isRight"));

    private static void Shrinks((string Property, object Value)[] kind, SourceEdit edit)
    {
        (object shrunk, string? again) = StoreMutant.FirstShrunk(4000, kind, edit)
            ?? throw new InvalidOperationException("the simulator did not notice");
        var told = (IReadOnlyList<string>)shrunk.Get("Told")!;
        TestContext.Out.WriteLine(string.Join('\n', told));
        TestContext.Out.WriteLine($"{shrunk.Get("Least")} of {shrunk.Get("Whole")}: {shrunk.Get("What")}");
        TestContext.Out.WriteLine(shrunk.Get("Command"));
        Assert.That(shrunk.Get("What"), Is.Not.Null, "it fails");
        Assert.That(again, Is.EqualTo(shrunk.Get("What")), "and again by the command that is printed");
        Assert.That((int)shrunk.Get("Least")!, Is.LessThanOrEqualTo((int)shrunk.Get("Whole")! / 4));
        Assert.That(told, Has.Count.LessThan(100).And.None.Empty, "a person can read that");
    }
}
