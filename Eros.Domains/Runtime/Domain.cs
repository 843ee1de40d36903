// Domain: the base of every domain's class. A domain has one thread, named capabilities (properties marked
// [Capability]), and interfaces that it implements and serves. It knows nothing of checkpoints: its fields are there
// after a power cut.

using System;
using System.Runtime.CompilerServices;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Domains.Runtime;

public abstract class Domain
{
    private Message? _message;

    /// <summary>How many capability registers the composition has bound; generated.</summary>
    protected abstract int NamedCapabilities { get; }

    /// <summary>The most capabilities that a request of its interfaces brings; generated.</summary>
    protected abstract int TakenCapabilities { get; }

    /// <summary>Longest string of a request, bytes.</summary>
    protected virtual int MaxString => 4096;

    /// <summary>The badge of the start capability that was called: tells callers apart, cannot be forged.</summary>
    protected uint Badge => Serving.Badge;

    private Message Serving => _message ?? throw new InvalidOperationException("no message is being served");

    /// <summary>
    /// The domain's life. When it returns the domain serves for ever, as the default does from the start.
    /// </summary>
    protected virtual void Main()
    {
    }

    /// <summary>Bits of the domain's own notification capabilities have arrived.</summary>
    protected virtual void Notified(uint bits)
    {
    }

    /// <summary>
    /// What the program hands over whose place this one is to take, before <see cref="Main"/>. Not Ok: it cannot go on
    /// from there, and the other does.
    /// </summary>
    protected virtual Result Inherit(ReadOnlySpan<byte> estate) => Succession.UnknownVersion;

    /// <summary>
    /// Whether the domain stands behind the capability that was invoked. If not, it answers as a void one does.
    /// </summary>
    protected virtual bool Admits(Message message) => true;

    /// <summary>Has the right interface obey the message; generated.</summary>
    protected abstract void Dispatch(Message message);

    /// <summary>
    /// Called in a method that serves: what the method returns is dropped, and the caller waits on for the answer
    /// given later.
    /// </summary>
    protected DeferredReply Defer() => Serving.Defer();

    /// <summary>Runs the domain; never returns.</summary>
    /// <param name="isSuccessor">It is to take another program's place.</param>
    internal void Run(bool isSuccessor = false)
    {
        DomainState.Current.Registers = new CapabilityRegisters(NamedCapabilities);
        if (isSuccessor)
        {
            Succeed();
        }

        Main();
        Message message = new(MaxString, TakenCapabilities);
        _message = message;
        while (true)
        {
            message.ReplyAndReceive();
            Obey(message);
        }
    }

    // This is a process of its own, with the capabilities that are to be its own. When it has agreed, the answer comes
    // in its predecessor's process: this returns there, or not at all.
    private void Succeed()
    {
        ISuccession succession = SuccessionClient.At(CapabilityRegisters.Reply);
        byte[] estate = new byte[Succession.MaxEstate];
        Result result = succession.Fetch(estate, out int length);
        result = result == Result.Ok ? Inherit(estate.AsSpan(0, length)) : result;
        MessageRegisters.Demand((uint)succession.Settle(result));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Obey(Message message)
    {
        if (message.IsNotification)
        {
            Notified((uint)message.Word1);
        }
        else if (!Admits(message))
        {
            message.Refuse(Result.VoidCapability);
        }
        else if (message.Order == CommonOrder.TypeOf)
        {
            message.ReplyWord1 = (ulong)CapabilityType.Start;
        }
        else
        {
            Dispatch(message);
        }
    }
}
