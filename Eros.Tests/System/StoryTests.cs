using System.Linq;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

/// <summary>The stories that `demo` tells: each ends as the essay says that it must.</summary>
[TestFixture, Category(TestKind.System), Parallelizable]
public sealed class StoryTests
{
    [Test]
    public void Each_story_ends_well_and_can_be_told_again_after_a_power_cut()
    {
        using ErosMachine machine = new();
        machine.Boot();
        foreach (string name in StoryTexts.Names)
        {
            for (int i = 0; i < 2; i++)
            {
                Assert.That(Tell(machine, name), Is.EqualTo(StoryTexts.Of(name)), $"{name}, time {i}");
            }
        }

        machine.Run("checkpoint");
        machine.Pull();
        machine.Boot();
        foreach (string name in StoryTexts.Names)
        {
            Assert.That(Tell(machine, name), Is.EqualTo(StoryTexts.Of(name)), $"{name}, after a power cut");
        }

        Assert.That(machine.Run("demo nonsense"), Does.StartWith("usage: demo NAME"));
    }

    /// <summary>Tells a story; what the kernel says meanwhile, and numbers that chance decides, are left out.</summary>
    internal static string Tell(ErosMachine machine, string name)
    {
        string told = machine.Run("demo " + name).Replace("\r", "");
        TestContext.Out.WriteLine(told);
        string story = string.Join('\n', told.Split('\n').Where(line => !line.StartsWith("eros: process ")));
        return Regex.Replace(story, @"\([0-9]+ of them obeyed\)", "(N of them obeyed)");
    }
}
