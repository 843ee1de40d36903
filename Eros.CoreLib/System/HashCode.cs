namespace System;

/// <summary>Combines hashes; the same in every run.</summary>
public static class HashCode
{
    public static int Combine<T1, T2>(T1 value1, T2 value2) => Mix(Of(value1), Of(value2));

    public static int Combine<T1, T2, T3>(T1 value1, T2 value2, T3 value3) =>
        Mix(Combine(value1, value2), Of(value3));

    public static int Combine<T1, T2, T3, T4>(T1 value1, T2 value2, T3 value3, T4 value4) =>
        Mix(Combine(value1, value2, value3), Of(value4));

    private static int Of<T>(T value) => value?.GetHashCode() ?? 0;

    // Steps of the 32-bit finaliser of MurmurHash3.
    private static int Mix(int left, int right)
    {
        uint hash = ((uint)left * 31) ^ (uint)right;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        return (int)(hash ^ (hash >> 13));
    }
}
