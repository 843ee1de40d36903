using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>Values by key. Adding or removing while it is enumerated ends in InvalidOperationException.</summary>
public class Dictionary<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    private HashTable<TKey, TValue> _table;

    public Dictionary()
        : this(0, null)
    {
    }

    public Dictionary(int capacity)
        : this(capacity, null)
    {
    }

    public Dictionary(IEqualityComparer<TKey>? comparer)
        : this(0, comparer)
    {
    }

    public Dictionary(int capacity, IEqualityComparer<TKey>? comparer) =>
        _table = new HashTable<TKey, TValue>(capacity, comparer);

    public int Count => _table.Count;

    public KeyCollection Keys => new(this);

    public ValueCollection Values => new(this);

    public TValue this[TKey key]
    {
        get
        {
            int index = _table.Find(key);
            return index >= 0 ? _table[index].Value : throw new KeyNotFoundException();
        }

        set
        {
            int index = _table.Find(key);
            if (index >= 0)
            {
                _table[index].Value = value;
            }
            else
            {
                _table.Add(key, value);
            }
        }
    }

    public void Add(TKey key, TValue value)
    {
        if (!TryAdd(key, value))
        {
            throw new ArgumentException("the key is there already");
        }
    }

    public bool TryAdd(TKey key, TValue value)
    {
        if (_table.Find(key) >= 0)
        {
            return false;
        }

        _table.Add(key, value);
        return true;
    }

    public bool ContainsKey(TKey key) => _table.Find(key) >= 0;

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        int index = _table.Find(key);
        value = index >= 0 ? _table[index].Value : default;
        return index >= 0;
    }

    public TValue? GetValueOrDefault(TKey key)
    {
        TryGetValue(key, out TValue? value);
        return value;
    }

    public bool Remove(TKey key) => _table.Remove(key, out _);

    public bool Remove(TKey key, [MaybeNullWhen(false)] out TValue value) => _table.Remove(key, out value);

    public void Clear() => _table.Clear();

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() =>
        new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    private int Next(int index, int version)
    {
        if (version != _table.Version)
        {
            throw new InvalidOperationException("the dictionary was changed while it was enumerated");
        }

        return _table.NextUsed(index);
    }

    public struct Enumerator : IEnumerator<KeyValuePair<TKey, TValue>>
    {
        private readonly Dictionary<TKey, TValue> _dictionary;
        private readonly int _version;
        private int _index;

        internal Enumerator(Dictionary<TKey, TValue> dictionary)
        {
            _dictionary = dictionary;
            _version = dictionary._table.Version;
            _index = -1;
        }

        public readonly KeyValuePair<TKey, TValue> Current
        {
            get
            {
                ref HashEntry<TKey, TValue> entry = ref _dictionary._table[_index];
                return new KeyValuePair<TKey, TValue>(entry.Key, entry.Value);
            }
        }

        readonly object? IEnumerator.Current => Current;

        public bool MoveNext() => (_index = _dictionary.Next(_index, _version)) >= 0;

        public void Reset() => _index = -1;

        public readonly void Dispose()
        {
        }
    }

    public readonly struct KeyCollection : IEnumerable<TKey>
    {
        private readonly Dictionary<TKey, TValue> _dictionary;

        internal KeyCollection(Dictionary<TKey, TValue> dictionary) => _dictionary = dictionary;

        public int Count => _dictionary.Count;

        public IEnumerator<TKey> GetEnumerator()
        {
            foreach (KeyValuePair<TKey, TValue> pair in _dictionary)
            {
                yield return pair.Key;
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public readonly struct ValueCollection : IEnumerable<TValue>
    {
        private readonly Dictionary<TKey, TValue> _dictionary;

        internal ValueCollection(Dictionary<TKey, TValue> dictionary) => _dictionary = dictionary;

        public int Count => _dictionary.Count;

        public IEnumerator<TValue> GetEnumerator()
        {
            foreach (KeyValuePair<TKey, TValue> pair in _dictionary)
            {
                yield return pair.Value;
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
