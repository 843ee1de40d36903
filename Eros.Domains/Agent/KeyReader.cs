// KeyReader: from the bytes of a terminal to keys. Escape sequences are ECMA-48's: CSI (ESC [ parameters final byte)
// and SS3 (ESC O final byte), with the VT220 numbers for home, end and delete. Text is UTF-8.
//
//   Plain --ESC--> Escaped --[--> Csi --final--> Plain
//     |  ^            |--O--> Ss3 --any--> Plain
//     |  '--any-------'
//     '--lead byte--> Text --last byte of the character--> Plain

using System;
using System.Text;

namespace Eros.Domains.Agent;

/// <summary>What was pressed.</summary>
public enum Key
{
    /// <summary>Nothing yet, or nothing that means anything here.</summary>
    None,

    /// <summary>A character: <see cref="KeyReader.Text"/>.</summary>
    Text,
    Enter,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    Backspace,
    Delete,
    KillLine,
    KillToEnd,
    KillWord,
    Cancel,
    Redraw,
}

/// <summary>Takes one byte at a time.</summary>
public sealed class KeyReader
{
    /// <summary>Ctrl-C.</summary>
    public const byte CancelByte = 'C' - '@';

    private const byte EscapeByte = 0x1B;
    private const byte DeleteByte = 0x7F;

    private enum State
    {
        Plain,
        Escaped,
        Csi,
        Ss3,
        Text,
    }

    private readonly byte[] _character = new byte[4];
    private State _state;
    private int _parameter;
    private int _have;
    private int _need;

    /// <summary>The character of the last <see cref="Key.Text"/>: one UTF-16 unit, or a pair.</summary>
    public string Text { get; private set; } = "";

    public Key Read(byte value)
    {
        switch (_state)
        {
            case State.Escaped:
                _state = value switch { (byte)'[' => State.Csi, (byte)'O' => State.Ss3, _ => State.Plain };
                _parameter = 0;
                return Key.None;
            case State.Csi:
                return ReadCsi(value);
            case State.Ss3:
                _state = State.Plain;
                return Final(value);
            case State.Text when (value & 0xC0) == 0x80:
                return ReadContinuation(value);
            default:
                return ReadPlain(value);
        }
    }

    private Key ReadPlain(byte value)
    {
        _state = State.Plain;
        if (value == EscapeByte)
        {
            _state = State.Escaped;
            return Key.None;
        }

        if (value >= 0xC2)
        {
            _character[0] = value;
            _have = 1;
            _need = value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4;
            _state = State.Text;
            return Key.None;
        }

        if (value >= ' ' && value < DeleteByte)
        {
            _character[0] = value;
            Text = Encoding.UTF8.GetString(_character.AsSpan(0, 1));
            return Key.Text;
        }

        return Control(value);
    }

    private Key ReadContinuation(byte value)
    {
        _character[_have++] = value;
        if (_have < _need)
        {
            return Key.None;
        }

        _state = State.Plain;
        Text = Encoding.UTF8.GetString(_character.AsSpan(0, _have));
        return Key.Text;
    }

    private Key ReadCsi(byte value)
    {
        if (value >= '0' && value <= '9')
        {
            _parameter = Math.Min(_parameter * 10 + (value - '0'), 999);
            return Key.None;
        }

        if (value < 0x40)
        {
            return Key.None;
        }

        _state = State.Plain;
        return value != '~' ? Final(value) : _parameter switch
        {
            1 or 7 => Key.Home,
            4 or 8 => Key.End,
            3 => Key.Delete,
            _ => Key.None,
        };
    }

    private static Key Final(byte value) => value switch
    {
        (byte)'A' => Key.Up,
        (byte)'B' => Key.Down,
        (byte)'C' => Key.Right,
        (byte)'D' => Key.Left,
        (byte)'H' => Key.Home,
        (byte)'F' => Key.End,
        _ => Key.None,
    };

    private static Key Control(byte value) => value switch
    {
        (byte)'\r' or (byte)'\n' => Key.Enter,
        DeleteByte or 'H' - '@' => Key.Backspace,
        'A' - '@' => Key.Home,
        'B' - '@' => Key.Left,
        CancelByte => Key.Cancel,
        'D' - '@' => Key.Delete,
        'E' - '@' => Key.End,
        'F' - '@' => Key.Right,
        'K' - '@' => Key.KillToEnd,
        'L' - '@' => Key.Redraw,
        'N' - '@' => Key.Down,
        'P' - '@' => Key.Up,
        'U' - '@' => Key.KillLine,
        'W' - '@' => Key.KillWord,
        _ => Key.None,
    };
}
