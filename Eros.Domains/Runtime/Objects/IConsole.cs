using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>The right to open the terminal: survives restarts, which its sessions do not.</summary>
public interface IConsoleGrant : ICapability
{
    [Order(ConsoleGrantOrder.OpenSession)]
    Result OpenSession(out IConsoleSession session);

    /// <summary>Every session is void from now on.</summary>
    [Order(ConsoleGrantOrder.CloseSessions)]
    Result CloseSessions();

    /// <summary>
    /// The notification is sent whenever the attention key is pressed, which has voided every session by then. To be
    /// asked again after a restart.
    /// </summary>
    [Order(ConsoleGrantOrder.ListenAttention)]
    Result ListenAttention(INotification notification);
}

/// <summary>The terminal, until the next restart, the attention key, or the end of all sessions.</summary>
public interface IConsoleSession : ICapability
{
    [Order(ConsoleSessionOrder.Write)]
    Result Write(string text);

    /// <summary>What was typed, at once, perhaps nothing.</summary>
    [Order(ConsoleSessionOrder.Read)]
    Result Read(Span<byte> typed, out int length);

    /// <summary>The notification is sent whenever something is typed after a Read that emptied the input.</summary>
    [Order(ConsoleSessionOrder.Listen)]
    Result Listen(INotification notification);
}
