using System.Globalization;

namespace System;

public readonly struct Byte : IEquatable<byte>, IComparable<byte>, ISpanFormattable
{
    public const byte MinValue = 0;
    public const byte MaxValue = 255;

    public static byte Parse(string s) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static byte Parse(string s, NumberStyles style) => Parse(s.AsSpan(), style);

    public static byte Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static byte Parse(
        ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer, IFormatProvider? provider = null) =>
        (byte)Number.Parse(s, style, false, sizeof(byte));

    public static bool TryParse(string? s, out byte result) => TryParse(s.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<char> s, out byte result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? s, NumberStyles style, IFormatProvider? provider, out byte result) =>
        TryParse(s.AsSpan(), style, provider, out result);

    public static bool TryParse(
        ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out byte result)
    {
        bool parsed = Number.TryParse(s, style, false, sizeof(byte), out ulong bits);
        result = (byte)bits;
        return parsed;
    }

    public bool Equals(byte other) => this == other;

    public int CompareTo(byte other) => this - other;

    public override bool Equals(object? obj) => obj is byte other && this == other;

    public override int GetHashCode() => this;

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(IFormatProvider? provider) => ToString(null, null);

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        Number.ToText(this, false, sizeof(byte), format);

    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat(this, false, sizeof(byte), format, destination, out charsWritten);
}
