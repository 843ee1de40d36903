using System.Runtime.CompilerServices;

namespace System.Text;

/// <summary>Text that grows in one array.</summary>
public sealed class StringBuilder
{
    private const int FirstCapacity = 16;

    private char[] _chars;
    private int _length;

    public StringBuilder()
        : this(FirstCapacity)
    {
    }

    public StringBuilder(int capacity) => _chars = new char[Math.Max(capacity, FirstCapacity)];

    public StringBuilder(string? value)
        : this() => Append(value);

    public int Capacity => _chars.Length;

    public int Length
    {
        get => _length;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            if (value > _length)
            {
                Append('\0', value - _length);
            }

            _length = value;
        }
    }

    [IndexerName("Chars")]
    public char this[int index]
    {
        get => _chars.AsSpan(0, _length)[index];
        set => _chars.AsSpan(0, _length)[index] = value;
    }

    public StringBuilder Append(char value)
    {
        Extend(1)[0] = value;
        return this;
    }

    public StringBuilder Append(char value, int repeatCount)
    {
        Extend(repeatCount).Fill(value);
        return this;
    }

    public StringBuilder Append(string? value) => Append(value.AsSpan());

    public StringBuilder Append(string? value, int startIndex, int count) => Append(value.AsSpan(startIndex, count));

    public StringBuilder Append(ReadOnlySpan<char> value)
    {
        value.CopyTo(Extend(value.Length));
        return this;
    }

    public StringBuilder Append(char[]? value) => Append(new ReadOnlySpan<char>(value));

    public StringBuilder Append(StringBuilder? value) =>
        value is null ? this : Append(new ReadOnlySpan<char>(value._chars, 0, value._length));

    public StringBuilder Append(object? value) => Append(value?.ToString());

    public StringBuilder Append(bool value) => Append(value.ToString());

    public StringBuilder Append(byte value) => Append((ulong)value);

    public StringBuilder Append(int value) => Append((long)value);

    public StringBuilder Append(uint value) => Append((ulong)value);

    public StringBuilder Append(long value) => AppendNumber((ulong)value, true);

    public StringBuilder Append(ulong value) => AppendNumber(value, false);

    public StringBuilder AppendLine() => Append('\n');

    public StringBuilder AppendLine(string? value) => Append(value).AppendLine();

    public StringBuilder Insert(int index, string? value)
    {
        if ((uint)index > (uint)_length)
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }

        int tail = _length - index;
        ReadOnlySpan<char> text = value.AsSpan();
        Extend(text.Length);
        _chars.AsSpan(index, tail).CopyTo(_chars.AsSpan(index + text.Length));
        text.CopyTo(_chars.AsSpan(index));
        return this;
    }

    public StringBuilder Remove(int startIndex, int length)
    {
        _chars.AsSpan(startIndex + length, _length - startIndex - length).CopyTo(_chars.AsSpan(startIndex));
        _length -= length;
        return this;
    }

    public StringBuilder Clear()
    {
        _length = 0;
        return this;
    }

    public override string ToString() => new(_chars, 0, _length);

    public string ToString(int startIndex, int length) =>
        new(new ReadOnlySpan<char>(_chars, 0, _length).Slice(startIndex, length));

    private StringBuilder AppendNumber(ulong bits, bool isSigned)
    {
        Span<char> buffer = stackalloc char[Number.BufferSize];
        Number.TryFormat(bits, isSigned, sizeof(ulong), default, buffer, out int written);
        return Append(buffer.Slice(0, written));
    }

    // Makes the text longer and returns the new part.
    private Span<char> Extend(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int length = checked(_length + count);
        if (length > _chars.Length)
        {
            Array.Resize(ref _chars, Math.Max(length, 2 * _chars.Length));
        }

        Span<char> added = _chars.AsSpan(_length, count);
        _length = length;
        return added;
    }
}
