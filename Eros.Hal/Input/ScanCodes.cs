// ScanCodes: scan code set 1, as the keyboard controller delivers it, to the bytes that a serial terminal would
// send (US layout).
//
// A code with bit 7 set is a key let go. E0 announces one of the keys that the first keyboard did not have.

using System;
using Eros.Kernel.Console;

namespace Eros.Hal.Input;

/// <summary>Turns scan codes into bytes; remembers shift, control, alternate and caps lock.</summary>
public struct ScanCodes
{
    private const byte Extended = 0xE0;
    private const byte Released = 0x80;
    private const int DeleteKey = 0x53;

    private bool _isExtended;
    private bool _shift;
    private bool _control;
    private bool _alternate;
    private bool _capsLock;

    private static ReadOnlySpan<byte> Plain =>
        "\0\e1234567890-=\b\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 "u8;

    private static ReadOnlySpan<byte> Shifted =>
        "\0\e!@#$%^&*()_+\b\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 "u8;

    /// <summary>Takes one code. Returns the bytes that it made, up to four, the first one lowest; 0: none.</summary>
    public uint Decode(byte code)
    {
        if (code == Extended)
        {
            _isExtended = true;
            return 0;
        }

        bool isExtended = _isExtended;
        _isExtended = false;
        bool isDown = (code & Released) == 0;
        int key = code & ~Released;
        if (TakeModifier(key, isDown) || !isDown)
        {
            return 0;
        }

        return _control && _alternate && key == DeleteKey ? Terminal.AttentionByte
            : isExtended && key is not (0x1C or 0x35) ? Cursor(key) : Character(key);
    }

    private bool TakeModifier(int key, bool isDown)
    {
        switch (key)
        {
            case 0x2A or 0x36:
                _shift = isDown;
                return true;
            case 0x1D:
                _control = isDown;
                return true;
            case 0x38:
                _alternate = isDown;
                return true;
            case 0x3A:
                _capsLock ^= isDown;
                return true;
            default:
                return false;
        }
    }

    private readonly uint Character(int key)
    {
        if (key >= Plain.Length)
        {
            return 0;
        }

        byte plain = Plain[key];
        bool isLetter = plain is >= (byte)'a' and <= (byte)'z';
        return _control && isLetter ? plain & 0x1Fu
            : _shift != (_capsLock && isLetter) ? Shifted[key] : plain;
    }

    /// <summary>Cursor and editing keys: ESC [ and a letter, or a digit and a tilde.</summary>
    private static uint Cursor(int key)
    {
        const uint Introducer = 0x5B1B;
        uint rest = key switch
        {
            0x48 => 'A',
            0x50 => 'B',
            0x4D => 'C',
            0x4B => 'D',
            0x47 => 'H',
            0x4F => 'F',
            0x53 => '3' | ('~' << 8),
            _ => 0,
        };
        return rest == 0 ? 0 : Introducer | (rest << 16);
    }
}
