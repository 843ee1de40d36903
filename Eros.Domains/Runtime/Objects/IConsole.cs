using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>The right to open the terminal: survives restarts, which its sessions do not.</summary>
public interface IConsoleGrant : ICapability
{
    [Order(ConsoleGrantOrder.OpenSession)]
    Result OpenSession(out IConsoleSession session);
}

/// <summary>The terminal, until the next restart.</summary>
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
