using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>Authority over home frames.</summary>
internal sealed class RangeModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.Range;

    public override System.Type Orders => typeof(RangeOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        ulong count = ask.Invoked.High;
        Oid first = ask.Invoked.Oid;
        switch (ask.Sent.Order)
        {
            case RangeOrder.Query:
                ask.Reply.Word1 = count;
                return Result.Ok;
            case RangeOrder.Identify:
                return Identify(world, ask);
            case RangeOrder.Create or RangeOrder.Rescind or RangeOrder.Get or RangeOrder.Sever:
                break;
            default:
                return Common(ask);
        }

        if (ask.Sent.Word1 >= count || first.Volume != 0)
        {
            return Result.BadArgument;
        }

        ulong number = first.Frame + ask.Sent.Word1;
        if (world.IsAbsent(number))
        {
            world.Calls.Load(ask, number);
            return Result.Ok;
        }

        if (world.Frame(number) is not { } there)
        {
            return Result.BadArgument;
        }

        return ask.Sent.Order == RangeOrder.Create ? Create(world, ask, there)
            : !there.Has(ask.Sent.Word2) ? Result.BadArgument
            : ask.Sent.Order == RangeOrder.Rescind ? Rescind(world, ask, there)
            : ask.Sent.Order == RangeOrder.Sever ? Sever(world, ask, there, (int)ask.Sent.Word2)
            : Get(ask, there, (int)ask.Sent.Word2);
    }

    private static Result Create(ModelWorld world, Ask ask, ModelFrame frame)
    {
        int index = (byte)ask.Sent.Word3;
        ulong slotLog2 = ask.Sent.Word3 >> 8;
        FrameKind kind = ask.Sent.Word2 switch
        {
            RangeKind.Page => FrameKind.Page,
            RangeKind.PlainNode or RangeKind.SpaceNode or RangeKind.ForwarderNode => FrameKind.Pot,
            RangeKind.Process => FrameKind.Process,
            _ => FrameKind.Free,
        };
        bool hasSize = ask.Sent.Word2 == RangeKind.SpaceNode
            ? slotLog2 is 12 or 17 or 22 or 27 or 32 or 37 or 42
            : slotLog2 == 0;
        bool hasPlace = index < (kind == FrameKind.Pot ? NodePot.NodeCount : 1);
        if (kind == FrameKind.Free || !hasSize || !hasPlace)
        {
            return Result.BadArgument;
        }

        if (ModelWorld.VersionAfter(frame, kind, index) == null)
        {
            return Result.LimitReached;
        }

        NodeKind node = kind == FrameKind.Pot ? (NodeKind)(ask.Sent.Word2 - RangeKind.PlainNode) : NodeKind.Plain;
        world.Create(frame, kind, index, node, (byte)slotLog2);
        return Give(ask, CapabilityOf(frame, index));
    }

    private static Result Rescind(ModelWorld world, Ask ask, ModelFrame frame)
    {
        world.Destroy(frame, (int)ask.Sent.Word2);
        return Result.Ok;
    }

    private static Result Sever(ModelWorld world, Ask ask, ModelFrame frame, int index)
    {
        if (frame.Kind == FrameKind.Process)
        {
            return Result.BadArgument;
        }

        if (frame.VersionOf(index) >= uint.MaxValue - 1)
        {
            return Result.LimitReached;
        }

        world.Sever(frame, index);
        return Give(ask, CapabilityOf(frame, index));
    }

    private static Result Get(Ask ask, ModelFrame frame, int index)
    {
        if (frame.VersionOf(index) == uint.MaxValue)
        {
            return Result.LimitReached;
        }

        ask.Reply.Word1 = frame.Kind switch
        {
            FrameKind.Page => RangeKind.Page,
            FrameKind.Process => RangeKind.Process,
            _ => RangeKind.PlainNode + (uint)frame.Nodes[index].Kind,
        };
        return Give(ask, CapabilityOf(frame, index));
    }

    private static Result Identify(ModelWorld world, Ask ask)
    {
        Capability argument = ask.Sent.Argument0;
        Oid first = ask.Invoked.Oid;
        ulong number = argument.Oid.Frame - first.Frame;
        bool names = argument.Type is >= CapabilityType.Page and <= CapabilityType.FaultResume;
        if (!names || argument.Oid.Volume != first.Volume || number >= ask.Invoked.High)
        {
            return Result.BadArgument;
        }

        if (world.Calls.TryFind(ask, argument, Result.BadArgument, out _))
        {
            ask.Reply.Word1 = number;
            ask.Reply.Word2 = (ulong)argument.Oid.Index;
            ask.Reply.Word3 = (uint)argument.Type | ((ulong)argument.Rights << 8);
        }

        return Result.Ok;
    }

    private static Capability CapabilityOf(ModelFrame frame, int index)
    {
        CapabilityType type = frame.Kind switch
        {
            FrameKind.Page => CapabilityType.Page,
            FrameKind.Process => CapabilityType.Process,
            _ => CapabilityType.Node,
        };
        return new Capability(
            type, Oid.Of(frame.Number, index), frame.VersionOf(index), type == CapabilityType.Page ? 12u : 0);
    }
}
