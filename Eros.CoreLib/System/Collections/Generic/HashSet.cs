namespace System.Collections.Generic;

/// <summary>Distinct values. Adding or removing while it is enumerated ends in InvalidOperationException.</summary>
public class HashSet<T> : ICollection<T>, IReadOnlyCollection<T>
{
    // The values of the table are not used.
    private HashTable<T, bool> _table;

    public HashSet()
        : this((IEqualityComparer<T>?)null)
    {
    }

    public HashSet(IEqualityComparer<T>? comparer) => _table = new HashTable<T, bool>(0, comparer);

    public HashSet(IEnumerable<T> collection)
        : this() => UnionWith(collection);

    public int Count => _table.Count;

    bool ICollection<T>.IsReadOnly => false;

    /// <summary>False if the value was there already.</summary>
    public bool Add(T item)
    {
        if (_table.Find(item) >= 0)
        {
            return false;
        }

        _table.Add(item, true);
        return true;
    }

    public bool Contains(T item) => _table.Find(item) >= 0;

    public bool Remove(T item) => _table.Remove(item, out _);

    public void Clear() => _table.Clear();

    public void UnionWith(IEnumerable<T> other)
    {
        foreach (T item in other)
        {
            Add(item);
        }
    }

    public void ExceptWith(IEnumerable<T> other)
    {
        foreach (T item in other)
        {
            Remove(item);
        }
    }

    public void CopyTo(T[] array, int arrayIndex)
    {
        foreach (T item in this)
        {
            array[arrayIndex++] = item;
        }
    }

    public Enumerator GetEnumerator() => new(this);

    void ICollection<T>.Add(T item) => Add(item);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    private int Next(int index, int version)
    {
        if (version != _table.Version)
        {
            throw new InvalidOperationException("the set was changed while it was enumerated");
        }

        return _table.NextUsed(index);
    }

    public struct Enumerator : IEnumerator<T>
    {
        private readonly HashSet<T> _set;
        private readonly int _version;
        private int _index;

        internal Enumerator(HashSet<T> set)
        {
            _set = set;
            _version = set._table.Version;
            _index = -1;
        }

        public readonly T Current => _set._table[_index].Key;

        readonly object? IEnumerator.Current => Current;

        public bool MoveNext() => (_index = _set.Next(_index, _version)) >= 0;

        public void Reset() => _index = -1;

        public readonly void Dispose()
        {
        }
    }
}
