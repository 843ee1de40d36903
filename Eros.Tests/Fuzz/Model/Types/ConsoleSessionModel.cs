using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>The terminal, for one boot.</summary>
internal sealed class ConsoleSessionModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.ConsoleSession;

    public override System.Type Orders => typeof(ConsoleSessionOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        if (!world.Console.IsOpen(ask.Invoked))
        {
            return Result.VoidCapability;
        }

        switch (ask.Sent.Order)
        {
            case ConsoleSessionOrder.Write:
                return Write(world, ask);
            case ConsoleSessionOrder.Read:
                if (world.Strings.TryOpenSink(ask, ask.ReplyTo, world.Console.InputCount, out int room))
                {
                    world.Strings.Answer(ask, world.Console.Read(room), room);
                }

                return Result.Ok;
            case ConsoleSessionOrder.Listen:
                return Listen(world, ask);
            default:
                return Common(ask);
        }
    }

    private static Result Write(ModelWorld world, Ask ask)
    {
        if (world.Console.Room < ask.StringLength)
        {
            return world.Calls.Wait(ask, StallReason.ConsoleRoom);
        }

        if (world.Strings.TryOpenSource(ask))
        {
            world.Console.Write(world.Strings.Take(ask));
        }

        return Result.Ok;
    }

    private static Result Listen(ModelWorld world, Ask ask)
    {
        Capability listener = ask.Sent.Argument0;
        if (listener.Type is not (CapabilityType.Notification or CapabilityType.Void))
        {
            return Result.BadArgument;
        }

        world.Console.Listen(listener);
        return Result.Ok;
    }
}
