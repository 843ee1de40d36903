// Liveness: whether a capability that is only shown, not invoked, still stands for something. What is gone is void, as
// it is to who invokes it.

using Eros.Kernel.Invocation;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Looks whether capabilities are void.</summary>
public static class Liveness
{
    /// <summary>Makes an argument void if what it stands for is gone. False: the message has ended.</summary>
    public static bool TryFreshen(Message message, ref Capability argument)
    {
        if (argument.NamesObject)
        {
            Outcome outcome = message.Kernel.Objects.Find(argument, out int entry);
            if (outcome == Outcome.Absent)
            {
                message.Load(argument.Oid.Frame);
                return false;
            }

            if (outcome == Outcome.Ok && Answers(message, argument.Type, entry))
            {
                return true;
            }
        }
        else if (IsGood(message.Kernel, argument))
        {
            return true;
        }

        argument = Capability.Void;
        return true;
    }

    /// <summary>False for types that there are not, and for sessions and devices of another time.</summary>
    private static bool IsGood(Kernel kernel, in Capability capability) => capability.Type switch
    {
        CapabilityType.ConsoleSession => ConsoleSessionCapability.IsOpen(kernel, capability),
        CapabilityType.DeviceMemory or CapabilityType.IoPort or CapabilityType.Interrupt =>
            DeviceGrantCapability.IsOfThisBoot(kernel, capability),
        _ => capability.Type is not CapabilityType.Void and <= CapabilityType.ReserveGrant,
    };

    /// <summary>A resume capability answers a process that waits, a fault-resume one also a process that stopped.
    /// </summary>
    private static bool Answers(Message message, CapabilityType type, int entry) => type switch
    {
        CapabilityType.Resume => message.Process(entry).RunState == RunState.Waiting,
        CapabilityType.FaultResume => message.Process(entry).RunState is RunState.Waiting or RunState.Faulted,
        _ => true,
    };
}
