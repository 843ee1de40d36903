// Node: 32 capabilities, of any kind of node. What is fetched or stored through a weak capability is weakened on the
// way.
//
// Page tables are built from space nodes, so before a slot or a flag changes, Spaces is told; of other nodes it knows
// no use. Opening a forwarder's gate wakes whoever waits at it.

using Eros.Kernel.Invocation;
using Eros.Kernel.Objects;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Capabilities;

/// <summary>Orders: NodeOrder.</summary>
public static class NodeCapability
{
    public static Result Invoke(Message message, int entry)
    {
        bool isChange = message.Sent.Order
            is NodeOrder.Swap or NodeOrder.CopyFrom or NodeOrder.Clear or NodeOrder.SetFlags or NodeOrder.SetWord;
        bool isSlots = message.Sent.Order
            is NodeOrder.Fetch or NodeOrder.Swap or NodeOrder.CopyFrom or NodeOrder.Clear or NodeOrder.Locate;
        Rights barrier = (isChange ? Rights.ReadOnly | Rights.Opaque : Rights.None)
            | (isSlots ? Rights.Opaque : Rights.None);
        if ((message.Invoked.Rights & barrier) != 0)
        {
            return Result.NoAccess;
        }

        if (isChange && !message.MakeDirty(entry))
        {
            return Message.Ended;
        }

        ref Node node = ref message.Kernel.Objects.Node(entry, message.Invoked.Oid.Index);
        return message.Sent.Order switch
        {
            NodeOrder.Fetch => Fetch(message, ref node),
            NodeOrder.Swap => Swap(message, entry, ref node),
            NodeOrder.Reduce => Reduction.Answer(message, message.Sent.Word1, message.Invoked.Data),
            NodeOrder.MakeSpace => WithGuard(message, ref node, CapabilityType.Space),
            NodeOrder.WithGuard => WithGuard(message, ref node, CapabilityType.Node),
            NodeOrder.CopyFrom => CopyFrom(message, entry, ref node),
            NodeOrder.Clear => Clear(message, entry, ref node),
            NodeOrder.SetFlags => SetFlags(message, entry, ref node),
            NodeOrder.SetWord => SetWord(message, entry, ref node),
            NodeOrder.MakeForwarder => MakeForwarder(message, ref node),
            NodeOrder.Describe => Describe(message, ref node),
            NodeOrder.Locate => Locate(message, entry),
            _ => message.AnswerCommon(),
        };
    }

    private static Result Describe(Message message, ref Node node)
    {
        message.Reply.Word1 = (ulong)node.Kind;
        message.Reply.Word2 = node.SlotLog2;
        message.Reply.Word3 = (ulong)node.Flags;
        return Result.Ok;
    }

    private static Result Fetch(Message message, ref Node node)
    {
        if (message.Sent.Word1 >= Node.SlotCount)
        {
            return Result.BadArgument;
        }

        ref Capability slot = ref ObjectTable.Slot(ref node.Slots, (int)message.Sent.Word1);
        return message.Answer(Weakening.Through(message.Invoked.Rights, slot));
    }

    /// <summary>
    /// What fetching slot by slot gives, in one step: each level is smaller than the one above, so there are few.
    /// </summary>
    private static Result Locate(Message message, int entry)
    {
        Capability holder = message.Invoked;
        ulong offset = message.Sent.Word1;
        while (true)
        {
            ref Node node = ref message.Kernel.Objects.Node(entry, holder.Oid.Index);
            int slotLog2 = node.SlotLog2;
            ulong slot = offset >> slotLog2;
            if (node.Kind != NodeKind.Space || slot >= Node.SlotCount)
            {
                return Result.BadArgument;
            }

            Capability held = Weakening.Through(holder.Rights, ObjectTable.Slot(ref node.Slots, (int)slot));
            offset &= (1UL << slotLog2) - 1;
            Guard guard = new(held.Data);
            bool isLevel = held.Type == CapabilityType.Node
                && (held.Rights & Rights.Opaque) == 0
                && guard.Log2 <= slotLog2
                && guard.Admits(offset)
                && SpaceWalker.IsMemory(node.Flags, (int)slot);
            if (isLevel)
            {
                Outcome outcome = message.Kernel.Objects.Find(held, out int below);
                if (outcome == Outcome.Absent)
                {
                    message.Load(held.Oid.Frame);
                    return Message.Ended;
                }

                isLevel = outcome == Outcome.Ok && IsOfSize(message, below, held.Oid.Index, guard.Log2);
                entry = isLevel ? below : entry;
            }

            if (!isLevel)
            {
                message.Reply.Word1 = slot;
                message.Reply.Word2 = (ulong)slotLog2;
                message.Reply.Word3 = (ulong)held.Type;
                message.Reply.Arguments[1] = holder;
                return message.Answer(held);
            }

            holder = held;
            offset &= (1UL << guard.Log2) - 1;
        }
    }

