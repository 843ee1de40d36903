// The seam of the run time in a domain's image: the system call is Invoke.xs, and there is one domain.

using System.Runtime;
using System.Runtime.CompilerServices;

namespace Eros.Domains.Runtime;

internal static class SystemCall
{
    [RuntimeImport("*", "Domain_Invoke")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Invoke(ref MessageRegisters registers);
}
