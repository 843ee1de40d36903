// ConsoleGrant: the lasting right to the terminal, held by the session agent alone. It makes sessions, whose version is
// the boot epoch: so every session dies at a restart, and the agent, whose grant does not, makes a new one.

using Eros.Kernel.Invocation;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: ConsoleGrantOrder.</summary>
public static class ConsoleGrantCapability
{
    public static Result Invoke(Message message) => message.Sent.Order == ConsoleGrantOrder.OpenSession
        ? message.Answer(new Capability(
            CapabilityType.ConsoleSession, default, (uint)message.Kernel.Counters.Values.BootEpoch))
        : message.AnswerCommon();
}
