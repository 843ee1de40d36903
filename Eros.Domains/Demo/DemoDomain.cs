// DemoDomain: the essay's stories, told while they happen. Each is one class, which makes what it needs from a bank of
// its own, so that nothing is left when it is over, and writes down what every party sees.

using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Demo;

/// <summary>demo NAME.</summary>
[Domain]
public sealed partial class DemoDomain : Domain, IProgram
{
    private const ulong StoryLimit = 400;

    [Capability]
    internal partial ISpaceBank Bank { get; }

    [Capability]
    internal partial ISchedule Schedule { get; }

    /// <summary>Of a program that sums up numbers, with nothing beside.</summary>
    [Capability]
    internal partial IConstructor Algorithm { get; }

    /// <summary>Of the same program, with its author's mailbox.</summary>
    [Capability]
    internal partial IConstructor LeakyAlgorithm { get; }

    /// <summary>The author's mailbox, to look into.</summary>
    [Capability]
    internal partial IMailbox AuthorsMailbox { get; }

    /// <inheritdoc/>
    public Result Run(string arguments, out string output)
    {
        StringBuilder text = new();
        Result result = arguments.Trim() switch
        {
            "algorithm" => WithBank(text, bank =>
                new AlgorithmStory(text, bank, Schedule, AuthorsMailbox).Tell(Algorithm, LeakyAlgorithm)),
            _ => Usage(text),
        };
        output = text.ToString();
        return result;
    }

    private static Result Usage(StringBuilder text)
    {
        text.Append("usage: demo NAME, one of\n  algorithm  a program that nobody vouches for is run on secret data\n");
        return Result.BadArgument;
    }

    private Result WithBank(StringBuilder text, System.Func<ISpaceBank, Result> story)
    {
        Result result = Bank.CreateChild(StoryLimit, out ISpaceBank bank);
        if (result == Result.Ok)
        {
            result = story(bank);
            Result end = bank.Destroy();
            text.Append(end == Result.Ok
                ? "All that the story made is destroyed again.\n"
                : "What the story made could not be destroyed.\n");
        }

        return result;
    }
}
