// Atomic operations: each method is one locked instruction that the compiler puts in its place.

using System.Runtime.CompilerServices;

namespace System.Threading;

public static class Interlocked
{
    [Intrinsic]
    public static int CompareExchange(ref int location, int value, int comparand) =>
        CompareExchange(ref location, value, comparand);

    [Intrinsic]
    public static long CompareExchange(ref long location, long value, long comparand) =>
        CompareExchange(ref location, value, comparand);

    public static uint CompareExchange(ref uint location, uint value, uint comparand) =>
        (uint)CompareExchange(ref Unsafe.As<uint, int>(ref location), (int)value, (int)comparand);

    public static ulong CompareExchange(ref ulong location, ulong value, ulong comparand) =>
        (ulong)CompareExchange(ref Unsafe.As<ulong, long>(ref location), (long)value, (long)comparand);

    [Intrinsic]
    public static int Exchange(ref int location, int value) => Exchange(ref location, value);

    [Intrinsic]
    public static long Exchange(ref long location, long value) => Exchange(ref location, value);

    [Intrinsic]
    public static int ExchangeAdd(ref int location, int value) => ExchangeAdd(ref location, value);

    [Intrinsic]
    public static long ExchangeAdd(ref long location, long value) => ExchangeAdd(ref location, value);

    public static int Add(ref int location, int value) => ExchangeAdd(ref location, value) + value;

    public static long Add(ref long location, long value) => ExchangeAdd(ref location, value) + value;

    public static int Increment(ref int location) => Add(ref location, 1);

    public static long Increment(ref long location) => Add(ref location, 1);

    public static int Decrement(ref int location) => Add(ref location, -1);

    public static long Decrement(ref long location) => Add(ref location, -1);

    [Intrinsic]
    public static void MemoryBarrier() => MemoryBarrier();
}
