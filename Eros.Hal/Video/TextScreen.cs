// TextScreen: 80 x 25 characters, as the VGA text mode has them in memory: character in the low byte, attribute in
// the high one.
//
// It mirrors what goes out over the serial line: printable characters, CR, LF, BS, TAB, and of the escape sequences
// (ECMA-48) those that a line editor needs: cursor left (D) and right (C), erase to the end of the line (K). Others are
// swallowed. Invariant: the cursor is inside the screen.

using System;

namespace Eros.Hal.Video;

/// <summary>A text screen over 2000 cells that the caller owns.</summary>
public ref struct TextScreen(Span<ushort> cells, ref TextCursor cursor)
{
    public const int Columns = 80;
    public const int Rows = 25;
    public const int Cells = Columns * Rows;

    // Light grey on black.
    private const ushort Blank = 0x0720;
    private const byte Escape = 0x1B;
    private const int TabStop = 8;

    private readonly Span<ushort> _cells = cells;
    private readonly ref TextCursor _cursor = ref cursor;

    /// <summary>Blanks everything.</summary>
    public readonly void Clear()
    {
        _cells.Fill(Blank);
        _cursor = default;
    }

    /// <summary>Shows or obeys one byte.</summary>
    public readonly void Put(byte b)
    {
        if (_cursor.State != EscapeState.None)
        {
            Sequence(b);
            return;
        }

        switch (b)
        {
            case Escape:
                _cursor.State = EscapeState.Begun;
                break;
            case (byte)'\r':
                _cursor.Column = 0;
                break;
            case (byte)'\n':
                LineFeed();
                break;
            case (byte)'\b':
                Move(-1);
                break;
            case (byte)'\t':
                Move(TabStop - _cursor.Column % TabStop);
                break;
            case >= (byte)' ' and not 0x7F:
                Show(b);
                break;
            default:
                break;
        }
    }

    private readonly void Show(byte b)
    {
        if (_cursor.Column == Columns)
        {
            _cursor.Column = 0;
            LineFeed();
        }

        _cells[_cursor.Row * Columns + _cursor.Column] = (ushort)((Blank & 0xFF00) | b);
        _cursor.Column++;
    }

    private readonly void LineFeed()
    {
        if (_cursor.Row < Rows - 1)
        {
            _cursor.Row++;
            return;
        }

        _cells.Slice(Columns).CopyTo(_cells);
        _cells.Slice(Cells - Columns).Fill(Blank);
    }

    private readonly void Sequence(byte b)
    {
        if (_cursor.State == EscapeState.Begun)
        {
            _cursor.State = b == '[' ? EscapeState.Parameters : EscapeState.None;
            _cursor.Parameter = 0;
        }
        else if (b is >= (byte)'0' and <= (byte)'9')
        {
            _cursor.Parameter = Math.Min(_cursor.Parameter * 10 + b - '0', Columns);
        }
        else if (b is >= (byte)'@' and <= (byte)'~')
        {
            _cursor.State = EscapeState.None;
            Obey(b);
        }
    }

    private readonly void Obey(byte command)
    {
        int count = Math.Max(_cursor.Parameter, 1);
        if (command == 'C')
        {
            Move(count);
        }
        else if (command == 'D')
        {
            Move(-count);
        }
        else if (command == 'K' && _cursor.Parameter == 0)
        {
            int from = Math.Min(_cursor.Column, Columns - 1);
            _cells.Slice(_cursor.Row * Columns + from, Columns - from).Fill(Blank);
        }
    }

    private readonly void Move(int columns) => _cursor.Column = Math.Clamp(_cursor.Column + columns, 0, Columns - 1);
}

/// <summary>Where within an escape sequence the output is.</summary>
public enum EscapeState : byte
{
    None,
    Begun,
    Parameters,
}

/// <summary>What a text screen remembers between bytes. Column 80: the line is full, the next character
/// wraps.</summary>
public struct TextCursor
{
    public int Row;
    public int Column;
    public int Parameter;
    public EscapeState State;
}
