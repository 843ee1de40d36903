using System.Globalization;

namespace System;

public readonly struct UInt16 : IEquatable<ushort>, IComparable<ushort>, ISpanFormattable
{
    public const ushort MinValue = 0;
    public const ushort MaxValue = 65535;

    public static ushort Parse(string s) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static ushort Parse(string s, NumberStyles style) => Parse(s.AsSpan(), style);

    public static ushort Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static ushort Parse(
        ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer, IFormatProvider? provider = null) =>
        (ushort)Number.Parse(s, style, false, sizeof(ushort));

    public static bool TryParse(string? s, out ushort result) => TryParse(s.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<char> s, out ushort result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? s, NumberStyles style, IFormatProvider? provider, out ushort result) =>
        TryParse(s.AsSpan(), style, provider, out result);

    public static bool TryParse(
        ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out ushort result)
    {
        bool parsed = Number.TryParse(s, style, false, sizeof(ushort), out ulong bits);
        result = (ushort)bits;
        return parsed;
    }

    public bool Equals(ushort other) => this == other;

    public int CompareTo(ushort other) => this - other;

    public override bool Equals(object? obj) => obj is ushort other && this == other;

    public override int GetHashCode() => this;

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(IFormatProvider? provider) => ToString(null, null);

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        Number.ToText(this, false, sizeof(ushort), format);

    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat(this, false, sizeof(ushort), format, destination, out charsWritten);
}
