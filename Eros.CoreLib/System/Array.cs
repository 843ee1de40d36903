using System.Runtime.CompilerServices;

namespace System;

// The length is the first field behind the MethodTable; the elements begin at offset 16.
public abstract partial class Array
{
    private readonly int _numComponents;

    public int Length
    {
        [Intrinsic]
        get => _numComponents;
    }

    public static T[] Empty<T>() => EmptyArray<T>.Value;

    private static class EmptyArray<T>
    {
        internal static readonly T[] Value = new T[0];
    }
}

// The compiler takes the interfaces of T[] from here.
internal class Array<T> : Array
{
}
