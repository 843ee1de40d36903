using System;
using System.Diagnostics;
using System.Runtime;

namespace Eros.Domains.Runtime.Unwinding;

/// <summary>Checks that the compiler and the core library make: they throw.</summary>
[StackTraceHidden]
internal static class FailedCheck
{
    [RuntimeExport("ErosFail")]
    private static void Fail(FailCode code) => throw ExceptionFor(code);

    private static Exception ExceptionFor(FailCode code) => code switch
    {
        FailCode.IndexOutOfRange => new IndexOutOfRangeException(),
        FailCode.ArgumentOutOfRange => new ArgumentOutOfRangeException(),
        FailCode.Argument => new ArgumentException(),
        FailCode.InvalidOperation => new InvalidOperationException(),
        FailCode.Overflow => new OverflowException(),
        FailCode.DivideByZero => new DivideByZeroException(),
        FailCode.NullReference => new NullReferenceException(),
        FailCode.InvalidCast => new InvalidCastException(),
        FailCode.ArrayTypeMismatch => new ArrayTypeMismatchException(),
        FailCode.NotSupported => new NotSupportedException(),
        _ => new SystemException(),
    };
}
