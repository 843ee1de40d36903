using System.Globalization;

namespace System;

public readonly struct Int16 : IEquatable<short>, IComparable<short>, ISpanFormattable
{
    public const short MinValue = -32768;
    public const short MaxValue = 32767;

    public static short Parse(string s) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static short Parse(string s, NumberStyles style) => Parse(s.AsSpan(), style);

    public static short Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static short Parse(
        ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer, IFormatProvider? provider = null) =>
        (short)Number.Parse(s, style, true, sizeof(short));

    public static bool TryParse(string? s, out short result) => TryParse(s.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<char> s, out short result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? s, NumberStyles style, IFormatProvider? provider, out short result) =>
        TryParse(s.AsSpan(), style, provider, out result);

    public static bool TryParse(
        ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out short result)
    {
        bool parsed = Number.TryParse(s, style, true, sizeof(short), out ulong bits);
        result = (short)bits;
        return parsed;
    }

    public bool Equals(short other) => this == other;

    public int CompareTo(short other) => this - other;

    public override bool Equals(object? obj) => obj is short other && this == other;

    public override int GetHashCode() => this;

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(IFormatProvider? provider) => ToString(null, null);

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        Number.ToText((ulong)this, true, sizeof(short), format);

    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat((ulong)this, true, sizeof(short), format, destination, out charsWritten);
}
