using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model.Types;

/// <summary>96 bits of value.</summary>
internal sealed class NumberModel : TypeModel
{
    public override CapabilityType Type => CapabilityType.Number;

    public override System.Type Orders => typeof(NumberOrder);

    public override Result Answer(ModelWorld world, Ask ask, ModelFrame frame)
    {
        if (ask.Sent.Order != NumberOrder.Get)
        {
            return Common(ask);
        }

        ask.Reply.Word1 = (ask.Invoked.Low >> 32) | (ask.Invoked.High << 32);
        ask.Reply.Word2 = ask.Invoked.High >> 32;
        return Result.Ok;
    }
}
