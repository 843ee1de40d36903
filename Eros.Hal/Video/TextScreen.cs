// TextScreen: the text screen of the VGA, mode 3, as the firmware left it: 80 x 25 cells in memory, the character
// in the low byte and the attribute in the high one.
//
// It mirrors what goes out over the serial line: printable characters, CR, LF, BS, TAB, and of the escape sequences
// (ECMA-48) those that a line editor needs: cursor left (D) and right (C), erase to the end of the line (K). Others are
// swallowed. Invariant: 0 <= row < 25, 0 <= column <= 80; at column 80 the next character wraps.
//
// Safety: the caller gives 2000 cells that nobody else writes.

using System;
using System.Runtime.CompilerServices;

namespace Eros.Hal.Video;

/// <summary>A text screen over <paramref name="cells"/>.</summary>
public unsafe struct TextScreen(ushort* cells)
{
    /// <summary>Physical address of the cells.</summary>
    public const ulong Address = 0xB8000;

    public const int Columns = 80;
    public const int Rows = 25;
    public const int Cells = Columns * Rows;

    // Light grey on black.
    private const ushort Blank = 0x0720;
    private const byte Escape = 0x1B;
    private const int TabStop = 8;

    private readonly ushort* _cells = cells;
    private int _parameter;
    private EscapeState _state;

    private enum EscapeState : byte
    {
        None,
        Begun,
        Parameters,
    }

    public int Row { readonly get; set; }

    public int Column { get; private set; }

    /// <summary>The cell that the cursor is in.</summary>
    public readonly int Cursor => (Row * Columns) + Math.Min(Column, Columns - 1);

    /// <summary>Blanks the cells from one number to another, exclusive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly void Clear(int from, int to)
    {
        for (; from < to; from++)
        {
            _cells[from] = Blank;
        }
    }

    /// <summary>Shows or obeys one byte.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Put(byte b)
    {
        if (_state != EscapeState.None)
        {
            Sequence(b);
            return;
        }

        switch (b)
        {
            case Escape:
                _state = EscapeState.Begun;
                break;
            case (byte)'\r':
                Column = 0;
                break;
            case (byte)'\n':
                LineFeed();
                break;
            case (byte)'\b':
                Move(-1);
                break;
            case (byte)'\t':
                Move(TabStop - (Column % TabStop));
                break;
            case >= (byte)' ' and not 0x7F:
                Show(b);
                break;
            default:
                break;
        }
    }

    private void Show(byte b)
    {
        if (Column == Columns)
        {
            Column = 0;
            LineFeed();
        }

        _cells[(Row * Columns) + Column++] = (ushort)((Blank & 0xFF00) | b);
    }

    private void LineFeed()
    {
        if (Row < Rows - 1)
        {
            Row++;
            return;
        }

        for (int i = 0; i < Cells - Columns; i++)
        {
            _cells[i] = _cells[i + Columns];
        }

        Clear(Cells - Columns, Cells);
    }

    private void Sequence(byte b)
    {
        if (_state == EscapeState.Begun)
        {
            _state = b == '[' ? EscapeState.Parameters : EscapeState.None;
            _parameter = 0;
        }
        else if (b is >= (byte)'0' and <= (byte)'9')
        {
            _parameter = Math.Min((_parameter * 10) + b - '0', Columns);
        }
        else if (b is >= (byte)'@' and <= (byte)'~')
        {
            _state = EscapeState.None;
            Obey(b);
        }
    }

    private void Obey(byte command)
    {
        if (command is (byte)'C' or (byte)'D')
        {
            int count = Math.Max(_parameter, 1);
            Move(command == 'C' ? count : -count);
        }
        else if (command == 'K' && _parameter == 0)
        {
            Clear(Cursor, (Row + 1) * Columns);
        }
    }

    private void Move(int columns) => Column = Math.Clamp(Column + columns, 0, Columns - 1);
}
