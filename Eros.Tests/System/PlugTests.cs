using System;
using System.IO;
using System.Linq;
using Eros.Build.Plug;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>The plug is pulled, for real.</summary>
[TestFixture, Category(TestKind.System)]
[Parallelizable(ParallelScope.All), FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PlugTests
{
    private const int Pulls = 10;

    /// <summary>With two disks each takes twice as long.</summary>
    private const int MirrorPulls = 8;

    private const int MostTries = 4;

    /// <summary>The mutant kernel that does not flush before it writes a checkpoint header.</summary>
    internal const string Unflushed = "no-flush";

    /// <summary>Whatever the moment, they are in the middle of something.</summary>
    private static readonly string[] _neverIdle = ["bank", "product", "copy", "poster", "waiter"];

    internal static KernelMutant[] KernelMutants { get; } =
    [
        new(Unflushed, new SourceEdit(
            "Eros.Persistence/Checkpoint/Stabiliser.cs",
            "_writer.FinishAndFlush()",
            "({0} ? _writer.Finish() : _writer.FinishAndFlush())")),
    ];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Whenever_the_plug_is_pulled_the_machine_comes_back_as_it_must()
    {
        PlugReport report = RunUntil(
            one => one.UnderWay.Inside.ContainsKey("bank"),
            () => new PlugRun(Options(Repository.PathOf("artifacts/kernel.elf"), Pulls)));
        Assert.That(PlugOptions.AllPhases.Where(phase => report.PullsIn(phase) < Pulls / 10), Is.Empty, "missed");
        Assert.That(report.UnderWay.States, Is.GreaterThan(Pulls));
        Assert.That(report.UnderWay.Inside, Contains.Key("bank"), "services were in mid-operation");
        Assert.That(report.UnderWay.Operations.Select(one => one.Task), Is.SupersetOf(_neverIdle));
    }

    [Test]
    public void With_two_disks_that_are_pulled_as_well_the_machine_comes_back_as_it_must()
    {
        PlugReport report = RunUntil(
            one => one.DisksPulled > 0 && one.DisksInStepAgain > 0 && one.BootsWithOne > 0,
            () => new MirrorPlugRun(Options(Repository.PathOf("artifacts/kernel.elf"), MirrorPulls)));
        Assert.That(report.DisksPulled, Is.GreaterThan(0));
        Assert.That(report.DisksInStepAgain, Is.GreaterThan(0));
        Assert.That(report.BootsWithOne, Is.GreaterThan(0));
    }

    [Test]
    public void A_bank_that_forgets_part_of_an_account_is_found_wrong()
    {
        using MutantDomains mutants = new();
        mutants.Add("ForgetfulBank", new SourceEdit(
            "Eros.Domains/Bank/BankTree.cs",
            "record.Used = (uint)(record.Used + frames);",
            "record.Used = (uint)(record.Used + (frames < 0 && record.Used % 16 == 0 ? 0 : frames));"));
        mutants.Build();
        PlugOptions options = Options(Repository.PathOf("artifacts/kernel.elf"), pulls: 1) with
        {
            Pristine = mutants.Compose(isBustling: true, "ForgetfulBank"),
            EndsWhenWrong = true,
        };

        PlugReport report = new PlugRun(options).Run(_ => { });

        TestContext.Out.WriteLine(string.Join('\n', report.Wrong));
        Assert.That(report.Wrong.Select(wrong => wrong.Problem), Has.Some.Contain("times wrong"));
    }

    [Test]
    public void A_kernel_without_the_flush_before_the_header_is_found_wrong()
    {
        PlugOptions options = HeadersOvertake(MutantKernels.With(_folder.Path, Unflushed));
        PlugReport report = new PlugRun(options with { EndsWhenWrong = true }).Run(_ => { });

        TestContext.Out.WriteLine(string.Join('\n', report.Wrong));
        Assert.That(report.Wrong.Select(wrong => wrong.Problem), Has.Some.Contain("is damaged"));
    }

    [Test]
    public void A_header_that_overtakes_what_a_kernel_flushed_before_it_does_no_harm()
    {
        PlugReport report = new PlugRun(HeadersOvertake(Repository.PathOf("artifacts/kernel.elf"))).Run(_ => { });
        Assert.That(report.Wrong, Is.Empty);
        Assert.That(report.Replays, Is.GreaterThan(5), "a checkpoint has six flushes");
    }

    /// <summary>Pulls until what is looked for was among it, some times: on a busy host a disk may be out of step all
    /// the time, or no service is ever in the middle of something.</summary>
    private static PlugReport RunUntil(Predicate<PlugReport> isCovered, Func<PullingRun> make)
    {
        PlugReport report;
        int left = MostTries;
        do
        {
            report = make().Run(_ => { });
            Assert.That(report.Wrong, Is.Empty);
        }
        while (!isCovered(report) && --left > 0);

        return report;
    }

    /// <summary>One pull after a whole checkpoint. Before every flush of its log, one replay has the power cut when of
    /// all unflushed writes only the newest is on the platter: no chance is in it.</summary>
    private PlugOptions HeadersOvertake(string kernel) => Options(kernel, pulls: 1) with
    {
        Phases = [MachineMark.Idle],
        Kinds = [CutKind.Overtaken],
        EarlierCuts = int.MaxValue,
    };

    private PlugOptions Options(string kernel, int pulls)
    {
        int seed = Random.Shared.Next();
        TestContext.Out.WriteLine($"seed {seed}");
        return new PlugOptions
        {
            Kernel = kernel,
            Pristine = Repository.PathOf("artifacts/bustle.img"),
            Folder = Path.Combine(_folder.Path, "plug"),
            Pulls = pulls,
            Seed = seed,
        };
    }
}
