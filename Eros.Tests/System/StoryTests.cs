using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>The stories that `demo` tells: each ends as the essay says that it must.</summary>
[TestFixture, Category(TestKind.System)]
public sealed class StoryTests
{
    private const string Algorithm = """
        A customer has figures that nobody else may see, and two offers of a program to sum them up.
        The first has holes (mask 1): what it learns it could tell. The customer declines.
        The second is confined: whatever it learns it can tell the customer alone.
        It is run on the figures, and answers: 3 numbers, 1478 in all.
        The author's mailbox is empty.
        All that the story made is destroyed again.
        """;

    [Test]
    public void Each_story_ends_well_and_can_be_told_again_after_a_power_cut()
    {
        using ErosMachine machine = new();
        machine.Boot();
        for (int i = 0; i < 3; i++)
        {
            Assert.That(machine.Run("demo algorithm"), Is.EqualTo(Algorithm), $"time {i}");
        }

        machine.Run("checkpoint");
        machine.Pull();
        machine.Boot();
        Assert.That(machine.Run("demo algorithm"), Is.EqualTo(Algorithm), "after a power cut");
        Assert.That(machine.Run("demo nonsense"), Does.StartWith("usage: demo NAME"));
    }
}
