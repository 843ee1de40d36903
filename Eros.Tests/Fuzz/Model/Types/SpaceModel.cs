using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>A space node that only addresses pass through.</summary>
internal sealed class SpaceModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.Space;

    public override System.Type Orders => typeof(SpaceOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame) =>
        ask.Sent.Order != SpaceOrder.Reduce ? Common(ask)
        : (byte)ask.Sent.Word2 == (byte)ask.Invoked.Data ? Reduced(ask, ask.Sent.Word1, ask.Sent.Word2, Type)
        : Result.BadArgument;
}
