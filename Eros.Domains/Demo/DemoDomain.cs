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
    private const uint DefaultSeed = 1;

    private Tickets? _tickets;

    [Capability]
    internal partial ISpaceBank Bank { get; }

    [Capability]
    internal partial ISchedule Schedule { get; }

    /// <summary>Above this domain's: who runs at it is done, or has stopped, before the story goes on.</summary>
    [Capability]
    internal partial ISchedule EagerSchedule { get; }

    /// <summary>Constructors of all who play, by <see cref="Role"/>.</summary>
    [Capability]
    internal partial INode Players { get; }

    [Capability]
    internal partial IMetaConstructor MetaConstructor { get; }

    /// <summary>The mailbox of those who wrote the programs, to look into.</summary>
    [Capability]
    internal partial IMailbox AuthorsMailbox { get; }

    /// <summary>The adviser's model, which its constructors have read-only.</summary>
    [Capability]
    internal partial IPage AdvisersModel { get; }

    /// <summary>Where tickets' receipts go.</summary>
    [Capability]
    internal partial ITerminal Terminal { get; }

    /// <summary>Makes what holds them until they are true for ever.</summary>
    [Capability]
    internal partial IConstructor HeldPorts { get; }

    /// <summary>The desk with windows.</summary>
    [Capability]
    internal partial IProgram Desk { get; }

    /// <inheritdoc/>
    public Result Run(string arguments, out string output)
    {
        const string Windows = "windows";
        const string Ticket = "ticket";
        if (arguments.Split(' ')[0] == Windows)
        {
            return Desk.Run(arguments[Windows.Length..].Trim(), out output);
        }

        if (arguments.Split(' ')[0] == Ticket)
        {
            _tickets ??= new Tickets(Terminal, HeldPorts, Schedule);
            return _tickets.Obey(arguments[Ticket.Length..].Trim(), out output);
        }

        StringBuilder text = new();
        string[] words = arguments.Split(' ', System.StringSplitOptions.RemoveEmptyEntries);
        Cast cast = new(Players, Schedule);
        Result result = words switch
        {
            ["algorithm"] => WithBank(text, bank => new AlgorithmStory(text, bank, cast, AuthorsMailbox).Tell()),
            ["deputy"] => WithBank(text, bank => new DeputyStory(text, bank, cast).Tell()),
            ["mail"] => Mail(text, cast, DefaultSeed),
            ["mail", string word] when uint.TryParse(word, out uint seed) => Mail(text, cast, seed),
            ["escrow"] => WithBank(text, bank =>
                new EscrowStory(text, bank, cast, AuthorsMailbox).Tell(AdvisersModel, MetaConstructor)),
            _ => Usage(text),
        };
        output = text.ToString();
        return result;
    }

    private static Result Usage(StringBuilder text)
    {
        text.Append("usage: demo NAME, one of\n"
            + "  algorithm    a program that nobody vouches for is run on secret data\n"
            + "  deputy       a compiler is asked to overwrite its own bill\n"
            + "  mail [SEED]  a mail server is taken over\n"
            + "  escrow       an adviser and a customer keep their secrets from each other\n"
            + "  windows      an editor, a game and a clock; pull the plug\n"
            + "  ticket       a receipt that no power cut contradicts; ticket direct prints one that it may\n");
        return Result.BadArgument;
    }

    private Result Mail(StringBuilder text, Cast cast, uint seed) =>
        WithBank(text, bank => new MailStory(text, bank, cast, EagerSchedule).Tell(seed));

    private Result WithBank(StringBuilder text, System.Action<ISpaceBank> story)
    {
        Result result = Bank.CreateChild(StoryLimit, out ISpaceBank bank);
        if (result != Result.Ok)
        {
            return result;
        }

        try
        {
            story(bank);
        }
        catch (StoryException failed)
        {
            result = failed.Result;
            text.Append($"The story ends here: it could not {failed.Step} ({ResultText.Of(result)}).\n");
        }

        Result end = bank.Destroy();
        text.Append(end == Result.Ok
            ? "All that the story made is destroyed again.\n"
            : $"What the story made could not be destroyed ({ResultText.Of(end)}).\n");
        return result;
    }
}
