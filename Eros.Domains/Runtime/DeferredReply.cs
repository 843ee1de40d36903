namespace Eros.Domains.Runtime;

/// <summary>The right to answer a call whose answer was put off. Generated ReplyX methods give the answer.</summary>
public readonly struct DeferredReply
{
    internal DeferredReply(int register) => Register = register;

    /// <summary>The register of the resume capability; 0 in the default value, which answers nobody.</summary>
    public int Register { get; }

    public bool IsPending => Register != 0;

    /// <summary>Sends the answer and gives the right up. If the caller is gone meanwhile nothing happens.</summary>
    public void Give(ref MessageRegisters message, uint send)
    {
        message.Reply(Register, send);
        GiveUp();
    }

    /// <summary>Gives the right up without an answer: somebody else has it too, or the caller waits for ever.</summary>
    public void GiveUp() => CapabilityRegisters.Current.Release(Register);
}
