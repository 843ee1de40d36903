// The table under Dictionary and HashSet: chains threaded through one array of entries. Entries are enumerated in the
// order in which they were added, as long as nothing has been removed; a removed place is used again first.
//
//   _buckets[hash mod length]   1 + index of the first entry of the chain, 0 = empty
//   Entry.Next                  index of the next entry, -1 = last; for a free entry: FreeMark - next free entry

using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

internal struct HashEntry<TKey, TValue>
{
    internal int Hash;
    internal int Next;
    internal TKey Key;
    internal TValue Value;
}

internal struct HashTable<TKey, TValue>
{
    private const int FirstSize = 4;
    private const int FreeMark = -3;
    private const int NoFree = -1;

    private readonly IEqualityComparer<TKey> _comparer;
    private int[] _buckets;
    private HashEntry<TKey, TValue>[] _entries;
    private int _used;
    private int _free;
    private int _freeCount;

    internal HashTable(int capacity, IEqualityComparer<TKey>? comparer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _comparer = comparer ?? EqualityComparer<TKey>.Default;
        _buckets = Array.Empty<int>();
        _entries = Array.Empty<HashEntry<TKey, TValue>>();
        _free = NoFree;
        if (capacity != 0)
        {
            Resize(capacity);
        }
    }

    internal readonly int Count => _used - _freeCount;

    internal readonly IEqualityComparer<TKey> Comparer => _comparer;

    /// <summary>Changes whenever an entry is added or removed.</summary>
    internal int Version { get; private set; }

    internal readonly ref HashEntry<TKey, TValue> this[int index] => ref _entries[index];

    /// <summary>Index of the entry with this key, or -1.</summary>
    internal readonly int Find(TKey key)
    {
        if (_buckets.Length == 0)
        {
            return -1;
        }

        int hash = Hash(key);
        int index = _buckets[Bucket(hash)] - 1;
        while (index >= 0)
        {
            ref HashEntry<TKey, TValue> entry = ref _entries[index];
            if (entry.Hash == hash && _comparer.Equals(entry.Key, key))
            {
                return index;
            }

            index = entry.Next;
        }

        return -1;
    }

    /// <summary>Adds a key that is not there; returns the index of its entry.</summary>
    internal int Add(TKey key, TValue value)
    {
        Version++;
        int index = TakeEntry();
        int hash = Hash(key);
        ref int bucket = ref _buckets[Bucket(hash)];
        _entries[index] = new HashEntry<TKey, TValue> { Hash = hash, Next = bucket - 1, Key = key, Value = value };
        bucket = index + 1;
        return index;
    }

    /// <summary>Removes a key; <paramref name="value"/> is what it had. False if it was not there.</summary>
    internal bool Remove(TKey key, out TValue? value)
    {
        int index = Find(key);
        if (index < 0)
        {
            value = default;
            return false;
        }

        Version++;
        ref HashEntry<TKey, TValue> entry = ref _entries[index];
        value = entry.Value;
        Unlink(index, entry.Hash, entry.Next);
        entry = new HashEntry<TKey, TValue> { Next = FreeMark - _free };
        _free = index;
        _freeCount++;
        return true;
    }

    internal void Clear()
    {
        Version++;
        _buckets.AsSpan().Clear();
        _entries.AsSpan(0, _used).Clear();
        _used = 0;
        _free = NoFree;
        _freeCount = 0;
    }

    /// <summary>Index of the first entry in use after <paramref name="index"/>, or -1.</summary>
    internal readonly int NextUsed(int index)
    {
        for (index++; index < _used; index++)
        {
            if (_entries[index].Next >= -1)
            {
                return index;
            }
        }

        return -1;
    }

    private readonly int Hash(TKey key)
    {
        if (key is null)
        {
            throw new ArgumentNullException(nameof(key));
        }

        return _comparer.GetHashCode(key);
    }

    private readonly int Bucket(int hash) => (int)((uint)hash % (uint)_buckets.Length);

    private int TakeEntry()
    {
        if (_freeCount > 0)
        {
            int index = _free;
            _free = FreeMark - _entries[index].Next;
            _freeCount--;
            return index;
        }

        if (_used == _entries.Length)
        {
            Resize(Math.Max(FirstSize, 2 * _used));
        }

        return _used++;
    }

    private readonly void Unlink(int index, int hash, int next)
    {
        ref int bucket = ref _buckets[Bucket(hash)];
        if (bucket == index + 1)
        {
            bucket = next + 1;
            return;
        }

        int previous = bucket - 1;
        while (_entries[previous].Next != index)
        {
            previous = _entries[previous].Next;
        }

        _entries[previous].Next = next;
    }

    private void Resize(int size)
    {
        // An odd number of buckets spreads keys that are multiples of a power of two.
        _buckets = new int[size | 1];
        Array.Resize(ref _entries, size);
        for (int i = 0; i < _used; i++)
        {
            ref HashEntry<TKey, TValue> entry = ref _entries[i];
            ref int bucket = ref _buckets[Bucket(entry.Hash)];
            entry.Next = bucket - 1;
            bucket = i + 1;
        }
    }
}
