using System;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Shell;

/// <content>How a shell gives its place to a newer one, and takes another's (docs/upgrades.md).</content>
public sealed partial class ShellDomain
{
    /// <summary>Goes up with each shell that is to take the place of those before it.</summary>
    private const uint Version = 1;

    private uint _predecessor;

    /// <inheritdoc/>
    protected override Result Inherit(ReadOnlySpan<byte> estate)
    {
        bool isKnown = ShellEstate.TryRead(estate, _variables, out _predecessor, out _lastCount);
        return isKnown ? Result.Ok : Succession.UnknownVersion;
    }

    private void Greet()
    {
        if (_predecessor != 0)
        {
            Print($"shell {Version} goes on from where shell {_predecessor} was\n");
        }
    }

    private void ShowVersion(string arguments)
    {
        Print($"shell {Version}\n");
        if (_upgrades.Offered(out string name) == Result.Ok)
        {
            Print($"offered: {name}; upgrade has it go on from here\n");
        }
    }

    // A call that does not return when it succeeds: what prompts next is the new shell.
    private void Upgrade(string arguments)
    {
        if (!ShellEstate.TryWrite(Version, _lastCount, _variables, out byte[] estate))
        {
            Print($"upgrade: the variables are more than can be handed over, {Succession.MaxEstate} bytes\n");
            return;
        }

        string reason = _upgrades.Replace(estate) switch
        {
            Succession.NoOffer => "nothing is offered; ./eros upgrade DISK offers a program",
            Succession.UnknownVersion => "the new shell does not know what this one hands over",
            Succession.Failed => "the new shell has failed",
            Result result => ResultText.Of(result),
        };
        Print($"upgrade: {reason}; shell {Version} goes on\n");
    }
}
