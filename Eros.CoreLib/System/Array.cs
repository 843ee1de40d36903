// Arrays. The length is the first field behind the MethodTable; the elements begin at offset 16.

using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System;

public abstract class Array
{
    private readonly int _numComponents;

    public int Length
    {
        [Intrinsic]
        get => _numComponents;
    }

    public static T[] Empty<T>() => EmptyArray<T>.Value;

    public static void Copy<T>(T[] sourceArray, T[] destinationArray, int length) =>
        Copy(sourceArray, 0, destinationArray, 0, length);

    /// <summary>Copies elements; the two arrays may be the same.</summary>
    public static void Copy<T>(
        T[] sourceArray, int sourceIndex, T[] destinationArray, int destinationIndex, int length) =>
        new ReadOnlySpan<T>(sourceArray, sourceIndex, length)
            .CopyTo(new Span<T>(destinationArray, destinationIndex, length));

    public static void Clear<T>(T[] array) => array.AsSpan().Clear();

    public static void Clear<T>(T[] array, int index, int length) => array.AsSpan(index, length).Clear();

    public static void Fill<T>(T[] array, T value) => array.AsSpan().Fill(value);

    public static void Fill<T>(T[] array, T value, int startIndex, int count) =>
        array.AsSpan(startIndex, count).Fill(value);

    /// <summary>A new array with as many of the old elements as fit; null counts as empty.</summary>
    public static void Resize<T>([NotNull] ref T[]? array, int newSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newSize);
        T[] resized = new T[newSize];
        if (array is not null)
        {
            Copy(array, resized, Math.Min(array.Length, newSize));
        }

        array = resized;
    }

    public static int IndexOf<T>(T[] array, T value) => IndexOf(array, value, 0, array.Length);

    public static int IndexOf<T>(T[] array, T value, int startIndex) =>
        IndexOf(array, value, startIndex, array.Length - startIndex);

    public static int IndexOf<T>(T[] array, T value, int startIndex, int count)
    {
        ReadOnlySpan<T> range = new(array, startIndex, count);
        for (int i = 0; i < range.Length; i++)
        {
            if (EqualityComparer<T>.Default.Equals(range[i], value))
            {
                return startIndex + i;
            }
        }

        return -1;
    }

    public static void Reverse<T>(T[] array) => array.AsSpan().Reverse();

    public static void Reverse<T>(T[] array, int index, int length) => array.AsSpan(index, length).Reverse();

    public static void Sort<T>(T[] array) => array.AsSpan().Sort();

    public static void Sort<T>(T[] array, Comparison<T> comparison) => array.AsSpan().Sort(comparison);

    public static void Sort<T>(T[] array, IComparer<T>? comparer) => Sort(array, 0, array.Length, comparer);

    public static void Sort<T>(T[] array, int index, int length, IComparer<T>? comparer) =>
        Sorting.Sort(array.AsSpan(index, length), comparer ?? Comparer<T>.Default);

    public static int BinarySearch<T>(T[] array, T value) => BinarySearch(array, 0, array.Length, value, null);

    /// <summary>Index of the value in a sorted range; if absent, the complement of where it belongs.</summary>
    public static int BinarySearch<T>(T[] array, int index, int length, T value, IComparer<T>? comparer)
    {
        comparer ??= Comparer<T>.Default;
        int low = index;
        int high = index + length - 1;
        while (low <= high)
        {
            int middle = low + ((high - low) >> 1);
            int order = comparer.Compare(array[middle], value);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    private static class EmptyArray<T>
    {
        internal static readonly T[] Value = new T[0];
    }
}
