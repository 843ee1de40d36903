using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>First in, first out, in a ring that grows.</summary>
public class Queue<T> : IReadOnlyCollection<T>
{
    private const int FirstCapacity = 4;

    private T[] _ring;
    private int _head;
    private int _size;

    public Queue() => _ring = Array.Empty<T>();

    public Queue(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _ring = new T[capacity];
    }

    public int Count => _size;

    public void Enqueue(T item)
    {
        if (_size == _ring.Length)
        {
            Grow();
        }

        _ring[At(_size++)] = item;
    }

    public T Dequeue() => TryDequeue(out T? item) ? item : throw new InvalidOperationException("the queue is empty");

    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        if (!TryPeek(out item))
        {
            return false;
        }

        _ring[_head] = default!;
        _head = At(1);
        _size--;
        return true;
    }

    public T Peek() => TryPeek(out T? item) ? item : throw new InvalidOperationException("the queue is empty");

    public bool TryPeek([MaybeNullWhen(false)] out T item)
    {
        item = _size == 0 ? default : _ring[_head];
        return _size != 0;
    }

    public bool Contains(T item)
    {
        foreach (T present in this)
        {
            if (EqualityComparer<T>.Default.Equals(present, item))
            {
                return true;
            }
        }

        return false;
    }

    public void Clear()
    {
        _ring.AsSpan().Clear();
        _head = 0;
        _size = 0;
    }

    public T[] ToArray()
    {
        T[] array = new T[_size];
        for (int i = 0; i < _size; i++)
        {
            array[i] = _ring[At(i)];
        }

        return array;
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (int i = 0; i < _size; i++)
        {
            yield return _ring[At(i)];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int At(int offset)
    {
        int index = _head + offset;
        return index < _ring.Length ? index : index - _ring.Length;
    }

    private void Grow()
    {
        T[] items = ToArray();
        Array.Resize(ref items, Math.Max(FirstCapacity, 2 * _size));
        _ring = items;
        _head = 0;
    }
}
