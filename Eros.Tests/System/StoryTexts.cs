using System.Collections.Generic;

namespace Eros.Tests.SystemTests;

/// <summary>What `demo` says of each story, when all is well.</summary>
internal static class StoryTexts
{
    private static readonly Dictionary<string, string> _texts = new()
    {
        ["algorithm"] = """
            A customer has figures that nobody else may see, and two offers of a program to sum them up.
            The first has holes (mask 1): what it learns it could tell. The customer declines.
            The second is confined: whatever it learns it can tell the customer alone.
            It is run on the figures, and answers: 3 numbers, 1478 in all.
            The author's mailbox is empty.
            All that the story made is destroyed again.
            """,
        ["deputy"] = """
            A compiler writes a bill for each job into a file that it alone may write.
            Where files have names, and the compiler looks them up:
              the bill reads "report, 3 units; "
              a customer wants its code in the file "billing": done
              the bill reads "code of 0*0": the compiler has overwritten it, on a customer's word
            Where files are capabilities, and the customer hands over its own:
              the bill reads "report, 3 units; "
              a customer who would write on the bill calls its job "billing", and hands over
                a page of its own: done
                its page holds "code of 0*0"
                that page, which it may only read: the capability does not allow it
                nothing: bad argument
                its bank, as if it were a page: bad argument
              the bill reads "report, 3 units; billing, 3 units; "
            All that the story made is destroyed again.
            """,
        ["mail"] = """
            Two mail servers, each with its boxes and its configuration, and nothing else.
            Ann's box at the first has "see you at noon".
            Somebody takes the first one over: a program of theirs runs with all that it holds (seed 1).
              In each of its 10 lives: 2 pages overwritten, 5000 invocations by chance (N of them obeyed),
              and all bought that its bank would sell.
              Then it went for addresses, another in each life, and at last for its own memory.
            Ann's box at the first has "nobody reads this any more".
              its own configuration: unchanged
              the other's configuration: unchanged
              the other's letters: unchanged
              what the other answers: unchanged
              a bystander's page: unchanged
              a bystander's account: unchanged
            A new server takes its place, and Bob reads there: nobody reads this any more; are you there again?
            All that the story made is destroyed again.
            """,
        ["escrow"] = """
            An adviser has a model, a customer has a portfolio; neither would show it to the other.
            One agent has a hole that neither knows (mask 2). Both decline.
            Another can reach nothing but its clients and the metaconstructor. Both accept.
              the adviser offers what is no program: the capability does not allow it
              the adviser offers a program that has its author's mailbox: the capability does not allow it
              the adviser offers one that has the model, and nothing else: done
              the terms, for both: the program is confined; it answers buy, hold or sell; it runs once, and is destroyed
              the customer asks about its portfolio: buy
              the customer knows a word that makes the program show its model: no answer
              somebody asks what was asked last: hold
            The adviser's mailbox is empty.
            All that the story made is destroyed again.
            """,
    };

    public static IEnumerable<string> Names => _texts.Keys;

    public static string Of(string name) => _texts[name];
}
