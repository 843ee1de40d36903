using System;

namespace Eros.Domains.Runtime;

public sealed partial class DomainState
{
    [ThreadStatic]
    private static DomainState? _current;

    /// <summary>The state of the domain that this thread is.</summary>
    public static DomainState Current => _current ??= new DomainState();

    /// <summary>A buffer that never moves.</summary>
    public static byte[] NewBuffer(int bytes) => GC.AllocateArray<byte>(bytes, pinned: true);
}
