using System;

namespace Eros.Domains.Pipe;

/// <summary>Bytes in a circle, taken in the order in which they were put.</summary>
internal sealed class Ring(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];
    private int _first;

    /// <summary>Bytes in it.</summary>
    public int Count { get; private set; }

    public int Room => _bytes.Length - Count;

    /// <summary>Puts all the bytes in; there is room for them.</summary>
    public void Put(ReadOnlySpan<byte> bytes)
    {
        int at = (_first + Count) % _bytes.Length;
        int straight = Math.Min(bytes.Length, _bytes.Length - at);
        bytes[..straight].CopyTo(_bytes.AsSpan(at));
        bytes[straight..].CopyTo(_bytes);
        Count += bytes.Length;
    }

    /// <summary>Takes as many as there are and fit; how many.</summary>
    public int Take(Span<byte> bytes)
    {
        int length = Math.Min(bytes.Length, Count);
        int straight = Math.Min(length, _bytes.Length - _first);
        _bytes.AsSpan(_first, straight).CopyTo(bytes);
        _bytes.AsSpan(0, length - straight).CopyTo(bytes[straight..]);
        _first = (_first + length) % _bytes.Length;
        Count -= length;
        return length;
    }
}
