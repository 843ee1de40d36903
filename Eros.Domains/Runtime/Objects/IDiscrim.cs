using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Looks at capabilities without invoking them. One whose object is gone is void to it.</summary>
public interface IDiscrim : ICapability
{
    /// <summary>
    /// A <see cref="DiscrimClass"/>; for a page, node or space also the rights that the capability lacks.
    /// </summary>
    [Order(DiscrimOrder.Classify)]
    Result Classify(ICapability thing, out uint found, out ulong rights);

    /// <summary>True when its holder can change nothing through it and tell nobody anything.</summary>
    [Order(DiscrimOrder.VerifyDiscreet)]
    Result VerifyDiscreet(ICapability thing, out bool isDiscreet);

    /// <summary>A <see cref="DiscrimComparison"/>.</summary>
    [Order(DiscrimOrder.Compare)]
    Result Compare(ICapability one, ICapability other, out uint comparison);
}
