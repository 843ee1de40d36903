using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>What the measurements have a constructor make.</summary>
public interface IBenchProduct : ICapability
{
    /// <summary>Takes three capabilities, beside the one to answer to, and does nothing with them.</summary>
    [Order(1)]
    Result Take(ICapability first, ICapability second, ICapability third);

    /// <summary>Writes into a page of its own regions; the cycles that it took.</summary>
    [Order(2)]
    ulong Touch(uint page);
}
