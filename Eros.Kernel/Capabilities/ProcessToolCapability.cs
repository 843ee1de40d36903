// Process tool: amplifies the capabilities that a service has given out, for who can show the service's brand.
//
// A brand is the capability in a process's brand slot, compared bit for bit and never disclosed; one that is void, or
// whose object is gone, is nobody's. Whatever does not fit is refused alike, so that nothing is learned by asking.

using Eros.Kernel.Invocation;
using Eros.Kernel.Objects;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: ProcessToolOrder.</summary>
public static class ProcessToolCapability
{
    public static Result Invoke(Message message)
    {
        // Decode
        ulong order = message.Sent.Order;
        if (order is < ProcessToolOrder.AmplifyStart or > ProcessToolOrder.SameBrand)
        {
            return message.AnswerCommon();
        }

        ref Capability given = ref message.Sent.Arguments[0];
        ref Capability other = ref message.Sent.Arguments[1];
        if (!Liveness.TryFreshen(message, ref given) || !Liveness.TryFreshen(message, ref other))
        {
            return Message.Ended;
        }

        // What is asked about is in memory now. Whose brand decides: argument 1 is brought to it, argument 2 is free.
        ref Capability server = ref message.Sent.Arguments[2];
        server = given;
        if (order == ProcessToolOrder.SameBrand)
        {
            other = BrandOf(message, other);
        }
        else if (order != ProcessToolOrder.AmplifyStart)
        {
            message.Reply.Word1 = Lead(message, ref server, order == ProcessToolOrder.AmplifyForwarder);
        }

        if (!Liveness.TryFreshen(message, ref server) || !Liveness.TryFreshen(message, ref other))
        {
            return Message.Ended;
        }

        bool isSame = other.Type != CapabilityType.Void && BrandOf(message, server).SameAs(other);
        if (order == ProcessToolOrder.SameBrand)
        {
            message.Reply.Word1 = isSame ? 1u : 0;
            return Result.Ok;
        }

        if (!isSame)
        {
            message.Reply.Word1 = 0;
            return Result.NoAccess;
        }

        bool isStart = order == ProcessToolOrder.AmplifyStart;
        message.Reply.Word1 = isStart ? given.Data : message.Reply.Word1;
        CapabilityType type = isStart ? CapabilityType.Process : CapabilityType.Node;
        Rights rights = isStart ? Rights.None : given.Rights & ~Rights.Opaque;
        return message.Answer(new Capability(type, given.Oid, given.Version, 0, rights));
    }

    /// <summary>From a space or forwarder to the start capability that stands behind it, or to void when there is none
    /// of the service's own. Returns a forwarder's word.</summary>
    private static uint Lead(Message message, ref Capability server, bool isForwarder)
    {
        CapabilityType type = server.Type;
        if (isForwarder ? type != CapabilityType.Forwarder : type is not (CapabilityType.Node or CapabilityType.Space))
        {
            server = Capability.Void;
            return 0;
        }

        // Whoever owns a forwarder may have put a start capability into it that it holds as a client.
        message.Kernel.Objects.Find(server, out int entry);
        ref Node node = ref message.Kernel.Objects.Node(entry, server.Oid.Index);
        server = ObjectTable.Slot(ref node.Slots, isForwarder ? 0 : Node.KeeperSlot);
        bool isOwn = isForwarder
            ? (server.Rights & Rights.FixedPayload) == 0
            : (node.Flags & NodeFlags.Keeper) != 0;
        server = isOwn ? server : Capability.Void;
        return isForwarder ? node.Word : 0;
    }

    /// <summary>Of the process of a start capability, which is in memory; void for everything else.</summary>
    private static Capability BrandOf(Message message, in Capability start)
    {
        if (start.Type != CapabilityType.Start)
        {
            return Capability.Void;
        }

        message.Kernel.Objects.Find(start, out int entry);
        return message.Process(entry).Brand;
    }
}
