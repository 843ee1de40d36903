using System.Globalization;

namespace System;

public readonly struct Int32 : IEquatable<int>, IComparable<int>, ISpanFormattable
{
    public const int MinValue = -2147483648;
    public const int MaxValue = 2147483647;

    public static int Parse(string s) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static int Parse(string s, NumberStyles style) => Parse(s.AsSpan(), style);

    public static int Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static int Parse(
        ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer, IFormatProvider? provider = null) =>
        (int)Number.Parse(s, style, true, sizeof(int));

    public static bool TryParse(string? s, out int result) => TryParse(s.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<char> s, out int result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? s, NumberStyles style, IFormatProvider? provider, out int result) =>
        TryParse(s.AsSpan(), style, provider, out result);

    public static bool TryParse(
        ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out int result)
    {
        bool parsed = Number.TryParse(s, style, true, sizeof(int), out ulong bits);
        result = (int)bits;
        return parsed;
    }

    public bool Equals(int other) => this == other;

    public int CompareTo(int other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is int other && this == other;

    public override int GetHashCode() => this;

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(IFormatProvider? provider) => ToString(null, null);

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        Number.ToText((ulong)this, true, sizeof(int), format);

    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat((ulong)this, true, sizeof(int), format, destination, out charsWritten);
}
