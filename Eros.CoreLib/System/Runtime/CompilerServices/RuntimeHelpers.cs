using Internal.Runtime.CompilerHelpers;

namespace System.Runtime.CompilerServices;

public static unsafe class RuntimeHelpers
{
    public static int OffsetToStringData => 12;

    /// <summary>Array initialisers: replaced by the compiler with a copy out of the image.</summary>
    [Intrinsic]
    public static void InitializeArray(Array array, RuntimeFieldHandle field) =>
        ThrowHelpers.ThrowPlatformNotSupportedException();

    /// <summary>Spans over constant data: replaced by the compiler with the data's address in the image.</summary>
    [Intrinsic]
    public static ReadOnlySpan<T> CreateSpan<T>(RuntimeFieldHandle field)
    {
        ThrowHelpers.ThrowPlatformNotSupportedException();
        return default;
    }

    [Intrinsic]
    public static bool IsReferenceOrContainsReferences<T>()
        where T : allows ref struct => IsReferenceOrContainsReferences<T>();

    [Intrinsic]
    public static bool IsBitwiseEquatable<T>() => false;

    public static T[] GetSubArray<T>(T[] array, Range range)
    {
        (int offset, int length) = range.GetOffsetAndLength(array.Length);
        T[] result = new T[length];
        new ReadOnlySpan<T>(array, offset, length).CopyTo(result);
        return result;
    }

    // Records ask before they print their members: an overflow of the stack is the host's business.
    public static void EnsureSufficientExecutionStack()
    {
    }

    public static int GetHashCode(object? obj) => obj is null ? 0 : (int)(Unsafe.As<object, nint>(ref obj) >> 3);
}
