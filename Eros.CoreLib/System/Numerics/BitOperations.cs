// Bit counts and rotations. The compiler replaces those that are one instruction on the target; the bodies are what
// remains otherwise.

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
    public static int LeadingZeroCount(uint value) => value == 0 ? 32 : 31 - Log2(value);

    [Intrinsic]
    public static int LeadingZeroCount(ulong value) => value == 0 ? 64 : 63 - Log2(value);

    /// <summary>Position of the highest bit that is set; 0 for 0.</summary>
    public static int Log2(uint value) => Log2((ulong)value);

    /// <summary>Position of the highest bit that is set; 0 for 0.</summary>
    public static int Log2(ulong value)
    {
        int position = 0;
        for (int step = 32; step != 0; step >>= 1)
        {
            if (value >> step != 0)
            {
                value >>= step;
                position += step;
            }
        }

        return position;
    }

    [Intrinsic]
    public static int TrailingZeroCount(int value) => value == 0 ? 32 : PopCount(~(uint)value & (uint)(value - 1));

    [Intrinsic]
    public static int TrailingZeroCount(uint value) => value == 0 ? 32 : PopCount(~value & (value - 1));

    [Intrinsic]
    public static int TrailingZeroCount(long value) => TrailingZeroCount((ulong)value);

    [Intrinsic]
    public static int TrailingZeroCount(ulong value) => value == 0 ? 64 : PopCount(~value & (value - 1));

    [Intrinsic]
    public static int PopCount(uint value) => PopCount((ulong)value);

    [Intrinsic]
    public static int PopCount(ulong value)
    {
        value -= (value >> 1) & 0x5555_5555_5555_5555;
        value = (value & 0x3333_3333_3333_3333) + ((value >> 2) & 0x3333_3333_3333_3333);
        value = (value + (value >> 4)) & 0x0F0F_0F0F_0F0F_0F0F;
        return (int)((value * 0x0101_0101_0101_0101) >> 56);
    }

    [Intrinsic]
    public static uint RotateLeft(uint value, int offset) => (value << offset) | (value >> (32 - offset));

    [Intrinsic]
    public static ulong RotateLeft(ulong value, int offset) => (value << offset) | (value >> (64 - offset));

    [Intrinsic]
    public static uint RotateRight(uint value, int offset) => (value >> offset) | (value << (32 - offset));

    [Intrinsic]
    public static ulong RotateRight(ulong value, int offset) => (value >> offset) | (value << (64 - offset));
}
