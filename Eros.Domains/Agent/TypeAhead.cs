// TypeAhead: bytes that were typed and that nobody has used yet, in their order.
//
// Invariant: 0 <= _first <= _end <= Capacity; the bytes from _first to _end wait.

using System;

namespace Eros.Domains.Agent;

public sealed class TypeAhead
{
    /// <summary>Bytes that are kept: as many as the kernel keeps before them.</summary>
    public const int Capacity = 4096;

    private readonly byte[] _bytes = new byte[Capacity];
    private int _first;
    private int _end;

    public bool IsEmpty => _first == _end;

    /// <summary>
    /// Where more bytes go, never nothing: when all is full, what waits is given up, so that a Ctrl-C is always seen.
    /// </summary>
    public Span<byte> Room()
    {
        if (IsEmpty || _end == Capacity)
        {
            ReadOnlySpan<byte> waiting = _first == 0 ? default : _bytes.AsSpan(_first, _end - _first);
            waiting.CopyTo(_bytes);
            _first = 0;
            _end = waiting.Length;
        }

        return _bytes.AsSpan(_end);
    }

    /// <summary>So many bytes have come to <see cref="Room"/>.</summary>
    public void Added(int count) => _end += count;

    /// <summary>Takes the first of the bytes; there must be one.</summary>
    public byte Take() => _bytes[_first++];

    /// <summary>Forgets everything.</summary>
    public void Clear() => _first = _end;

    /// <summary>Forgets everything up to the last <paramref name="value"/>; false when there is none.</summary>
    public bool ForgetThrough(byte value)
    {
        int at = _bytes.AsSpan(_first, _end - _first).LastIndexOf(value);
        _first += at + 1;
        return at >= 0;
    }
}
