namespace System;

public readonly struct IntPtr : IEquatable<nint>, IComparable<nint>, ISpanFormattable
{
    public static nint Zero => 0;

    public static int Size => 8;

    public bool Equals(nint other) => this == other;

    public int CompareTo(nint other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is nint other && this == other;

    public override int GetHashCode() => (int)this ^ (int)((long)this >> 32);

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        Number.ToText((ulong)this, true, Size, format);

    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat((ulong)this, true, Size, format, destination, out charsWritten);
}
