using System;
using Eros.Build.Cli;
using Eros.Build.Cli.Commands;
using Eros.Build.Plug;
using Eros.Tests.Replay;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>A machine's write log, replayed. All of it: `./eros plug --replay-minutes 10`.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class ReplayTests
{
    private const int MostRecordings = 8;

    private static readonly TimeSpan _work = TimeSpan.FromSeconds(10);

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Whatever_a_cut_leaves_of_what_a_machine_wrote_comes_back()
    {
        ReplayReport report = Replay(Repository.PathOf("artifacts/kernel.elf"), booted: 3);
        Assert.That(report.Wrong, Is.Empty);
        Assert.That(report.Booted, Is.EqualTo(3));
        Assert.That(report.Generations, Has.Count.GreaterThan(2));
    }

    [Test, Explicit("PlugTests finds the same without chance.")]
    public void A_kernel_without_the_flush_before_the_header_is_found_wrong()
    {
        // Whether a header is among what a cut keeps, and what it stands for is not, is chance.
        string kernel = MutantKernels.With(_folder.Path, PlugTests.Unflushed);
        int tries = 0;
        ReplayReport report;
        do
        {
            report = Replay(kernel, booted: 0);
            TestContext.Out.WriteLine(string.Join('\n', report.Wrong));
        }
        while (report.Wrong.Count == 0 && ++tries < MostRecordings);

        Assert.That(report.Wrong, Is.Not.Empty);
    }

    private ReplayReport Replay(string kernel, int booted)
    {
        int seed = Random.Shared.Next();
        TestContext.Out.WriteLine($"seed {seed}");
        var options = new PlugOptions
        {
            Kernel = kernel,
            Pristine = PlugReplay.Compose(new Tree(Repository.Root), _folder.Path),
            Folder = _folder.Path,
            Pulls = 0,
            Seed = seed,
        };
        var settings = new ReplaySettings { Seed = seed, Prefixes = 150, Subsets = 400, Booted = booted };
        BusyRecording recording = BusyRecording.Make(options, _work, _ => { });
        using var replay = new LogReplay(
            recording, settings, (cut, home) => PlugReplay.ProblemOf(options, cut, home));
        return replay.Run(_ => { });
    }
}
