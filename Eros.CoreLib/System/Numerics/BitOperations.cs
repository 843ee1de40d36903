// Bit counts and rotations. The compiler knows the counts and puts one or two instructions in their place: a body
// that calls itself is never run.

using System.Runtime.CompilerServices;

namespace System.Numerics;

public static class BitOperations
{
    public static bool IsPow2(int value) => (value & (value - 1)) == 0 && value > 0;

    public static bool IsPow2(uint value) => (value & (value - 1)) == 0 && value != 0;

    public static bool IsPow2(long value) => (value & (value - 1)) == 0 && value > 0;

    public static bool IsPow2(ulong value) => (value & (value - 1)) == 0 && value != 0;

    /// <summary>The least power of two not below <paramref name="value"/>; 0 for 0 and on overflow.</summary>
    public static ulong RoundUpToPowerOf2(ulong value) =>
        value == 0 ? 0 : value - 1 >> 63 != 0 ? 0 : value == 1 ? 1 : 2ul << Log2(value - 1);

    public static uint RoundUpToPowerOf2(uint value) => (uint)RoundUpToPowerOf2((ulong)value);

    [Intrinsic]
    public static int LeadingZeroCount(uint value) => LeadingZeroCount(value);

    [Intrinsic]
    public static int LeadingZeroCount(ulong value) => LeadingZeroCount(value);

    /// <summary>Position of the highest bit that is set; 0 for 0.</summary>
    public static int Log2(uint value) => Log2((ulong)value);

    /// <summary>Position of the highest bit that is set; 0 for 0.</summary>
    public static int Log2(ulong value) => 63 ^ LeadingZeroCount(value | 1);

    [Intrinsic]
    public static int TrailingZeroCount(int value) => TrailingZeroCount((uint)value);

    [Intrinsic]
    public static int TrailingZeroCount(uint value) => TrailingZeroCount(value);

    [Intrinsic]
    public static int TrailingZeroCount(long value) => TrailingZeroCount((ulong)value);

    [Intrinsic]
    public static int TrailingZeroCount(ulong value) => TrailingZeroCount(value);

    [Intrinsic]
    public static int PopCount(uint value) => PopCount(value);

    [Intrinsic]
    public static int PopCount(ulong value) => PopCount(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateLeft(uint value, int offset) => (value << offset) | (value >> (32 - offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RotateLeft(ulong value, int offset) => (value << offset) | (value >> (64 - offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateRight(uint value, int offset) => (value >> offset) | (value << (32 - offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RotateRight(ulong value, int offset) => (value >> offset) | (value << (64 - offset));
}
