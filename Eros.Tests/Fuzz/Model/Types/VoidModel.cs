using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>Nothing.</summary>
internal sealed class VoidModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.Void;

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame) => Result.VoidCapability;
}
