// Reads and writes that the compiler neither moves, merges nor drops: each goes through a volatile field.

using System.Runtime.CompilerServices;

namespace System.Threading;

public static class Volatile
{
    public static bool Read(ref readonly bool location) => As<bool, VolatileBoolean>(in location).Value;

    public static byte Read(ref readonly byte location) => As<byte, VolatileByte>(in location).Value;

    public static ushort Read(ref readonly ushort location) => As<ushort, VolatileUInt16>(in location).Value;

    public static int Read(ref readonly int location) => As<int, VolatileInt32>(in location).Value;

    public static uint Read(ref readonly uint location) => As<uint, VolatileUInt32>(in location).Value;

    public static long Read(ref readonly long location) => As<long, VolatileIntPtr>(in location).Value;

    public static ulong Read(ref readonly ulong location) => As<ulong, VolatileUIntPtr>(in location).Value;

    public static void Write(ref bool location, bool value) => As<bool, VolatileBoolean>(in location).Value = value;

    public static void Write(ref byte location, byte value) => As<byte, VolatileByte>(in location).Value = value;

    public static void Write(ref ushort location, ushort value) =>
        As<ushort, VolatileUInt16>(in location).Value = value;

    public static void Write(ref int location, int value) => As<int, VolatileInt32>(in location).Value = value;

    public static void Write(ref uint location, uint value) => As<uint, VolatileUInt32>(in location).Value = value;

    public static void Write(ref long location, long value) =>
        As<long, VolatileIntPtr>(in location).Value = (nint)value;

    public static void Write(ref ulong location, ulong value) =>
        As<ulong, VolatileUIntPtr>(in location).Value = (nuint)value;

    private static ref TTo As<TFrom, TTo>(ref readonly TFrom location) =>
        ref Unsafe.As<TFrom, TTo>(ref Unsafe.AsRef(in location));

    private struct VolatileBoolean
    {
        internal volatile bool Value;
    }

    private struct VolatileByte
    {
        internal volatile byte Value;
    }

    private struct VolatileUInt16
    {
        internal volatile ushort Value;
    }

    private struct VolatileInt32
    {
        internal volatile int Value;
    }

    private struct VolatileUInt32
    {
        internal volatile uint Value;
    }

    private struct VolatileIntPtr
    {
        internal volatile nint Value;
    }

    private struct VolatileUIntPtr
    {
        internal volatile nuint Value;
    }
}
