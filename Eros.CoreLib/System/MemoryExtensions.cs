using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System;

public static class MemoryExtensions
{
    public static Span<T> AsSpan<T>(this T[]? array) => new(array);

    public static Span<T> AsSpan<T>(this T[]? array, int start) => new Span<T>(array).Slice(start);

    public static Span<T> AsSpan<T>(this T[]? array, int start, int length) => new(array, start, length);

    public static ReadOnlySpan<char> AsSpan(this string? text) =>
        text is null ? default : new ReadOnlySpan<char>(ref text.GetRawStringData(), text.Length);

    public static ReadOnlySpan<char> AsSpan(this string? text, int start) => text.AsSpan().Slice(start);

    public static ReadOnlySpan<char> AsSpan(this string? text, int start, int length) =>
        text.AsSpan().Slice(start, length);

    /// <summary>Equality of all bytes; for types whose equality is that of their bytes.</summary>
    public static bool SequenceEqual<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other)
        where T : unmanaged =>
        span.Length == other.Length && SpanHelpers.SequenceEqual(
            ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(span)),
            ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(other)),
            (uint)span.Length * (nuint)(uint)Unsafe.SizeOf<T>());

    public static bool SequenceEqual<T>(this Span<T> span, ReadOnlySpan<T> other)
        where T : unmanaged => SequenceEqual((ReadOnlySpan<T>)span, other);
}
