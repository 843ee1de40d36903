using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Authority over home frames: the space bank's alone.</summary>
public interface IRange : ICapability
{
    [Order(RangeOrder.Query)]
    Result Query(out ulong frames);

    /// <summary>
    /// Makes an object of a RangeKind; <paramref name="shape"/> is a node's index in its pot and, above 8 bits, its
    /// slot log2.
    /// </summary>
    [Order(RangeOrder.Create)]
    Result Create(ulong frame, ulong kind, ulong shape, out ICapability made);

    /// <summary>The object's capabilities become void everywhere.</summary>
    [Order(RangeOrder.Rescind)]
    Result Rescind(ulong frame, ulong index);

    /// <summary>
    /// Where an object lies; <paramref name="shape"/> is the capability's type and, above 8 bits, its rights.
    /// </summary>
    [Order(RangeOrder.Identify)]
    Result Identify(ICapability thing, out ulong frame, out ulong index, out ulong shape);

    [Order(RangeOrder.Get)]
    Result Get(ulong frame, ulong index, out ulong kind, out ICapability thing);

    /// <summary>A new capability for a page or node as it stands; all others are void.</summary>
    [Order(RangeOrder.Sever)]
    Result Sever(ulong frame, ulong index, out ICapability fresh);
}
