// $"..." becomes calls of this. An integer is written in place; any other value through its own ToString.

using System.Text;

namespace System.Runtime.CompilerServices;

[InterpolatedStringHandler]
public ref struct DefaultInterpolatedStringHandler
{
    private const int GuessedValueLength = 11;

    private readonly StringBuilder _text;

    public DefaultInterpolatedStringHandler(int literalLength, int formattedCount) =>
        _text = new StringBuilder(literalLength + formattedCount * GuessedValueLength);

    public DefaultInterpolatedStringHandler(int literalLength, int formattedCount, IFormatProvider? provider)
        : this(literalLength, formattedCount)
    {
    }

    public readonly void AppendLiteral(string value) => _text.Append(value);

    public readonly void AppendFormatted<T>(T value) => AppendFormatted(value, 0, null);

    public readonly void AppendFormatted<T>(T value, string? format) => AppendFormatted(value, 0, format);

    public readonly void AppendFormatted<T>(T value, int alignment) => AppendFormatted(value, alignment, null);

    /// <summary>Padded with blanks: on the left for a positive alignment, on the right for a negative one.</summary>
    public readonly void AppendFormatted<T>(T value, int alignment, string? format)
    {
        int start = _text.Length;
        AppendValue(value, format);
        Pad(start, alignment);
    }

    public readonly void AppendFormatted(string? value) => _text.Append(value);

    public readonly void AppendFormatted(string? value, int alignment, string? format = null)
    {
        int start = _text.Length;
        _text.Append(value);
        Pad(start, alignment);
    }

    public readonly void AppendFormatted(scoped ReadOnlySpan<char> value) => _text.Append(value);

    public readonly void AppendFormatted(scoped ReadOnlySpan<char> value, int alignment, string? format = null)
    {
        int start = _text.Length;
        _text.Append(value);
        Pad(start, alignment);
    }

    public readonly void AppendFormatted(object? value, int alignment = 0, string? format = null) =>
        AppendFormatted<object?>(value, alignment, format);

    public readonly string ToStringAndClear() => _text.ToString();

    public override readonly string ToString() => _text.ToString();

    private readonly void AppendValue<T>(T value, string? format)
    {
        if (value is not ISpanFormattable formattable)
        {
            _text.Append(value is IFormattable other ? other.ToString(format, null) : value?.ToString());
            return;
        }

        Span<char> buffer = stackalloc char[Number.BufferSize];
        if (((ISpanFormattable)value).TryFormat(buffer, out int written, format.AsSpan(), null))
        {
            _text.Append(buffer.Slice(0, written));
        }
        else
        {
            _text.Append(formattable.ToString(format, null));
        }
    }

    private readonly void Pad(int start, int alignment)
    {
        int missing = Math.Abs(alignment) - (_text.Length - start);
        if (missing <= 0)
        {
            return;
        }

        if (alignment < 0)
        {
            _text.Append(' ', missing);
        }
        else
        {
            _text.Insert(start, new string(' ', missing));
        }
    }
}
