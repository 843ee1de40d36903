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
    internal void Run()
    {
        DomainState.Current.Registers = new CapabilityRegisters(NamedCapabilities);
        Main();
        Message message = new(MaxString, TakenCapabilities);
        _message = message;
        while (true)
        {
            message.ReplyAndReceive();
            Obey(message);
        }
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
