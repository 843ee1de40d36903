namespace System;

public readonly struct UIntPtr : IEquatable<nuint>, IComparable<nuint>, ISpanFormattable
{
    public static nuint Zero => 0;

    public static int Size => 8;

    public bool Equals(nuint other) => this == other;

    public int CompareTo(nuint other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is nuint other && this == other;

    public override int GetHashCode() => (int)this ^ (int)((ulong)this >> 32);

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        Number.ToText((ulong)this, false, Size, format);

    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat((ulong)this, false, Size, format, destination, out charsWritten);
}
