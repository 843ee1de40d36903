using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Sizes and results of what a program hands over to the one that takes its place.</summary>
public static class Succession
{
    /// <summary>Bytes that are handed over at most.</summary>
    public const int MaxEstate = 16384;

    /// <summary>A domain's own result: what is handed over is of a version that it does not know.</summary>
    public const Result UnknownVersion = (Result)1;

    /// <summary>The upgrader's own result: there is no offer for who asks.</summary>
    public const Result NoOffer = (Result)2;

    /// <summary>The upgrader's own result: the new program has ended, or refused to be looked at, before it answered.
    /// </summary>
    public const Result Failed = (Result)3;
}

/// <summary>The upgrader, as a domain that can be replaced holds it; its badge is the domain's number.</summary>
public interface IUpgrades : ICapability
{
    /// <summary>What the program is called that is offered in the caller's place. NoOffer when there is none.</summary>
    [Order(1)]
    Result Offered(out string name);

    /// <summary>
    /// Has the program that is offered take the caller's place: its process, with all capabilities for it, and what it
    /// holds by name. <paramref name="estate"/> is all that the new program gets to know of the caller's memory. When
    /// it takes that, the call never returns, but is the caller's last; otherwise it says why not, and nothing has
    /// happened.
    /// </summary>
    [Order(2)]
    Result Replace(ReadOnlySpan<byte> estate);
}

/// <summary>The upgrader, as a program on trial holds it.</summary>
[MaxString(Succession.MaxEstate)]
public interface ISuccession : ICapability
{
    /// <summary>What the predecessor hands over.</summary>
    [Order(1)]
    Result Fetch(Span<byte> estate, out int length);

    /// <summary>
    /// Says whether the estate is taken. Ok: the answer comes in the predecessor's process, with the caller's memory.
    /// Anything else: there is no answer, and the predecessor goes on.
    /// </summary>
    [Order(2)]
    Result Settle(Result verdict);
}
