using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>A growing array. Changing it while it is enumerated ends in InvalidOperationException.</summary>
public class List<T> : IList<T>, IReadOnlyList<T>
{
    private const int FirstCapacity = 4;

    private T[] _items;
    private int _size;
    private int _version;

    public List() => _items = Array.Empty<T>();

    public List(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _items = capacity == 0 ? Array.Empty<T>() : new T[capacity];
    }

    public List(IEnumerable<T> collection)
    {
        _items = Array.Empty<T>();
        AddRange(collection);
    }

    public int Count => _size;

    bool ICollection<T>.IsReadOnly => false;

    public int Capacity
    {
        get => _items.Length;
        set
        {
            if (value < _size)
            {
                throw new ArgumentOutOfRangeException(nameof(value));
            }

            Array.Resize(ref _items, value);
        }
    }

    public T this[int index]
    {
        get
        {
            RequireIndex(index);
            return _items[index];
        }

        set
        {
            RequireIndex(index);
            _items[index] = value;
            _version++;
        }
    }

    public void Add(T item)
    {
        _version++;
        EnsureCapacity(_size + 1);
        _items[_size++] = item;
    }

    public void AddRange(IEnumerable<T> collection)
    {
        foreach (T item in collection)
        {
            Add(item);
        }
    }

    public int EnsureCapacity(int capacity)
    {
        if (capacity > _items.Length)
        {
            Array.Resize(ref _items, Math.Max(capacity, Math.Max(FirstCapacity, 2 * _items.Length)));
        }

        return _items.Length;
    }

    public void Insert(int index, T item)
    {
        if ((uint)index > (uint)_size)
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }

        EnsureCapacity(_size + 1);
        Array.Copy(_items, index, _items, index + 1, _size - index);
        _items[index] = item;
        _size++;
        _version++;
    }

    public void Clear()
    {
        _items.AsSpan(0, _size).Clear();
        _size = 0;
        _version++;
    }

    public bool Contains(T item) => IndexOf(item) >= 0;

    public int IndexOf(T item) => Array.IndexOf(_items, item, 0, _size);

    public void CopyTo(T[] array) => CopyTo(array, 0);

    public void CopyTo(T[] array, int arrayIndex) => Array.Copy(_items, 0, array, arrayIndex, _size);

    public bool Remove(T item)
    {
        int index = IndexOf(item);
        if (index < 0)
        {
            return false;
        }

        RemoveAt(index);
        return true;
    }

    public void RemoveAt(int index)
    {
        RequireIndex(index);
        RemoveRange(index, 1);
    }

    public void RemoveRange(int index, int count)
    {
        if (index < 0 || count < 0 || _size - index < count)
        {
            throw new ArgumentException();
        }

        Array.Copy(_items, index + count, _items, index, _size - index - count);
        _items.AsSpan(_size - count, count).Clear();
        _size -= count;
        _version++;
    }

    /// <summary>Removes what matches and keeps the order of the rest; returns how many went.</summary>
    public int RemoveAll(Predicate<T> match)
    {
        int kept = 0;
        for (int i = 0; i < _size; i++)
        {
            if (!match(_items[i]))
            {
                _items[kept++] = _items[i];
            }
        }

        int removed = _size - kept;
        _items.AsSpan(kept, removed).Clear();
        _size = kept;
        _version++;
        return removed;
    }

    public T? Find(Predicate<T> match)
    {
        int index = FindIndex(match);
        return index < 0 ? default : _items[index];
    }

    public int FindIndex(Predicate<T> match)
    {
        for (int i = 0; i < _size; i++)
        {
            if (match(_items[i]))
            {
                return i;
            }
        }

        return -1;
    }

    public bool Exists(Predicate<T> match) => FindIndex(match) >= 0;

    public void ForEach(Action<T> action)
    {
        foreach (T item in this)
        {
            action(item);
        }
    }

    public void Reverse() => Array.Reverse(_items, 0, _size);

    public void Sort() => Sort(Comparer<T>.Default);

    public void Sort(Comparison<T> comparison) => Sort(Comparer<T>.Create(comparison));

    public void Sort(IComparer<T>? comparer)
    {
        Array.Sort(_items, 0, _size, comparer);
        _version++;
    }

    public int BinarySearch(T item) => Array.BinarySearch(_items, 0, _size, item, null);

    public T[] ToArray() => new ReadOnlySpan<T>(_items, 0, _size).ToArray();

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    internal Span<T> AsSpan() => new(_items, 0, _size);

    private void RequireIndex(int index)
    {
        if ((uint)index >= (uint)_size)
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }
    }

    public struct Enumerator : IEnumerator<T>
    {
        private readonly List<T> _list;
        private readonly int _version;
        private int _index;

        internal Enumerator(List<T> list)
        {
            _list = list;
            _version = list._version;
            _index = -1;
        }

        public readonly T Current => _list._items[_index];

        readonly object? IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (_version != _list._version)
            {
                throw new InvalidOperationException("the list was changed while it was enumerated");
            }

            return ++_index < _list._size;
        }

        public void Reset() => _index = -1;

        public readonly void Dispose()
        {
        }
    }
}
