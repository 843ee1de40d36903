using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace System;

public static class Math
{
    // One instruction each (SSE2, SSE4.1), put in place by the compiler.
    [Intrinsic]
    public static double Abs(double value) => Abs(value);

    [Intrinsic]
    public static double Sqrt(double d) => Sqrt(d);

    [Intrinsic]
    public static double Floor(double d) => Floor(d);

    [Intrinsic]
    public static double Ceiling(double a) => Ceiling(a);

    [Intrinsic]
    public static double Truncate(double d) => Truncate(d);

    public static int Abs(int value) => value < 0 ? checked(-value) : value;

    public static long Abs(long value) => value < 0 ? checked(-value) : value;

    public static int Min(int left, int right) => left < right ? left : right;

    public static uint Min(uint left, uint right) => left < right ? left : right;

    public static long Min(long left, long right) => left < right ? left : right;

    public static ulong Min(ulong left, ulong right) => left < right ? left : right;

    public static nuint Min(nuint left, nuint right) => left < right ? left : right;

    public static int Max(int left, int right) => left > right ? left : right;

    public static uint Max(uint left, uint right) => left > right ? left : right;

    public static long Max(long left, long right) => left > right ? left : right;

    public static ulong Max(ulong left, ulong right) => left > right ? left : right;

    public static nuint Max(nuint left, nuint right) => left > right ? left : right;

    public static int Clamp(int value, int min, int max) => value < min ? min : value > max ? max : value;

    public static long Clamp(long value, long min, long max) => value < min ? min : value > max ? max : value;

    public static ulong Clamp(ulong value, ulong min, ulong max) => value < min ? min : value > max ? max : value;

    public static int Sign(int value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    public static int Sign(long value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    public static (int Quotient, int Remainder) DivRem(int left, int right)
    {
        int quotient = left / right;
        return (quotient, left - quotient * right);
    }

    public static (ulong Quotient, ulong Remainder) DivRem(ulong left, ulong right)
    {
        ulong quotient = left / right;
        return (quotient, left - quotient * right);
    }

    /// <summary>The full product: its upper half is returned, its lower half is <paramref name="low"/>.</summary>
    public static ulong BigMul(ulong left, ulong right, out ulong low)
    {
        ulong middle = (uint)left * (right >> 32);
        ulong bottom = (ulong)(uint)left * (uint)right;
        ulong carry = (left >> 32) * (uint)right + (bottom >> 32);
        low = left * right;
        middle += (uint)carry;
        return (left >> 32) * (right >> 32) + (carry >> 32) + (middle >> 32);
    }

    // Checked conversions of doubles: the compiler calls these by name. The bounds are exact in double; each test fails
    // for a NaN.
    internal static int ConvertToInt32Checked(double value) =>
        value > -2147483649.0 && value < 2147483648.0 ? (int)value : Overflow();

    internal static uint ConvertToUInt32Checked(double value) =>
        value > -1.0 && value < 4294967296.0 ? (uint)value : (uint)Overflow();

    internal static long ConvertToInt64Checked(double value) =>
        value >= -9223372036854775808.0 && value < 9223372036854775808.0 ? (long)value : Overflow();

    internal static ulong ConvertToUInt64Checked(double value) =>
        value > -1.0 && value < 18446744073709551616.0 ? (ulong)value : (ulong)Overflow();

    private static int Overflow()
    {
        ThrowHelpers.ThrowOverflowException();
        return 0;
    }
}
