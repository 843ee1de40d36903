using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace System.Runtime.InteropServices;

public static unsafe class MemoryMarshal
{
    [Intrinsic]
    public static ref T GetArrayDataReference<T>(T[] array) => ref GetArrayDataReference(array);

    public static ref T GetReference<T>(Span<T> span) => ref span._reference;

    public static ref T GetReference<T>(ReadOnlySpan<T> span) => ref span._reference;

    public static Span<T> CreateSpan<T>(scoped ref T reference, int length) =>
        new(ref Unsafe.AsRef(in reference), length);

    public static ReadOnlySpan<T> CreateReadOnlySpan<T>(scoped ref readonly T reference, int length) =>
        new(ref Unsafe.AsRef(in reference), length);

    public static Span<byte> AsBytes<T>(Span<T> span)
        where T : struct => Cast<T, byte>(span);

    public static ReadOnlySpan<byte> AsBytes<T>(ReadOnlySpan<T> span)
        where T : struct => Cast<T, byte>(span);

    public static Span<TTo> Cast<TFrom, TTo>(Span<TFrom> span)
        where TFrom : struct
        where TTo : struct =>
        new(ref Unsafe.As<TFrom, TTo>(ref span._reference), CastLength<TFrom, TTo>(span.Length));

    public static ReadOnlySpan<TTo> Cast<TFrom, TTo>(ReadOnlySpan<TFrom> span)
        where TFrom : struct
        where TTo : struct =>
        new(ref Unsafe.As<TFrom, TTo>(ref span._reference), CastLength<TFrom, TTo>(span.Length));

    public static T Read<T>(ReadOnlySpan<byte> source)
        where T : struct
    {
        RequireLength<T>(source.Length);
        return Unsafe.ReadUnaligned<T>(ref source._reference);
    }

    public static void Write<T>(Span<byte> destination, in T value)
        where T : struct
    {
        RequireLength<T>(destination.Length);
        Unsafe.WriteUnaligned(ref destination._reference, value);
    }

    public static ref T AsRef<T>(Span<byte> span)
        where T : struct
    {
        RequireLength<T>(span.Length);
        return ref Unsafe.As<byte, T>(ref span._reference);
    }

    public static ref readonly T AsRef<T>(ReadOnlySpan<byte> span)
        where T : struct
    {
        RequireLength<T>(span.Length);
        return ref Unsafe.As<byte, T>(ref span._reference);
    }

    // Whole elements of TTo only.
    private static int CastLength<TFrom, TTo>(int length) =>
        (int)((ulong)(uint)length * (uint)Unsafe.SizeOf<TFrom>() / (uint)Unsafe.SizeOf<TTo>());

    private static void RequireLength<T>(int length)
    {
        if (length < Unsafe.SizeOf<T>())
        {
            ThrowHelpers.ThrowArgumentOutOfRangeException();
        }
    }
}
