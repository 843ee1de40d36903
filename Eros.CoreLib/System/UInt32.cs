using System.Globalization;

namespace System;

public readonly struct UInt32 : IEquatable<uint>, IComparable<uint>, ISpanFormattable
{
    public const uint MinValue = 0;
    public const uint MaxValue = 4294967295;

    public static uint Parse(string s) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static uint Parse(string s, NumberStyles style) => Parse(s.AsSpan(), style);

    public static uint Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), NumberStyles.Integer);

    public static uint Parse(
        ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer, IFormatProvider? provider = null) =>
        (uint)Number.Parse(s, style, false, sizeof(uint));

    public static bool TryParse(string? s, out uint result) => TryParse(s.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<char> s, out uint result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(string? s, NumberStyles style, IFormatProvider? provider, out uint result) =>
        TryParse(s.AsSpan(), style, provider, out result);

    public static bool TryParse(
        ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out uint result)
    {
        bool parsed = Number.TryParse(s, style, false, sizeof(uint), out ulong bits);
        result = (uint)bits;
        return parsed;
    }

    public bool Equals(uint other) => this == other;

    public int CompareTo(uint other) => this < other ? -1 : this > other ? 1 : 0;

    public override bool Equals(object? obj) => obj is uint other && this == other;

    public override int GetHashCode() => (int)this;

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(IFormatProvider? provider) => ToString(null, null);

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        Number.ToText(this, false, sizeof(uint), format);

    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat(this, false, sizeof(uint), format, destination, out charsWritten);
}
