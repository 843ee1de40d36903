using System.Globalization;

namespace System;

public readonly struct UInt64 : IEquatable<ulong>, IComparable<ulong>, ISpanFormattable
{
    public const ulong MinValue = 0;
    public const ulong MaxValue = 18446744073709551615;

    public static ulong Parse(string s) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static ulong Parse(string s, NumberStyles style) => Parse(s.AsSpan(), style);

    public static ulong Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static ulong Parse(
        ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer, IFormatProvider? provider = null) =>
        (ulong)Number.Parse(s, style, false, sizeof(ulong));

    public static bool TryParse(string? s, out ulong result) => TryParse(s.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<char> s, out ulong result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? s, NumberStyles style, IFormatProvider? provider, out ulong result) =>
        TryParse(s.AsSpan(), style, provider, out result);

    public static bool TryParse(
        ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out ulong result)
    {
        bool parsed = Number.TryParse(s, style, false, sizeof(ulong), out ulong bits);
        result = (ulong)bits;
        return parsed;
    }

    public bool Equals(ulong other) => this == other;

    public int CompareTo(ulong other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is ulong other && this == other;

    public override int GetHashCode() => (int)this ^ (int)(this >> 32);

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(IFormatProvider? provider) => ToString(null, null);

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        Number.ToText(this, false, sizeof(ulong), format);

    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat(this, false, sizeof(ulong), format, destination, out charsWritten);
}
