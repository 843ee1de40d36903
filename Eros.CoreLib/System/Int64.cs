using System.Globalization;

namespace System;

public readonly struct Int64 : IEquatable<long>, IComparable<long>, ISpanFormattable
{
    public const long MinValue = -9223372036854775808;
    public const long MaxValue = 9223372036854775807;

    public static long Parse(string s) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static long Parse(string s, NumberStyles style) => Parse(s.AsSpan(), style);

    public static long Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static long Parse(
        ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer, IFormatProvider? provider = null) =>
        (long)Number.Parse(s, style, true, sizeof(long));

    public static bool TryParse(string? s, out long result) => TryParse(s.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<char> s, out long result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? s, NumberStyles style, IFormatProvider? provider, out long result) =>
        TryParse(s.AsSpan(), style, provider, out result);

    public static bool TryParse(
        ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out long result)
    {
        bool parsed = Number.TryParse(s, style, true, sizeof(long), out ulong bits);
        result = (long)bits;
        return parsed;
    }

    public bool Equals(long other) => this == other;

    public int CompareTo(long other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is long other && this == other;

    public override int GetHashCode() => (int)this ^ (int)(this >> 32);

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(IFormatProvider? provider) => ToString(null, null);

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        Number.ToText((ulong)this, true, sizeof(long), format);

    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat((ulong)this, true, sizeof(long), format, destination, out charsWritten);
}
