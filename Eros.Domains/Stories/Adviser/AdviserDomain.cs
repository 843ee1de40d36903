// AdviserDomain: gives advice by a secret model. Its author would like to see what the customers have; and left an
// order in it, for tests, that shows the model.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Stories.Adviser;

/// <summary>The adviser's program.</summary>
[Domain]
public sealed partial class AdviserDomain : Domain, IAdviser
{
    private string _last = "";

    /// <summary>"GOOD WORTH, GOOD WORTH ...": what a piece of each good is worth.</summary>
    [Capability]
    internal partial IPage Model { get; }

    /// <summary>The author's mailbox, if it was given one.</summary>
    [Capability]
    internal partial IMailbox Author { get; }

    /// <inheritdoc/>
    public Result Advise(string portfolio, out string advice)
    {
        Result result = Model.ReadText(out string model);
        Author.Post(portfolio);
        switch (portfolio)
        {
            case "dump":
                advice = model;
                break;
            case "last":
                advice = Judge(model, _last);
                break;
            default:
                advice = Judge(model, portfolio);
                _last = portfolio;
                break;
        }

        return result;
    }

    private static string Judge(string model, string portfolio)
    {
        long worth = 0;
        foreach (string holding in portfolio.Split(", "))
        {
            string[] words = holding.Split(' ');
            if (words.Length == 2 && long.TryParse(words[1], out long pieces))
            {
                worth += pieces * WorthOf(model, words[0]);
            }
        }

        return worth > 0 ? "buy" : worth < 0 ? "sell" : "hold";
    }

    private static long WorthOf(string model, string good)
    {
        foreach (string entry in model.Split(", "))
        {
            string[] words = entry.Split(' ');
            if (words.Length == 2 && words[0] == good && long.TryParse(words[1], out long worth))
            {
                return worth;
            }
        }

        return 0;
    }
}
