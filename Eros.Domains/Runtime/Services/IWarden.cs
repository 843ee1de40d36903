using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Knows the domains of the system and what has become of them.</summary>
public interface IWarden : ICapability
{
    /// <summary>The <paramref name="index"/>th domain, from 0; BadArgument beyond the last.</summary>
    [Order(1)]
    Result Describe(uint index, out string description);

    /// <summary>
    /// Why a domain stopped: in words, or what it said itself, with the trace of an exception that nobody caught. Empty
    /// while it has not stopped; BadArgument beyond the last.
    /// </summary>
    [Order(2)]
    Result WhyStopped(uint index, out string why);
}
