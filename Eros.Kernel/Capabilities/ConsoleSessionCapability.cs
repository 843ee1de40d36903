// ConsoleSession: the terminal, until the sessions of this boot are closed (Terminal).
//
// Write takes the string whole, or the invoker waits for room. Read takes what is there, as much as the receiver has
// room for.

using System;
using Eros.Kernel.Console;
using Eros.Kernel.Invocation;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: ConsoleSessionOrder.</summary>
public static class ConsoleSessionCapability
{
    /// <summary>True in the boot in which it was made, while sessions of its number are open.</summary>
    public static bool IsOpen(Kernel kernel, in Capability session) =>
        session.Version == kernel.Counters.Values.BootEpoch && session.Data == kernel.Terminal.Session;

    public static Result Invoke(Message message)
    {
        if (!IsOpen(message.Kernel, message.Invoked))
        {
            return Result.VoidCapability;
        }

        return message.Sent.Order switch
        {
            ConsoleSessionOrder.Write => Write(message),
            ConsoleSessionOrder.Read => Read(message),
            ConsoleSessionOrder.Listen => Listen(message),
            _ => message.AnswerCommon(),
        };
    }

    private static Result Write(Message message)
    {
        // Decode
        Terminal terminal = message.Kernel.Terminal;
        if (terminal.Room < message.StringLength)
        {
            return message.Wait(StallReason.ConsoleRoom);
        }

        if (!message.OpenString())
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        terminal.Write(message.TakeString());
        return Result.Ok;
    }

    private static Result Read(Message message)
    {
        // Decode
        Terminal terminal = message.Kernel.Terminal;
        if (!message.OpenReply(terminal.InputCount))
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform: what nobody receives stays
        Span<byte> buffer = message.Buffer[..message.ReplyRoom];
        message.PutReply(buffer[..terminal.Read(buffer)]);
        return Result.Ok;
    }

    private static Result Listen(Message message)
    {
        // Decode
        if (!IsListener(message))
        {
            return Result.BadArgument;
        }

        message.Commit();

        // Perform
        message.Kernel.Terminal.Listener = message.Sent.Arguments[0];
        return Result.Ok;
    }

    /// <summary>True when argument 0 is what a listener can be.</summary>
    internal static bool IsListener(Message message) =>
        message.Sent.Arguments[0].Type is CapabilityType.Notification or CapabilityType.Void;
}
