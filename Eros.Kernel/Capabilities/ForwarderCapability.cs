// Forwarder: a revocable indirection. Slot 0 of its node is the target, whose orders it answers; the node's word takes
// the place of the payload when that is a start capability which allows it (MakeOpenStart). While the gate is closed
// its invokers wait.
//
// Anybody may own a forwarder and put a start capability into it. So that the payload stays what the process's owner
// chose, its word counts only where the owner has said so.

using Eros.Kernel.Invocation;
using Eros.Kernel.Objects;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Goes on with the target.</summary>
public static class ForwarderCapability
{
    public static Result Invoke(Message message, int entry)
    {
        // Decode; what follows is the target's.
        ref Node node = ref message.Kernel.Objects.Node(entry, message.Invoked.Oid.Index);
        if ((node.Flags & NodeFlags.Blocked) != 0)
        {
            return message.Wait(StallReason.Gate, message.Invoked.Oid.Value);
        }

        Capability target = ObjectTable.Slot(ref node.Slots, 0);
        if (++message.Hops > Limits.ForwarderDepth)
        {
            return message.AnswerVoid();
        }

        bool isOpen = target.Type == CapabilityType.Start && (target.Rights & Rights.FixedPayload) == 0;
        message.Invoked = isOpen ? target.WithData(node.Word) : target;
        return CapabilityTable.Dispatch(message);
    }
}
