using System.Collections.Generic;
using System.Linq;
using Eros.Build.Qemu;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>
/// Each check that protects somebody in a story (docs/stories.md names them) is taken away once: then the story must
/// end badly, or its test would prove nothing.
/// </summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class StoryMutantTests
{
    private const string ToldTheAuthor = "The author has a letter: 1200 345 -67";
    private const string ToldTheAdviser = "The adviser has a letter: gold 5, tin 2";
    private const string AllIsDiscreet = "all-is-discreet";
    private const string NewConfiguration = "  its own configuration: CHANGED from";

    // Those of one row are different programs, and in one system: they have no part in each other's stories.
    private static readonly Mutant[][] _systems =
    [
        [
            new(
                "NobodyAsks",
                [
                    Demo("AlgorithmStory", "if (!isConfined)", "if (!isConfined && _bank is null)"),
                    Demo("EscrowStory", "if (holes != trusted)", "if (holes < trusted)"),
                    Demo("Office", "Rights.ReadOnly, out IPage", "Rights.None, out IPage"),
                ],
                ("algorithm", ToldTheAuthor), ("escrow", ToldTheAdviser), ("mail", NewConfiguration)),
            new(
                "NamesAreAuthority",
                [Player("Compiler", "? output.", "? (name == \"billing\" ? Billing : output).")],
                ("deputy", "the bill reads \"code of 0*0billing")),
        ],
        [
            new(
                "OneNodeForBoth",
                [
                    Demo("MailStory", "_theirs.Open(\"cat dan\")", "_theirs.Open(\"cat dan\", _ours)"),
                    Demo("Office", "Open(string users)", "Open(string users, Office? other = null)"),
                    Demo(
                        "Office", "Result result = _boxes.Reduce(",
                        "other?._boxes.Put(31, _boxes);\n        Result result = _boxes.Reduce("),
                ],
                ("mail", "  the other's letters: CHANGED from \"this is between us")),
            new(
                "AnythingIsAPage",
                [Player("Compiler", " || found != DiscrimClass.Page", "")],
                ("deputy", "its bank, as if it were a page: done")),
            new(
                "TheAgentBelieves",
                [Player("EscrowAgent", "if (result != Result.Ok || !isConfined)", "if (result != Result.Ok)")],
                ("escrow", ToldTheAdviser)),
        ],
        [
            new(
                "NoLimit",
                [Demo("Office", "CreateAccount(ServerLimit,", "CreateAccount(10 * ServerLimit,")],
                ("mail", "  a bystander's account: CHANGED from")),
            new(
                "TheAgentTellsAll",
                [Player("EscrowAgent", "advice is \"buy\" or \"hold\" or \"sell\")", "advice.Length > 0)")],
                ("escrow", "the customer knows a word that makes the program show its model: gold 3, tin -2")),
        ],
        [
            new(
                "SlotsCanBeChanged",
                [Demo("Office", "Rights.ReadOnly, out _given", "Rights.None, out _given")],
                ("mail", NewConfiguration)),
            new(
                "TheProgramLivesOn",
                [
                    Player("EscrowAgent", "result = Begin(out ISpaceBank bank, out IAdviser program);", """
                        result = _isBegun ? Result.Ok : Begin(out _, out _program);
                                _isBegun = true;
                                IAdviser program = _program;
                                Capabilities.Keep(program);
                        """),
                    Player("EscrowAgent", "Result end = bank.Destroy();", "Result end = Result.Ok;"),
                    Player("EscrowAgent", "private bool _hasOffer;", """
                        private bool _hasOffer;
                            private bool _isBegun;
                            private IAdviser _program = AdviserClient.Void;
                        """),
                ],
                ("escrow", "somebody asks what was asked last: buy")),
        ],
        [
            new(
                "TheConstructorCallsAllSafe",
                [
                    new(
                        "Eros.Domains/Constructor/Confinement.cs",
                        "isSafe = IsConfinedConstructor(constituent);",
                        "isSafe = true;"),
                ],
                ("algorithm", ToldTheAuthor), ("escrow", ToldTheAdviser)),
        ],
    ];

    internal static KernelMutant[] KernelMutants { get; } =
    [
        new(AllIsDiscreet, new SourceEdit(
            "Eros.Kernel/Capabilities/DiscrimCapability.cs", "  _ => false,\n", "  _ => {0},\n")),
    ];

    [Test]
    public void Without_a_check_of_a_domain_the_story_ends_badly()
    {
        using MutantDomains domains = new();
        foreach (Mutant mutant in _systems.SelectMany(system => system))
        {
            domains.Add(mutant.Name, mutant.Edits);
        }

        domains.Build();
        Assert.Multiple(() =>
        {
            foreach (Mutant[] system in _systems)
            {
                using ErosMachine machine = new(domains.Compose([.. system.Select(mutant => mutant.Name)]));
                machine.Boot();
                foreach (Mutant mutant in system)
                {
                    CheckEndings(machine, mutant.Name, mutant.Endings);
                }
            }
        });
    }

    [Test]
    public void Without_a_check_of_the_kernel_the_story_ends_badly()
    {
        using TemporaryFolder folder = new();
        string kernel = MutantKernels.With(folder.Path, AllIsDiscreet, CrowdTests.PagesAreWritable);
        using ErosMachine machine = new();
        machine.Boot(new MachineOptions { Kernel = kernel });
        Assert.Multiple(() => CheckEndings(
            machine,
            "kernel",
            [("algorithm", ToldTheAuthor), ("escrow", ToldTheAdviser), ("mail", NewConfiguration)]));
    }

    private static void CheckEndings(
        ErosMachine machine, string mutant, IEnumerable<(string Story, string Ending)> endings)
    {
        foreach ((string story, string ending) in endings)
        {
            string told = StoryTests.Tell(machine, story);
            Assert.That(told, Does.Contain(ending), $"{mutant}: {story}");
            Assert.That(told, Is.Not.EqualTo(StoryTexts.Of(story)), $"{mutant}: {story}");
        }
    }

    private static SourceEdit Demo(string file, string old, string @new) =>
        new($"Eros.Domains/Demo/{file}.cs", old, @new);

    private static SourceEdit Player(string domain, string old, string @new) =>
        new($"Eros.Domains/Stories/{domain}/{domain}Domain.cs", old, @new);

    /// <param name="Name">Which check is missing; the name of its project, too.</param>
    /// <param name="Edits">All in one project.</param>
    /// <param name="Endings">What the stories say then.</param>
    private sealed record Mutant(string Name, SourceEdit[] Edits, params (string Story, string Ending)[] Endings);
}
