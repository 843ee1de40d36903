// ConsoleGrant: the lasting right to the terminal, held by the login agent alone. It makes sessions, whose version is
// the boot epoch and whose data the number of the sessions that are open: so every session dies at a restart and when
// the sessions are closed, and the agent, whose grant does not, makes a new one.

using Eros.Kernel.Console;
using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: ConsoleGrantOrder.</summary>
public static class ConsoleGrantCapability
{
    public static Result Invoke(Message message)
    {
        Terminal terminal = message.Kernel.Terminal;
        switch (message.Sent.Order)
        {
            case ConsoleGrantOrder.OpenSession:
                return OpenSession(message, terminal.Session);
            case ConsoleGrantOrder.CloseSessions:
                message.Commit();
                terminal.CloseSessions();
                return Result.Ok;
            case ConsoleGrantOrder.ListenAttention:
                if (!ConsoleSessionCapability.IsListener(message))
                {
                    return Result.BadArgument;
                }

                message.Commit();
                terminal.AttentionListener = message.Sent.Arguments[0];
                return Result.Ok;
            default:
                return message.AnswerCommon();
        }
    }

    /// <summary>LimitReached when the number or the epoch does not fit a capability: one that is cut off might be one
    /// of a session that is long over.</summary>
    private static Result OpenSession(Message message, uint session)
    {
        ulong epoch = message.Kernel.Counters.Values.BootEpoch;
        return session == uint.MaxValue || epoch > uint.MaxValue
            ? Result.LimitReached
            : message.Answer(new Capability(CapabilityType.ConsoleSession, default, (uint)epoch, session));
    }
}
