// MailServerDomain: a mail server. All that it holds is one node: its configuration, which it may read, and a page for
// each user's box. It knows no other way to a letter, and nobody else's letters lie there.

using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Stories.MailServer;

/// <summary>Takes letters, and gives them out.</summary>
[Domain]
public sealed partial class MailServerDomain : Domain, IMailServer
{
    /// <summary>Slots as <see cref="MailSlots"/> says; they can be read only.</summary>
    [Capability]
    internal partial INode Boxes { get; }

    /// <inheritdoc/>
    public Result Deliver(string letter)
    {
        int colon = letter.IndexOf(": ");
        if (colon < 0 || !Find(letter[..colon], out IPage box))
        {
            return Result.BadArgument;
        }

        box.ReadText(out string letters);
        string all = letters + letter[(colon + 2)..] + "\n";
        return all.Length < MappedPage.SizeInBytes ? box.WriteText(all) : Result.LimitReached;
    }

    /// <inheritdoc/>
    public Result Read(string user, out string letters)
    {
        letters = "";
        return Find(user, out IPage box) ? box.ReadText(out letters) : Result.BadArgument;
    }

    // The configuration names the users; their boxes are in the same order.
    private bool Find(string user, out IPage box)
    {
        box = PageClient.Void;
        if (Boxes.Fetch(MailSlots.Configuration, out ICapability thing) != Result.Ok
            || PageClient.Of(thing).ReadText(out string configuration) != Result.Ok)
        {
            return false;
        }

        int number = Array.IndexOf(configuration.Split(' '), user);
        if (number < 0 || Boxes.Fetch(MailSlots.FirstBox + (uint)number, out thing) != Result.Ok)
        {
            return false;
        }

        box = PageClient.Of(thing);
        return true;
    }
}
