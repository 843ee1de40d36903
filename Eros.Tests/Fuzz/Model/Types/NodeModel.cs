using System;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>32 capabilities.</summary>
internal sealed class NodeModel : TypeModel
{
    private const int Slots = 32;
    private const int NodeLog2 = 5;

    public override CapabilityType Type => CapabilityType.Node;

    public override Type Orders => typeof(NodeOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        Rights lacking = ask.Invoked.Rights;
        ulong order = ask.Sent.Order;
        bool changes = order
            is NodeOrder.Swap or NodeOrder.CopyFrom or NodeOrder.Clear or NodeOrder.SetFlags or NodeOrder.SetWord;
        bool seesSlots = order
            is NodeOrder.Fetch or NodeOrder.Swap or NodeOrder.CopyFrom or NodeOrder.Clear or NodeOrder.Locate;
        if ((changes && (lacking & (Rights.ReadOnly | Rights.Opaque)) != 0)
            || (seesSlots && (lacking & Rights.Opaque) != 0))
        {
            return Result.NoAccess;
        }

        ref Node node = ref frame.Nodes[ask.Invoked.Oid.Index];
        switch (order)
        {
            case NodeOrder.Fetch or NodeOrder.Swap:
                return Slot(world, ask, frame, ref node);
            case NodeOrder.Reduce:
                return Reduced(ask, ask.Sent.Word1, ask.Invoked.Data, Type);
            case NodeOrder.MakeSpace or NodeOrder.WithGuard:
                return Guarded(ask, node);
            case NodeOrder.CopyFrom:
                return CopyFrom(world, ask, frame, ref node);
            case NodeOrder.Clear:
                world.Touch(frame);
                node.Slots = default;
                return Result.Ok;
            case NodeOrder.SetFlags:
                return SetFlags(world, ask, frame, ref node);
            case NodeOrder.SetWord:
                return SetWord(world, ask, frame, ref node);
            case NodeOrder.MakeForwarder:
                return MakeForwarder(ask, node);
            case NodeOrder.Describe:
                ask.Reply.Word1 = (ulong)node.Kind;
                ask.Reply.Word2 = node.SlotLog2;
                ask.Reply.Word3 = (ulong)node.Flags;
                return Result.Ok;
            case NodeOrder.Locate:
                return Locate(world, ask, frame);
            default:
                return Common(ask);
        }
    }

    private static Result Slot(ModelWorld world, Ask ask, ModelFrame frame, ref Node node)
    {
        if (ask.Sent.Word1 >= Slots)
        {
            return Result.BadArgument;
        }

        int slot = (int)ask.Sent.Word1;
        Rights rights = ask.Invoked.Rights;
        Capability there = Through(rights, node.Slots[slot]);
        if (ask.Sent.Order == NodeOrder.Swap)
        {
            world.Touch(frame);
            node.Slots[slot] = Through(rights, ask.Sent.Argument0);
        }

        return Give(ask, there);
    }

    private static Result Guarded(Ask ask, in Node node)
    {
        CapabilityType type = ask.Sent.Order == NodeOrder.MakeSpace ? CapabilityType.Space : CapabilityType.Node;
        bool fits = node.Kind == NodeKind.Space && (byte)ask.Sent.Word1 == node.SlotLog2 + NodeLog2;
        return fits ? Reduced(ask, ask.Sent.Word2, ask.Sent.Word1, type) : Result.BadArgument;
    }

    private static Result CopyFrom(ModelWorld world, Ask ask, ModelFrame frame, ref Node node)
    {
        Capability source = ask.Sent.Argument0;
        if (source.Type != CapabilityType.Node)
        {
            return Result.BadArgument;
        }

        if ((source.Rights & Rights.Opaque) != 0)
        {
            return Result.NoAccess;
        }

        if (world.Calls.TryFind(ask, source, Result.BadArgument, out ModelFrame? from))
        {
            world.Touch(frame);
            ref Node other = ref from!.Nodes[source.Oid.Index];
            for (int i = 0; i < Slots; i++)
            {
                node.Slots[i] = Through(source.Rights | ask.Invoked.Rights, other.Slots[i]);
            }
        }

        return Result.Ok;
    }

    private static Result SetFlags(ModelWorld world, Ask ask, ModelFrame frame, ref Node node)
    {
        NodeFlags possible = node.Kind switch
        {
            NodeKind.Space => NodeFlags.Keeper | NodeFlags.Background,
            NodeKind.Forwarder => NodeFlags.Blocked,
            _ => NodeFlags.None,
        };
        if ((ask.Sent.Word1 & ~(ulong)possible) != 0)
        {
            return Result.BadArgument;
        }

        world.Touch(frame);
        node.Flags = (NodeFlags)ask.Sent.Word1;
        world.Wake(StallReason.Gate, ask.Invoked.Oid.Value);
        return Result.Ok;
    }

    private static Result SetWord(ModelWorld world, Ask ask, ModelFrame frame, ref Node node)
    {
        if (node.Kind != NodeKind.Forwarder || ask.Sent.Word1 > uint.MaxValue)
        {
            return Result.BadArgument;
        }

        world.Touch(frame);
        node.Word = (uint)ask.Sent.Word1;
        return Result.Ok;
    }

    private static Result MakeForwarder(Ask ask, in Node node)
    {
        if (node.Kind != NodeKind.Forwarder)
        {
            return Result.BadArgument;
        }

        Capability invoked = ask.Invoked;
        return (invoked.Rights & (Rights.Weak | Rights.Opaque)) != 0
            ? Result.NoAccess
            : Give(ask, new Capability(CapabilityType.Forwarder, invoked.Oid, invoked.Version, 0, Rights.Opaque));
    }

    /// <summary>As a client would do it: fetch, and go on where the offset falls into a node that is a level.</summary>
    private static Result Locate(ModelWorld world, Ask ask, ModelFrame frame)
    {
        Capability at = ask.Invoked;
        ulong offset = ask.Sent.Word1;
        while (true)
        {
            ref Node node = ref frame.Nodes[at.Oid.Index];
            if (node.Kind != NodeKind.Space || offset >> node.SlotLog2 >= Slots)
            {
                return Result.BadArgument;
            }

            int slot = (int)(offset >> node.SlotLog2);
            Capability held = Through(at.Rights, node.Slots[slot]);
            ulong inside = offset & ((1UL << node.SlotLog2) - 1);
            int log2 = (byte)held.Data;
            bool isNoMemory = (slot == 31 && (node.Flags & NodeFlags.Keeper) != 0)
                || (slot == 30 && (node.Flags & NodeFlags.Background) != 0);
            bool isLevel = held.Type == CapabilityType.Node && (held.Rights & Rights.Opaque) == 0
                && log2 <= node.SlotLog2 && inside >> log2 == held.Data >> 8 && !isNoMemory;
            ModelFrame? below = null;
            if (isLevel)
            {
                Found found = world.Find(held, out below);
                if (found == Found.Absent)
                {
                    world.Calls.Load(ask, held.Oid.Frame);
                    return Result.Ok;
                }

                isLevel = found == Found.Object && below!.Nodes[held.Oid.Index].Kind == NodeKind.Space
                    && below.Nodes[held.Oid.Index].SlotLog2 + NodeLog2 == log2;
            }

            if (!isLevel)
            {
                ask.Reply.Word1 = (ulong)slot;
                ask.Reply.Word2 = node.SlotLog2;
                ask.Reply.Word3 = (ulong)held.Type;
                ask.Reply.Argument1 = at;
                return Give(ask, held);
            }

            offset = inside & ((1UL << log2) - 1);
            at = held;
            frame = below!;
        }
    }
}
