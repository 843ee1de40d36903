using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>The right to run with a priority.</summary>
internal sealed class ScheduleModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.Schedule;

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame) => Common(ask);
}
