using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System;

/// <summary>Base of enums. Their text is their number: the image holds no names.</summary>
public abstract unsafe class Enum : ValueType, ISpanFormattable
{
    private ulong Bits => EnumValue.Bits(ref Unsafe.As<RawData>(this).Data, m_pEEType);

    private int Size => (int)m_pEEType->ValueSize;

    public override bool Equals(object? obj) =>
        obj is not null && obj.m_pEEType == m_pEEType && Unsafe.As<Enum>(obj).Bits == Bits;

    public override int GetHashCode() => Bits.GetHashCode();

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        Number.ToText(Bits, m_pEEType->IsSignedInteger, Size, Full(format));

    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Number.TryFormat(Bits, m_pEEType->IsSignedInteger, Size, Full(format), destination, out charsWritten);

    public bool HasFlag(Enum flag) => (Bits & flag.Bits) == flag.Bits;

    // An enum in hexadecimal has all digits of its type.
    private ReadOnlySpan<char> Full(ReadOnlySpan<char> format) => format is "X" or "x"
        ? Size switch { 1 => "X2", 2 => "X4", 4 => "X8", _ => "X16" }
        : format;
}
