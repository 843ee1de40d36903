using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>The lasting right to promise the processor's time, and memory.</summary>
internal sealed class ReserveGrantModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.ReserveGrant;

    public override System.Type Orders => typeof(ReserveGrantOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        ulong word = ask.Sent.Word1;
        int number = word < byte.MaxValue ? (int)word : -1;
        switch (ask.Sent.Order)
        {
            case ReserveGrantOrder.Install:
                Result result = world.Reserves.Install(word, ask.Sent.Word2, ask.Sent.Word3);
                return result == Result.Ok ? Installed(world, ask) : result;
            case ReserveGrantOrder.Remove when !world.Reserves.Remove(number):
                return Result.BadArgument;
            case ReserveGrantOrder.Remove:
                FindRings(world, number);
                return Result.Ok;
            case ReserveGrantOrder.Describe when number is < 0 or > 15:
                return Result.BadArgument;
            case ReserveGrantOrder.Describe:
                (ask.Reply.Word1, ask.Reply.Word2, ask.Reply.Word3) = world.Reserves[number];
                return Result.Ok;
            case ReserveGrantOrder.Pin or ReserveGrantOrder.Unpin:
                return SetPin(world, ask, ask.Sent.Order == ReserveGrantOrder.Pin);
            default:
                return Common(ask);
        }
    }

    private static Result SetPin(ModelWorld world, Ask ask, bool isPinned)
    {
        Capability argument = ask.Sent.Argument0;
        if (!Of(argument.Type).NamesObject)
        {
            return Result.BadArgument;
        }

        if (!world.Calls.TryFind(ask, argument, Result.BadArgument, out ModelFrame? there))
        {
            return Result.Ok;
        }

        if (isPinned && !there!.IsPinned && world.PinnedFrames >= world.PinLimit)
        {
            return Result.LimitReached;
        }

        world.Touch(there!).IsPinned = isPinned;
        ask.Reply.Word1 = world.PinnedFrames;
        ask.Reply.Word2 = world.PinLimit;
        return Result.Ok;
    }

    // Whoever waits for a turn waits in the ring that is right from now on.
    private static void FindRings(ModelWorld world, int number)
    {
        foreach (ModelFrame one in world.Frames)
        {
            if (!one.IsOut)
            {
                world.FindRing(one);
            }
            else if (one.State != ActivityState.Free && one.Ring == Limits.Priorities + number)
            {
                world.LoseRing(one);
            }
        }
    }

    private static Result Installed(ModelWorld world, Ask ask)
    {
        FindRings(world, (int)(ask.Sent.Word1 & 0xFF));
        ulong name = ask.Sent.Word1;
        uint data = ((uint)name >> 8) | (((uint)name & 0xFF) + 1) << 8;
        return Give(ask, new Capability(CapabilityType.Schedule, default, (uint)(name >> 32), data));
    }
}
