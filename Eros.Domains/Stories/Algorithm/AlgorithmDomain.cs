// AlgorithmDomain: somebody's clever program, run on somebody else's data. It would like to tell its author what it
// saw. Confined, it has nobody to tell but its client.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Stories.Algorithm;

/// <summary>Sums up numbers.</summary>
[Domain]
public sealed partial class AlgorithmDomain : Domain, IAlgorithm
{
    /// <summary>The author's mailbox, if it was given one.</summary>
    [Capability]
    internal partial IMailbox Author { get; }

    /// <inheritdoc/>
    public Result Run(string data, out string answer)
    {
        long sum = 0;
        int count = 0;
        foreach (string word in data.Split(' '))
        {
            if (long.TryParse(word, out long number))
            {
                sum += number;
                count++;
            }
        }

        // The author's hope. Where there is no mailbox the call goes nowhere, and says so.
        Author.Post(data);
        answer = $"{count} numbers, {sum} in all";
        return count > 0 ? Result.Ok : Result.BadArgument;
    }
}
