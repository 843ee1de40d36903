using System.Collections.Generic;
using System.Text;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Demo;

/// <summary>
/// Two mail servers, of which somebody takes over the first. The protecting checks: each gets a node of its own, its
/// configuration read-only, and a bank of its own with a limit.
/// </summary>
internal sealed class MailStory(StringBuilder text, ISpaceBank bank, Cast cast, ISchedule eagerSchedule)
{
    private const string Note = "buy bread";
    private const ulong BystandersLimit = 20;

    // What the program does at last; one in each of its lives.
    private static readonly string[] _lastActs =
    [
        "write null", "write text", "write beyond", "write far", "write noncanonical", "write kernel",
        "jump null", "jump beyond", "jump kernel", "memory",
    ];

    private readonly StringBuilder _text = text;
    private readonly ISpaceBank _bank = bank;
    private readonly Cast _cast = cast;
    private readonly ISchedule _eagerSchedule = eagerSchedule;
    private readonly Office _ours = new(cast, bank);
    private readonly Office _theirs = new(cast, bank);
    private IPage _bystandersPage = PageClient.Void;
    private ISpaceBank _bystandersBank = SpaceBankClient.Void;

    public Result Tell(uint seed)
    {
        Result result = Open();
        if (result != Result.Ok)
        {
            return result;
        }

        _ours.Server.Read("ann", out string letters);
        _text.Append("Two mail servers, each with its boxes and its configuration, and nothing else.\n")
            .Append($"Ann's box at the first has \"{letters.Trim()}\".\n")
            .Append("Somebody takes the first one over: a program of theirs runs with all that it holds");
        List<(string What, string Contents)> before = Look();
        result = TakeOver(seed, out string report);
        _text.Append($" (seed {seed}).\n  In each of its {_lastActs.Length} lives: {report},\n")
            .Append("  and all bought that its bank would sell.\n")
            .Append("  Then it went for addresses, another in each life, and at last for its own memory.\n")
            .Append($"Ann's box at the first has \"{_ours.Contents(MailSlots.FirstBox).Trim()}\".\n");
        Compare(before, Look());
        result = result == Result.Ok ? _ours.Replace(Role.MailServer, _cast.Schedule) : result;
        if (result == Result.Ok)
        {
            result = _ours.Server.Deliver("bob: are you there again?");
            _ours.Server.Read("bob", out letters);
            _text.Append($"A new server takes its place, and Bob reads there: {letters.Trim().Replace("\n", "; ")}\n");
        }

        return result;
    }

    private Result Open()
    {
        Result result = _bank.CreateChild(BystandersLimit, out _bystandersBank);
        result = result == Result.Ok ? _bystandersBank.BuyPage(out _bystandersPage) : result;
        result = result == Result.Ok ? _ours.Open("ann bob") : result;
        result = result == Result.Ok ? _theirs.Open("cat dan") : result;
        if (result == Result.Ok)
        {
            _bystandersPage.WriteText(Note);
            _ours.Server.Deliver("ann: see you at noon");
            result = _theirs.Server.Deliver("cat: this is between us");
        }

        return result;
    }

    // A life ends when the process stops; its urgency sees to it that it does so before this domain goes on.
    private Result TakeOver(uint seed, out string report)
    {
        report = "";
        Result result = Result.Ok;
        for (uint life = 0; life < _lastActs.Length && result == Result.Ok; life++)
        {
            result = _ours.Replace(Role.Attacker, _eagerSchedule);
            result = result == Result.Ok
                ? _ours.Server.Read($"{seed + life} {_lastActs[life]}", out report)
                : result;
        }

        return result;
    }

    private List<(string What, string Contents)> Look()
    {
        _bystandersPage.ReadText(out string page);
        _bystandersBank.Account(out ulong used, out _, out ulong available);
        Result result = _theirs.Server.Read("cat", out string letters);
        return
        [
            ("its own configuration", _ours.Contents(MailSlots.Configuration)),
            ("the other's configuration", _theirs.Contents(MailSlots.Configuration)),
            ("the other's letters", letters),
            ("what the other answers", ResultText.Of(result)),
            ("a bystander's page", page),
            ("a bystander's account", $"{used} used, {available} to be had"),
        ];
    }

    private void Compare(List<(string What, string Contents)> before, List<(string What, string Contents)> after)
    {
        for (int i = 0; i < before.Count; i++)
        {
            (string what, string contents) = after[i];
            _text.Append(contents == before[i].Contents
                ? $"  {what}: unchanged\n"
                : $"  {what}: CHANGED from \"{before[i].Contents}\" to \"{contents}\"\n");
        }
    }
}
