using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>The keeper of the measurements.</summary>
public interface IBenchKeeper : ICapability
{
    /// <summary>Says whose faults it will be told of.</summary>
    [Order(1)]
    Result Keep(IProcess process);
}
