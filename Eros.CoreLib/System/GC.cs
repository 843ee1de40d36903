using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The collector. It runs by itself when the heap has grown by half; nothing has to be done for it.</summary>
public static class GC
{
    /// <summary>Frees what nothing refers to, and gives back what is free.</summary>
    public static void Collect() => ErosCollect();

    /// <summary>Bytes that the heap has, free ones included.</summary>
    public static long GetTotalMemory(bool forceFullCollection)
    {
        if (forceFullCollection)
        {
            ErosCollect();
        }

        return ErosMemory();
    }

    /// <summary>There are no finalizers; patterns that call this work.</summary>
    public static void SuppressFinalize(object obj)
    {
    }

    /// <summary>The object is in use at least up to here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void KeepAlive(object? obj)
    {
    }

    [RuntimeImport("*", "ErosCollect")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void ErosCollect();

    [RuntimeImport("*", "ErosMemory")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern long ErosMemory();
}
