using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>Passes on to what is in its node's first slot.</summary>
internal sealed class ForwarderModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.Forwarder;

    public override bool PassesOn => true;

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        ref Node node = ref frame.Nodes[ask.Invoked.Oid.Index];
        if ((node.Flags & NodeFlags.Blocked) != 0)
        {
            return world.Calls.Wait(ask, StallReason.Gate, ask.Invoked.Oid.Value);
        }

        if (ask.Hops++ == Limits.ForwarderDepth)
        {
            world.Calls.Refuse(ask, Result.VoidCapability);
            return Result.Ok;
        }

        Capability target = node.Slots[0];
        bool isOpen = target.Type == CapabilityType.Start && (target.Rights & Rights.FixedPayload) == 0;
        ask.Invoked = isOpen ? target.WithData(node.Word) : target;
        return world.Calls.Dispatch(ask);
    }
}
