// Where failed run-time checks end: in the host, which throws if something unwinds. The compiler calls these by name;
// the core library's own checks use them too.
// None returns.

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;

namespace Internal.Runtime.CompilerHelpers;

[StackTraceHidden]
internal static class ThrowHelpers
{
    [DoesNotReturn]
    internal static void ThrowIndexOutOfRangeException() => Host.Fail(FailCode.IndexOutOfRange);

    [DoesNotReturn]
    internal static void ThrowArgumentOutOfRangeException() => Host.Fail(FailCode.ArgumentOutOfRange);

    [DoesNotReturn]
    internal static void ThrowArgumentException() => Host.Fail(FailCode.Argument);

    [DoesNotReturn]
    internal static void ThrowInvalidOperationException() => Host.Fail(FailCode.InvalidOperation);

    [DoesNotReturn]
    internal static void ThrowOverflowException() => Host.Fail(FailCode.Overflow);

    [DoesNotReturn]
    internal static void ThrowDivideByZeroException() => Host.Fail(FailCode.DivideByZero);

    [DoesNotReturn]
    internal static void ThrowNullReferenceException() => Host.Fail(FailCode.NullReference);

    [DoesNotReturn]
    internal static void ThrowInvalidCastException() => Host.Fail(FailCode.InvalidCast);

    [DoesNotReturn]
    internal static void ThrowArrayTypeMismatchException() => Host.Fail(FailCode.ArrayTypeMismatch);

    [DoesNotReturn]
    internal static void ThrowPlatformNotSupportedException() => Host.Fail(FailCode.NotSupported);

    [DoesNotReturn]
    internal static void ThrowFeatureBodyRemoved() => Host.Fail(FailCode.NotSupported);
}
