namespace System;

/// <summary>
/// A UTF-16 unit. Classes of characters and case are offered for ASCII only, under .NET's names that say so:
/// there are no Unicode tables.
/// </summary>
public readonly struct Char : IEquatable<char>, IComparable<char>, ISpanFormattable
{
    public const char MinValue = '\0';
    public const char MaxValue = '\uffff';

    public static bool IsAsciiDigit(char c) => IsBetween(c, '0', '9');

    public static bool IsAsciiLetter(char c) => IsBetween((char)(c | 0x20), 'a', 'z');

    public static bool IsAsciiLetterLower(char c) => IsBetween(c, 'a', 'z');

    public static bool IsAsciiLetterUpper(char c) => IsBetween(c, 'A', 'Z');

    public static bool IsAsciiLetterOrDigit(char c) => IsAsciiLetter(c) || IsAsciiDigit(c);

    public static bool IsAsciiHexDigit(char c) => IsAsciiDigit(c) || IsBetween((char)(c | 0x20), 'a', 'f');

    public static bool IsAscii(char c) => c < 0x80;

    public static bool IsBetween(char c, char minInclusive, char maxInclusive) =>
        (uint)(c - minInclusive) <= (uint)(maxInclusive - minInclusive);

    public static bool IsControl(char c) => (c & ~0x80u) < 0x20 || c == 0x7F;

    /// <summary>White_Space of the Unicode character database.</summary>
    public static bool IsWhiteSpace(char c) =>
        c is ' ' or (>= '\t' and <= '\r') or '\u0085' or '\u00A0' or '\u1680' or (>= '\u2000' and <= '\u200A')
            or '\u2028' or '\u2029' or '\u202F' or '\u205F' or '\u3000';

    public static bool IsSurrogate(char c) => IsBetween(c, '\uD800', '\uDFFF');

    public static bool IsHighSurrogate(char c) => IsBetween(c, '\uD800', '\uDBFF');

    public static bool IsLowSurrogate(char c) => IsBetween(c, '\uDC00', '\uDFFF');

    public static string ToString(char c) => new(c, 1);

    public bool Equals(char other) => this == other;

    public int CompareTo(char other) => this - other;

    public override bool Equals(object? obj) => obj is char other && this == other;

    public override int GetHashCode() => this | (this << 16);

    public override string ToString() => new(this, 1);

    public string ToString(string? format, IFormatProvider? formatProvider) => new(this, 1);

    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        charsWritten = destination.Length == 0 ? 0 : 1;
        if (charsWritten != 0)
        {
            destination[0] = this;
        }

        return charsWritten != 0;
    }
}
