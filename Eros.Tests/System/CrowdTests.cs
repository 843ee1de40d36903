using System;
using System.Linq;
using Eros.Build.Plug;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>Hostile domains on the real kernel, beside workers that are busy with everything.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class CrowdTests
{
    /// <summary>This one also ends a story badly.</summary>
    internal const string PagesAreWritable = "pages-are-writable";

    private const long Invocations = 20_000;

    /// <summary>Most are found within a thousand.</summary>
    private const long InvocationsOfMutant = 200_000;

    private const string AnySlot = "any-slot";
    private const string NothingIsDiminished = "nothing-is-diminished";
    private const string NothingIsOpaque = "nothing-is-opaque";
    private const string WeakMemoryIsWritable = "weak-memory-is-writable";
    private const string AllKeepersAreCalled = "all-keepers-are-called";
    private const string NoGateIsClosed = "no-gate-is-closed";

    private TemporaryFolder _folder = null!;

    /// <summary>Each lets a domain do what its capabilities must keep it from.</summary>
    internal static KernelMutant[] KernelMutants { get; } =
    [
        new(PagesAreWritable, Capability(
            "PageCapability",
            "if (isChange && (message.Invoked.Rights & (Rights.ReadOnly | Rights.Weak)) != 0)",
            "if (isChange && !{0} && (message.Invoked.Rights & (Rights.ReadOnly | Rights.Weak)) != 0)")),
        new(AnySlot, Capability(
            "NodeCapability",
            """
                private static Result Swap(Message message, int entry, ref Node node)
                {
                    // Decode
                    if (message.Sent.Word1 >= Node.SlotCount)
            """,
            """
                private static Result Swap(Message message, int entry, ref Node node)
                {
                    // Decode
                    if (message.Sent.Word1 >= Node.SlotCount && !{0})
            """)),
        new(NothingIsDiminished, Capability(
            "Weakening",
            "(rights & Rights.Weak) == 0 ? capability",
            "(rights & Rights.Weak) == 0 || {0} ? capability")),
        new(NothingIsOpaque, Capability(
            "NodeCapability",
            "if ((message.Invoked.Rights & barrier) != 0)",
            "if ((message.Invoked.Rights & barrier & ({0} ? ~Rights.Opaque : barrier)) != 0)")),
        new(WeakMemoryIsWritable, new SourceEdit(
            "Eros.Kernel/Spaces/SpaceWalker.cs",
            "public const Rights ReadOnly = Rights.ReadOnly | Rights.Weak;",
            "public static Rights ReadOnly => {0} ? Rights.ReadOnly : Rights.ReadOnly | Rights.Weak;")),
        new(AllKeepersAreCalled, new SourceEdit(
            "Eros.Kernel/Spaces/SpaceWalker.cs",
            "(rights & (Rights.NoCall | Rights.Weak)) == 0)",
            "((rights & (Rights.NoCall | Rights.Weak)) == 0 || {0}))")),
        new(NoGateIsClosed, Capability(
            "ForwarderCapability",
            "if ((node.Flags & NodeFlags.Blocked) != 0)",
            "if ((node.Flags & NodeFlags.Blocked) != 0 && !{0})")),
    ];

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

    [TestCase(PagesAreWritable, "a bystander's shown page was changed|ware (2|3|28|29) obeyed order [235] ")]
    [TestCase(AnySlot, "ware [0-9]+ obeyed order 2 ")]
    [TestCase(NothingIsDiminished, "a bystander's ")]
    [TestCase(NothingIsOpaque, "a bystander's |ware (32|37) obeyed order ")]
    [TestCase(WeakMemoryIsWritable, "a bystander's ")]
    [TestCase(AllKeepersAreCalled, "a bystander's process was changed")]
    [TestCase(NoGateIsClosed, "a bystander's gated page was changed")]
    public void A_kernel_that_lets_them_is_found_wrong(string mutant, string complaint)
    {
        CrowdReport report = Run(MutantKernels.With(_folder.Path, mutant), InvocationsOfMutant);
        TestContext.Out.WriteLine($"{report.Summary}: {string.Join("; ", report.Wrong)}");
        Assert.That(report.Wrong, Has.Some.Matches(complaint));
    }

    private static SourceEdit Capability(string file, string old, string @new) =>
        new($"Eros.Kernel/Capabilities/{file}.cs", old, @new);

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
