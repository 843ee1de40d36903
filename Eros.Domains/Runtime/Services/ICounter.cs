using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>A number that goes up.</summary>
public interface ICounter : ICapability
{
    /// <summary>Adds one; what the number then is.</summary>
    [Order(1)]
    Result Increment(out ulong count);
}
