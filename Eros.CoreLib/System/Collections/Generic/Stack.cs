using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>Last in, first out.</summary>
public class Stack<T> : IReadOnlyCollection<T>
{
    private const int FirstCapacity = 4;

    private T[] _items;
    private int _size;

    public Stack() => _items = Array.Empty<T>();

    public Stack(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _items = new T[capacity];
    }

    public int Count => _size;

    public void Push(T item)
    {
        if (_size == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(FirstCapacity, 2 * _size));
        }

        _items[_size++] = item;
    }

    public T Pop() => TryPop(out T? item) ? item : throw new InvalidOperationException("the stack is empty");

    public bool TryPop([MaybeNullWhen(false)] out T item)
    {
        if (!TryPeek(out item))
        {
            return false;
        }

        _items[--_size] = default!;
        return true;
    }

    public T Peek() => TryPeek(out T? item) ? item : throw new InvalidOperationException("the stack is empty");

    public bool TryPeek([MaybeNullWhen(false)] out T item)
    {
        item = _size == 0 ? default : _items[_size - 1];
        return _size != 0;
    }

    public bool Contains(T item) => Array.IndexOf(_items, item, 0, _size) >= 0;

    public void Clear()
    {
        _items.AsSpan(0, _size).Clear();
        _size = 0;
    }

    /// <summary>The items, the last pushed first.</summary>
    public T[] ToArray()
    {
        T[] array = new ReadOnlySpan<T>(_items, 0, _size).ToArray();
        Array.Reverse(array);
        return array;
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (int i = _size - 1; i >= 0; i--)
        {
            yield return _items[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
