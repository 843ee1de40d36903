using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Makes keys of passwords, and takes its time and memory for it.</summary>
public interface IKeyDerivation : ICapability
{
    /// <summary>
    /// 24 bytes of key, the same for the same salt and password. LimitReached when there is not memory enough.
    /// </summary>
    [Order(1)]
    Result Derive(
        ulong salt, ulong moreSalt, ReadOnlySpan<byte> password, out ulong first, out ulong second, out ulong third);
}
