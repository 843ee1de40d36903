using System.Globalization;

namespace System;

public readonly struct SByte : IEquatable<sbyte>, IComparable<sbyte>, ISpanFormattable
{
    public const sbyte MinValue = -128;
    public const sbyte MaxValue = 127;

    public static sbyte Parse(string s) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static sbyte Parse(string s, NumberStyles style) => Parse(s.AsSpan(), style);

    public static sbyte Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static sbyte Parse(
        ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer, IFormatProvider? provider = null) =>
        (sbyte)Number.Parse(s, style, true, sizeof(sbyte));

    public static bool TryParse(string? s, out sbyte result) => TryParse(s.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<char> s, out sbyte result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? s, NumberStyles style, IFormatProvider? provider, out sbyte result) =>
        TryParse(s.AsSpan(), style, provider, out result);

    public static bool TryParse(
        ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out sbyte result)
    {
        bool parsed = Number.TryParse(s, style, true, sizeof(sbyte), out ulong bits);
        result = (sbyte)bits;
        return parsed;
    }

    public bool Equals(sbyte other) => this == other;

    public int CompareTo(sbyte other) => this - other;

    public override bool Equals(object? obj) => obj is sbyte other && this == other;

    public override int GetHashCode() => this;

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(IFormatProvider? provider) => ToString(null, null);

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        Number.ToText((ulong)this, true, sizeof(sbyte), format);

    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat((ulong)this, true, sizeof(sbyte), format, destination, out charsWritten);
}
