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

    public void Tell(uint seed)
    {
        Open();
        Step.Demand("read Ann's letters", _ours.Server.Read("ann", out string letters));
        _text.Append("Two mail servers, each with its boxes and its configuration, and nothing else.\n")
            .Append($"Ann's box at the first has \"{letters.Trim()}\".\n");
        List<Sight> before = Look();
        foreach (Sight sight in before)
        {
            Step.Demand("look at " + sight.What, sight.Result);
        }

        string report = TakeOver(seed);
        _text.Append("Somebody takes the first one over: a program of theirs runs with all that it holds")
            .Append($" (seed {seed}).\n  In each of its {_lastActs.Length} lives: {report},\n")
            .Append("  and all bought that its bank would sell.\n")
            .Append("  Then it went for addresses, another in each life, and at last for its own memory.\n")
            .Append($"Ann's box at the first has \"{_ours.Look("Ann's box", MailSlots.FirstBox).Text.Trim()}\".\n");
        Compare(before, Look());
        _ours.Replace(Role.MailServer, _cast.Schedule);
        Step.Demand("write to Bob", _ours.Server.Deliver("bob: are you there again?"));
        Step.Demand("read Bob's letters", _ours.Server.Read("bob", out letters));
        _text.Append($"A new server takes its place, and Bob reads there: {letters.Trim().Replace("\n", "; ")}\n");
    }

    private void Open()
    {
        Step.Demand("make the bystander's bank", _bank.CreateChild(BystandersLimit, out _bystandersBank));
        Step.Demand("buy the bystander's page", _bystandersBank.BuyPage(out _bystandersPage));
        _ours.Open("ann bob");
        _theirs.Open("cat dan");
        Step.Demand("write the bystander's page", _bystandersPage.WriteText(Note));
        Step.Demand("write to Ann", _ours.Server.Deliver("ann: see you at noon"));
        Step.Demand("write to Cat", _theirs.Server.Deliver("cat: this is between us"));
    }

    // A life ends when the process stops; its urgency sees to it that it does so before this domain goes on.
    private string TakeOver(uint seed)
    {
        string report = "";
        for (uint life = 0; life < _lastActs.Length; life++)
        {
            _ours.Replace(Role.Attacker, _eagerSchedule);
            Step.Demand(
                $"run the attacker, life {life + 1}",
                _ours.Server.Read($"{seed + life} {_lastActs[life]}", out report));
        }

        return report;
    }

    private List<Sight> Look()
    {
        Result read = _bystandersPage.ReadText(out string page);
        Result asked = _bystandersBank.Account(out ulong used, out _, out ulong available);
        Result result = _theirs.Server.Read("cat", out string letters);
        return
        [
            _ours.Look("its own configuration", MailSlots.Configuration),
            _theirs.Look("the other's configuration", MailSlots.Configuration),
            new("the other's letters", result, letters),
            new("what the other answers", result, ResultText.Of(result)),
            new("a bystander's page", read, page),
            new("a bystander's account", asked, $"{used} used, {available} to be had"),
        ];
    }

    private void Compare(List<Sight> before, List<Sight> after)
    {
        for (int i = 0; i < before.Count; i++)
        {
            _text.Append(after[i].Text == before[i].Text
                ? $"  {after[i].What}: unchanged\n"
                : $"  {after[i].What}: CHANGED from \"{before[i].Text}\" to \"{after[i].Text}\"\n");
        }
    }
}

/// <summary>What was seen of something, or why it was not.</summary>
internal readonly struct Sight(string what, Result result, string contents)
{
    public string What { get; } = what;

    public Result Result { get; } = result;

    public string Text { get; } = result == Result.Ok ? contents : ResultText.Of(result);
}
