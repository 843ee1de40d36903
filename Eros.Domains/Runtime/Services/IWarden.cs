using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Knows the domains of the system and what has become of them.</summary>
public interface IWarden : ICapability
{
    /// <summary>The <paramref name="index"/>th domain, from 0; BadArgument beyond the last.</summary>
    [Order(1)]
    Result Describe(uint index, out string description);
}
