// The compiler gives every T[] the interfaces of this class; its methods are then called on the array itself.

using System.Collections;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace System;

internal class Array<T> : Array, IList<T>, IReadOnlyList<T>
{
    public int Count => Length;

    bool ICollection<T>.IsReadOnly => true;

    public T this[int index]
    {
        get => Self[index];
        set => Self[index] = value;
    }

    private T[] Self => Unsafe.As<T[]>(this);

    public bool Contains(T item) => IndexOf(item) >= 0;

    public int IndexOf(T item) => IndexOf(Self, item);

    public void CopyTo(T[] array, int arrayIndex) => Copy(Self, 0, array, arrayIndex, Length);

    public void Add(T item) => throw FixedSize();

    public void Clear() => throw FixedSize();

    public void Insert(int index, T item) => throw FixedSize();

    public bool Remove(T item) => throw FixedSize();

    public void RemoveAt(int index) => throw FixedSize();

    public IEnumerator<T> GetEnumerator()
    {
        T[] self = Self;
        for (int i = 0; i < self.Length; i++)
        {
            yield return self[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static NotSupportedException FixedSize() => new("an array has a fixed size");
}
