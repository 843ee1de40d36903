using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>One of a crowd of domains that invoke at random.</summary>
public interface ICrowdMember : ICapability
{
    /// <summary>Prepares its memory; gives its process, and the address at which each of its lives begins.</summary>
    [Order(1)]
    Result Prepare(ulong seed, out ulong entry, out IProcess self);
}