    /// <summary>True for a space node that spans as much as a guard for it says.</summary>
    private static bool IsOfSize(Message message, int entry, int index, int log2)
    {
        ref Node node = ref message.Kernel.Objects.Node(entry, index);
        return node.Kind == NodeKind.Space && node.SlotLog2 + Guard.NodeLog2 == log2;
    }

    private static Result Swap(Message message, int entry, ref Node node)
    {
        // Decode
        if (message.Sent.Word1 >= Node.SlotCount)
        {
            return Result.BadArgument;
        }

        message.Commit();

        // Perform
        int number = (int)message.Sent.Word1;
        ref Capability slot = ref ObjectTable.Slot(ref node.Slots, number);
        message.Kernel.Spaces.SlotChanging(entry, message.Invoked.Oid.Index, number);
        Rights rights = message.Invoked.Rights;
        Capability old = Weakening.Through(rights, slot);
        slot = Weakening.Through(rights, message.Sent.Arguments[0]);
        return message.Answer(old);
    }

    private static Result CopyFrom(Message message, int entry, ref Node node)
    {
        // Decode
        Capability source = message.Sent.Arguments[0];
        if (source.Type != CapabilityType.Node)
        {
            return Result.BadArgument;
        }

        if ((source.Rights & Rights.Opaque) != 0)
        {
            return Result.NoAccess;
        }

        int fromEntry = message.FindArgument(source);
        if (fromEntry == Message.Nobody)
        {
            return Message.Ended;
        }

        message.Commit();

        // Perform
        TellSpaces(message, entry);
        ref Node from = ref message.Kernel.Objects.Node(fromEntry, source.Oid.Index);
        Rights rights = source.Rights | message.Invoked.Rights;
        for (int i = 0; i < Node.SlotCount; i++)
        {
            ObjectTable.Slot(ref node.Slots, i) = Weakening.Through(rights, ObjectTable.Slot(ref from.Slots, i));
        }

        return Result.Ok;
    }

    private static Result Clear(Message message, int entry, ref Node node)
    {
        message.Commit();
        TellSpaces(message, entry);
        node.Slots = default;
        return Result.Ok;
    }

    private static Result SetFlags(Message message, int entry, ref Node node)
    {
        // Decode
        NodeFlags allowed = node.Kind switch
        {
            NodeKind.Space => NodeFlags.Keeper | NodeFlags.Background,
            NodeKind.Forwarder => NodeFlags.Blocked,
            _ => NodeFlags.None,
        };
        if ((message.Sent.Word1 & ~(ulong)allowed) != 0)
        {
            return Result.BadArgument;
        }

        message.Commit();

        // Perform
        TellSpaces(message, entry);
        node.Flags = (NodeFlags)message.Sent.Word1;
        message.Kernel.Stalls.WakeAll(StallReason.Gate, message.Invoked.Oid.Value);
        return Result.Ok;
    }

    private static Result SetWord(Message message, int entry, ref Node node)
    {
        // Decode
        if (node.Kind != NodeKind.Forwarder || message.Sent.Word1 > uint.MaxValue)
        {
            return Result.BadArgument;
        }

        message.Commit();

        // Perform
        message.Kernel.Spaces.Forget(entry, message.Invoked.Oid.Index);
        node.Word = (uint)message.Sent.Word1;
        return Result.Ok;
    }

    private static Result WithGuard(Message message, ref Node node, CapabilityType type)
    {
        int log2 = new Guard((uint)message.Sent.Word1).Log2;
        return node.Kind == NodeKind.Space && log2 == node.SlotLog2 + Guard.NodeLog2
            ? Reduction.Answer(message, message.Sent.Word2, message.Sent.Word1, type)
            : Result.BadArgument;
    }

    /// <summary>
    /// A forwarder lets its holder act through slot 0, which a weak or opaque capability does not give.
    /// </summary>
    private static Result MakeForwarder(Message message, ref Node node)
    {
        if (node.Kind != NodeKind.Forwarder)
        {
            return Result.BadArgument;
        }

        Capability invoked = message.Invoked;
        return (invoked.Rights & (Rights.Weak | Rights.Opaque)) != 0
            ? Result.NoAccess
            : message.Answer(new Capability(CapabilityType.Forwarder, invoked.Oid, invoked.Version, 0, Rights.Opaque));
    }

    private static void TellSpaces(Message message, int entry) =>
        message.Kernel.Spaces.NodeChanging(entry, message.Invoked.Oid.Index);
}
