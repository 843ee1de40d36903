using System;
using System.IO;
using System.Linq;
using Eros.Build.Plug;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>The plug is pulled, for real.</summary>
[TestFixture, Category(TestKind.System)]
public sealed class PlugTests
{
    private const int Pulls = 20;

    /// <summary>Cuts before a flush, of one pull of a mutant: more than there are flushes, in every kind of
    /// cut.</summary>
    private const int MutantCuts = 40;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Whenever_the_plug_is_pulled_the_machine_comes_back_as_it_must()
    {
        PlugReport report = new PlugRun(Options(Repository.PathOf("artifacts/kernel.elf"), Pulls)).Run(_ => { });
        Assert.That(report.Wrong, Is.Empty);
        Assert.That(PlugOptions.AllPhases.Where(phase => report.PullsIn(phase) < Pulls / 10), Is.Empty, "missed");
    }

    private PlugOptions Options(string kernel, int pulls)
    {
        int seed = Random.Shared.Next();
        TestContext.Out.WriteLine($"seed {seed}");
        return new PlugOptions
        {
            Kernel = kernel,
            Pristine = Repository.PathOf("artifacts/eros.img"),
            Folder = Path.Combine(_folder.Path, "plug"),
            Pulls = pulls,
            Seed = seed,
        };
    }
}
