using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model;

/// <summary>How an invocation ends.</summary>
internal enum Ending
{
    /// <summary>With a result, to whoever is to be answered.</summary>
    Answered = 0,

    /// <summary>Some process has the message.</summary>
    Delivered,

    /// <summary>Nobody is told anything: dropped, or the answer comes later.</summary>
    Silent,

    /// <summary>Nothing has happened; it will be repeated.</summary>
    Stalled,

    /// <summary>Nothing has happened but that the invoker's own string is not there.</summary>
    SenderFault,

    /// <summary>The machine was switched off.</summary>
    PoweredOff,
}

/// <summary>What arrives in registers.</summary>
internal struct Content
{
    public ulong Order;
    public ulong Word1;
    public ulong Word2;
    public ulong Word3;
    public ulong Tag;
    public ulong Lengths;
    public Capability Argument0;
    public Capability Argument1;
    public Capability Argument2;
    public Capability Argument3;

    public readonly Capability Argument(int number) => number switch
    {
        0 => Argument0,
        1 => Argument1,
        2 => Argument2,
        _ => Argument3,
    };
}

/// <summary>One invocation, in the model.</summary>
internal sealed class Ask
{
    public required ModelFrame From { get; init; }

    public required InvocationKind Kind { get; init; }

    /// <summary>The kernel asks, for a process that has a fault.</summary>
    public bool IsFault { get; init; }

    /// <summary>A forwarder's target takes the forwarder's place.</summary>
    public Capability Invoked { get; set; }

    public ulong StringAt { get; init; }

    public int StringLength { get; init; }

    public Ending Ending { get; set; }

    /// <summary>Whom an object of the kernel answers.</summary>
    public ModelFrame? ReplyTo { get; set; }

    public ulong ReplyCount { get; set; }

    public bool IsReplyKnown { get; set; }

    /// <summary>The result has been decided by a capability that names nothing.</summary>
    public bool IsRefused { get; set; }

    public ModelFrame? Receiver { get; set; }

    public ModelFrame? Started { get; set; }

    public int Hops { get; set; }

    public ulong FaultAddress { get; set; }

#pragma warning disable CA1051 // Mutable structures are changed in place.
    public Content Sent;
    public Content Reply;
#pragma warning restore CA1051

    /// <summary>Ends the invocation otherwise than by its answer.</summary>
    public Result End(Ending ending)
    {
        Ending = ending;
        return Result.Ok;
    }
}
