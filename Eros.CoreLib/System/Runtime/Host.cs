// The seam to whoever hosts managed code: the kernel, or the run time of a domain. The host exports two symbols:
//   ErosAllocate(nuint size) -> address of size zeroed bytes, aligned to 8; it never fails by returning null
//   ErosFail(FailCode code, string? text)  does not return

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Runtime;

internal static unsafe class Host
{
    /// <summary>Does not return. The throw at its end is how the compiler knows: no caller keeps anything over a call.
    /// </summary>
    [DoesNotReturn]
    internal static void Fail(FailCode code)
    {
        ErosFail(code, null);
        throw null!;
    }

    [RuntimeImport("*", "ErosAllocate")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern byte* ErosAllocate(nuint size);

    [RuntimeImport("*", "ErosFail")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void ErosFail(FailCode code, string? text);
}
