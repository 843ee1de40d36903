using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>The lasting right to the terminal.</summary>
internal sealed class ConsoleGrantModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.ConsoleGrant;

    public override System.Type Orders => typeof(ConsoleGrantOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        Capability listener = ask.Sent.Argument0;
        switch (ask.Sent.Order)
        {
            case ConsoleGrantOrder.OpenSession:
                return Give(ask, new Capability(
                    CapabilityType.ConsoleSession, default, (uint)world.BootEpoch, world.Console.Session));
            case ConsoleGrantOrder.CloseSessions:
                world.Console.CloseSessions();
                return Result.Ok;
            case ConsoleGrantOrder.ListenAttention:
                if (listener.Type is not (CapabilityType.Notification or CapabilityType.Void))
                {
                    return Result.BadArgument;
                }

                world.Console.ListenAttention(listener);
                return Result.Ok;
            default:
                return Common(ask);
        }
    }
}
