using System;
using System.Linq;
using Eros.Build.Plug;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>Hostile domains on the real kernel, beside workers that are busy with everything.</summary>
[TestFixture, Category(TestKind.System)]
public sealed class CrowdTests
{
    private const long Invocations = 20_000;
    private const long FewInvocations = 3_000;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Whatever_a_crowd_invokes_nobody_else_is_changed()
    {
        CrowdReport report = Run(Repository.PathOf("artifacts/kernel.elf"), Invocations);
        Assert.That(report.Wrong, Is.Empty);
        Assert.That(report.Invocations, Is.GreaterThanOrEqualTo(Invocations));
        for (CapabilityType type = CapabilityType.Page; type <= CapabilityType.ProcessTool; type++)
        {
            // A resume capability comes to them at times, and then it is not counted by its type; ranges are not given.
            bool isGiven = type is not (CapabilityType.Resume or CapabilityType.FaultResume or CapabilityType.Range);
            Assert.That(!isGiven || report.Counts.Keys.Any(one => one.Type == (int)type), $"{type}");
        }
    }

    private CrowdReport Run(string kernel, long invocations)
    {
        int seed = Random.Shared.Next();
        TestContext.Out.WriteLine($"seed {seed}");
        PlugOptions options = new()
        {
            Kernel = kernel,
            Pristine = Repository.PathOf("artifacts/bustle.img"),
            Folder = _folder.Path,
            Pulls = 1,
            Seed = seed,
        };
        return CrowdRun.Run(options, invocations);
    }
}
