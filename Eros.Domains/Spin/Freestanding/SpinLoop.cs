using System.Runtime;
using System.Runtime.CompilerServices;

namespace Eros.Domains.Spin;

internal static unsafe class SpinLoop
{
    /// <summary>Spin.xs; does not return.</summary>
    [RuntimeImport("*", "Spin_Run")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Run(byte* page, ulong seed);
}
