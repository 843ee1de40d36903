using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>The right to leave bits with a process.</summary>
internal sealed class NotificationModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.Notification;

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        if (ask.Sent.Order == CommonOrder.TypeOf)
        {
            return Common(ask);
        }

        ask.Started = world.Notify(frame, ask.Invoked.Data) ? frame : null;
        return Result.Ok;
    }
}
