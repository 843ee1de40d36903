using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Sizes of held ports.</summary>
public static class HeldPortLimits
{
    /// <summary>Bytes that wait in a port beside those that wait for a commit already; of one write at most as many.
    /// </summary>
    public const int Capacity = 4096;
}

/// <summary>
/// Whoever takes bytes. A terminal (<see cref="ITerminal"/>) and a pipe's end (<see cref="IPipeWriter"/>) do, by the
/// same order.
/// </summary>
public interface IWriter : ICapability
{
    [Order(1)]
    Result Write(ReadOnlySpan<byte> bytes);
}

/// <summary>A port that passes on what it is sent when the state that sent it is committed, and never before.</summary>
public interface IHeldPort : ICapability
{
    /// <summary>
    /// Says, once, where everything goes; gives what it is sent by. <paramref name="isPrompt"/>: a checkpoint is asked
    /// for whenever something waits; otherwise the next one is waited for. Busy when the port has an output already.
    /// </summary>
    [Order(1)]
    Result Open(IWriter output, bool isPrompt, out IWriter writer);
}

/// <summary>Who waits for commits in the place of a held port.</summary>
public interface IReleaser : ICapability
{
    /// <summary>Before anything else. <paramref name="done"/> tells the port that what it asked for is done.</summary>
    [Order(1)]
    Result Begin(IWriter output, INotification done, bool isPrompt);

    /// <summary>
    /// The newest generation that is on disk. Answered when everything is written that was added before, and the
    /// generation committed that was to be waited for. What the output answered when it took no more.
    /// </summary>
    [Order(2)]
    Result Reached(out ulong committed);

    /// <summary>Something to be written, next.</summary>
    [Order(3)]
    Result Add(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Answers at once. Has everything written that was added; then has <paramref name="generation"/> waited for, 0 for
    /// none; then the port is told. Until then nobody is served.
    /// </summary>
    [Order(4)]
    Result GoOn(ulong generation);
}
