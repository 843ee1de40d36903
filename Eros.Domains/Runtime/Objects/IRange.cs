using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Authority over home frames: the space bank's alone.</summary>
public interface IRange : ICapability
{
    [Order(RangeOrder.Query)]
    Result Query(out ulong frames);

    /// <summary>
    /// Where an object lies; <paramref name="shape"/> is the capability's type and, above 8 bits, its rights.
    /// </summary>
    [Order(RangeOrder.Identify)]
    Result Identify(ICapability thing, out ulong frame, out ulong index, out ulong shape);
}
