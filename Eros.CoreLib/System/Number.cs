// Integers to text and back. All integer types come here as 64 bits: a magnitude and a sign, or for hexadecimal the
// bits of their own width. Formats: D and Dn, X and Xn, x and xn, N0 (thousands), G and none as D.

using System.Globalization;

namespace System;

internal static class Number
{
    /// <summary>Enough for 64 bits in any format without an explicit width above it.</summary>
    internal const int BufferSize = 32;

    private const int MaxWidth = 1000;

    internal static string ToText(ulong bits, bool isSigned, int size, ReadOnlySpan<char> format)
    {
        Span<char> buffer = stackalloc char[BufferSize];
        if (TryFormat(bits, isSigned, size, format, buffer, out int written))
        {
            return new string(buffer.Slice(0, written));
        }

        char[] wide = new char[MaxWidth + BufferSize];
        TryFormat(bits, isSigned, size, format, wide, out written);
        return new string(wide, 0, written);
    }

    /// <summary>Formats an integer.</summary>
    /// <param name="bits">The value, extended by its sign if it has one.</param>
    /// <param name="isSigned">The type has a sign.</param>
    /// <param name="size">Bytes of the type.</param>
    /// <returns>False, and nothing of use written, if the destination is too short.</returns>
    internal static bool TryFormat(
        ulong bits, bool isSigned, int size, ReadOnlySpan<char> format, Span<char> destination, out int written)
    {
        char kind = format.Length == 0 ? 'D' : format[0];
        int width = ParseWidth(format);
        if (kind is 'X' or 'x')
        {
            ulong mask = size == 8 ? ulong.MaxValue : (1ul << (8 * size)) - 1;
            return TryWriteHex(bits & mask, kind, Math.Max(width, 1), destination, out written);
        }

        bool negative = isSigned && (long)bits < 0;
        ulong magnitude = negative ? 0 - bits : bits;
        switch (kind)
        {
            case 'D' or 'd':
                return TryWriteDecimal(magnitude, negative, Math.Max(width, 1), false, destination, out written);
            case 'G' or 'g' when width <= 0:
                return TryWriteDecimal(magnitude, negative, 1, false, destination, out written);
            case 'N' or 'n' when width == 0:
                return TryWriteDecimal(magnitude, negative, 1, true, destination, out written);
            default:
                throw new FormatException("unknown number format");
        }
    }

    /// <summary>Reads an integer of up to 64 bits.</summary>
    /// <returns>False if the text is not one, or does not fit between the limits.</returns>
    internal static bool TryParse(
        ReadOnlySpan<char> text, NumberStyles style, bool isSigned, int size, out ulong bits)
    {
        bits = 0;
        text = TrimWhite(text, style);
        if ((style & NumberStyles.AllowHexSpecifier) != 0)
        {
            return TryReadDigits(text, 16, size == 8 ? ulong.MaxValue : (1ul << (8 * size)) - 1, out bits);
        }

        bool negative = false;
        if ((style & NumberStyles.AllowLeadingSign) != 0 && text.Length != 0 && text[0] is '-' or '+')
        {
            negative = text[0] == '-';
            text = text.Slice(1);
        }

        ulong largest = ulong.MaxValue >> (64 - 8 * size + (isSigned ? 1 : 0));
        ulong limit = !negative ? largest : isSigned ? largest + 1 : 0;
        if (!TryReadDigits(text, 10, limit, out ulong magnitude))
        {
            return false;
        }

        bits = negative ? 0 - magnitude : magnitude;
        return true;
    }

    internal static ulong Parse(ReadOnlySpan<char> text, NumberStyles style, bool isSigned, int size) =>
        TryParse(text, style, isSigned, size, out ulong bits) ? bits : throw new FormatException("not such a number");

    // -1: none given.
    private static int ParseWidth(ReadOnlySpan<char> format)
    {
        if (format.Length < 2)
        {
            return -1;
        }

        return TryReadDigits(format.Slice(1), 10, MaxWidth, out ulong width)
            ? (int)width
            : throw new FormatException("unknown number format");
    }

    private static bool TryWriteHex(ulong value, char kind, int width, Span<char> destination, out int written)
    {
        int digits = Math.Max(width, (Numerics.BitOperations.Log2(value) >> 2) + 1);
        written = 0;
        if (digits > destination.Length)
        {
            return false;
        }

        int letters = kind - ('X' - 'A') - 10;
        for (int i = digits - 1; i >= 0; i--, value >>= 4)
        {
            int digit = (int)(value & 15);
            destination[i] = (char)(digit < 10 ? '0' + digit : letters + digit);
        }

        written = digits;
        return true;
    }

    private static bool TryWriteDecimal(
        ulong value, bool negative, int width, bool grouped, Span<char> destination, out int written)
    {
        int digits = Math.Max(width, CountDigits(value));
        int length = digits + (grouped ? (digits - 1) / 3 : 0) + (negative ? 1 : 0);
        written = 0;
        if (length > destination.Length)
        {
            return false;
        }

        int at = length;
        for (int i = 0; i < digits; i++)
        {
            if (grouped && i != 0 && i % 3 == 0)
            {
                destination[--at] = ',';
            }

            destination[--at] = (char)('0' + (int)(value % 10));
            value /= 10;
        }

        if (negative)
        {
            destination[0] = '-';
        }

        written = length;
        return true;
    }

    private static int CountDigits(ulong value)
    {
        int digits = 1;
        for (; value >= 10; value /= 10)
        {
            digits++;
        }

        return digits;
    }

    private static bool TryReadDigits(ReadOnlySpan<char> text, uint numberBase, ulong limit, out ulong value)
    {
        value = 0;
        ulong read = 0;
        foreach (char c in text)
        {
            uint digit = DigitOf(c);
            if (digit >= numberBase || digit > limit || read > (limit - digit) / numberBase)
            {
                return false;
            }

            read = read * numberBase + digit;
        }

        value = read;
        return text.Length != 0;
    }

    // Above 15 for anything that is no hexadecimal digit.
    private static uint DigitOf(char c) =>
        char.IsAsciiDigit(c) ? (uint)(c - '0') : char.IsAsciiLetter(c) ? (uint)((c | 0x20) - 'a' + 10) : 99;

    // The white space of numbers is narrower than that of strings: 9 to 13 and the blank.
    private static ReadOnlySpan<char> TrimWhite(ReadOnlySpan<char> text, NumberStyles style)
    {
        while ((style & NumberStyles.AllowLeadingWhite) != 0 && text.Length != 0 && IsWhite(text[0]))
        {
            text = text.Slice(1);
        }

        while ((style & NumberStyles.AllowTrailingWhite) != 0 && text.Length != 0 && IsWhite(text[text.Length - 1]))
        {
            text = text.Slice(0, text.Length - 1);
        }

        return text;
    }

    private static bool IsWhite(char c) => c is ' ' or (>= '\t' and <= '\r');
}
