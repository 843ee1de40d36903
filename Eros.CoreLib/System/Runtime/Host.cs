// The seam to whoever hosts managed code: the kernel, or the run time of a domain. The host exports these symbols:
//   ErosAllocate(nuint size) -> address of size zeroed bytes, aligned to 8; it never fails by returning null
//   ErosFail(FailCode code)  a check failed; does not return, and may throw
//   ErosConstruct(nint code) runs a static constructor
//   RhpThrowEx(Exception)    a throw statement; does not return
//   RhpRethrow()             throw; in a handler, if there are any

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Runtime;

[StackTraceHidden]
internal static unsafe class Host
{
    /// <summary>Does not return. The throw at its end is how the compiler knows: no caller keeps anything over a call.
    /// </summary>
    [DoesNotReturn]
    internal static void Fail(FailCode code)
    {
        ErosFail(code);
        throw null!;
    }

    [RuntimeImport("*", "ErosAllocate")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern byte* ErosAllocate(nuint size);

    [RuntimeImport("*", "ErosConstruct")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void ErosConstruct(nint constructor);

    [RuntimeImport("*", "ErosFail")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void ErosFail(FailCode code);
}
