using System.Runtime;
using System.Runtime.CompilerServices;

namespace Eros.Domains.Runtime;

/// <summary>The processor's time-stamp counter.</summary>
public static class Timestamp
{
    /// <summary>Cycles; under QEMU's -icount executed guest instructions.</summary>
    [RuntimeImport("*", "Domain_ReadTimestamp")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong Read();
}
