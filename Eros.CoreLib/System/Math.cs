namespace System;

public static class Math
{
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
}
