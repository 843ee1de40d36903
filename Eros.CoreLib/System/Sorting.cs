// Sorting in place: heap sort for long ranges, insertion sort for short ones. Not stable; never worse than n log n.

using System.Collections.Generic;

namespace System;

internal static class Sorting
{
    private const int ShortRange = 16;

    internal static void Sort<T>(Span<T> items, IComparer<T> comparer)
    {
        if (items.Length <= ShortRange)
        {
            InsertionSort(items, comparer);
            return;
        }

        for (int root = items.Length / 2 - 1; root >= 0; root--)
        {
            SiftDown(items, root, comparer);
        }

        for (int last = items.Length - 1; last > 0; last--)
        {
            (items[0], items[last]) = (items[last], items[0]);
            SiftDown(items.Slice(0, last), 0, comparer);
        }
    }

    private static void InsertionSort<T>(Span<T> items, IComparer<T> comparer)
    {
        for (int i = 1; i < items.Length; i++)
        {
            T item = items[i];
            int hole = i;
            for (; hole > 0 && comparer.Compare(items[hole - 1], item) > 0; hole--)
            {
                items[hole] = items[hole - 1];
            }

            items[hole] = item;
        }
    }

    // Restores the heap (parent not less than its children) below a root that may be too small.
    private static void SiftDown<T>(Span<T> heap, int root, IComparer<T> comparer)
    {
        T item = heap[root];
        int hole = root;
        for (int child = 2 * hole + 1; child < heap.Length; child = 2 * hole + 1)
        {
            if (child + 1 < heap.Length && comparer.Compare(heap[child], heap[child + 1]) < 0)
            {
                child++;
            }

            if (comparer.Compare(item, heap[child]) >= 0)
            {
                break;
            }

            heap[hole] = heap[child];
            hole = child;
        }

        heap[hole] = item;
    }
}
