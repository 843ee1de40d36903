// AttackerDomain: what runs in a mail server's process once somebody has taken it over. It begins with what the server
// begins with, register by register, for a product's registers do not depend on its program; and this program does
// whatever it can with them.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Stories.Attacker;

/// <summary>Pretends to be a mail server.</summary>
[Domain]
public sealed partial class AttackerDomain : Domain, IMailServer
{
    /// <summary>What the server holds.</summary>
    [Capability]
    internal partial INode Boxes { get; }

    /// <inheritdoc/>
    public Result Deliver(string letter) => Result.BadArgument;

    /// <summary>
    /// Attacks. <paramref name="user"/> is a seed and, after a blank, what to do at last (<see cref="LastAct"/>), when
    /// nobody waits for an answer any more.
    /// </summary>
    public Result Read(string user, out string letters)
    {
        letters = "";
        string[] words = user.Split(' ', 2);
        if (words.Length != 2 || !uint.TryParse(words[0], out uint seed))
        {
            return Result.BadArgument;
        }

        Plunder.TouchMemory();
        int overwritten = Plunder.Overwrite(Boxes, NodeClient.Of(CapabilityClient.At(CapabilityRegisters.Bank)));
        RandomInvocations invocations = new(seed);
        invocations.Make();
        Plunder.Hoard(SpaceBankClient.Of(CapabilityClient.At(CapabilityRegisters.Bank)));
        string report = $"{overwritten} pages overwritten, {RandomInvocations.Count} invocations by chance "
            + $"({invocations.Obeyed} of them obeyed)";
        MailServerServer.ReplyRead(Defer(), Result.Ok, report);
        LastAct.Do(words[1]);
        return Result.Ok;
    }
}
