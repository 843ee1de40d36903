using System.Collections.Generic;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Stories.Mailbox;

/// <summary>Keeps letters, in the order in which they came.</summary>
[Domain]
public sealed partial class MailboxDomain : Domain, IMailbox
{
    private const int Limit = 32;

    private readonly Queue<string> _letters = new();

    /// <inheritdoc/>
    public Result Post(string letter)
    {
        if (_letters.Count == Limit)
        {
            return Result.LimitReached;
        }

        _letters.Enqueue(letter);
        return Result.Ok;
    }

    /// <inheritdoc/>
    public Result Take(out string letter)
    {
        bool isThere = _letters.Count > 0;
        letter = isThere ? _letters.Dequeue() : "";
        return isThere ? Result.Ok : Result.BadArgument;
    }
}
