// ScanCodes: scan code set 1, as the keyboard controller delivers it, to the bytes that a serial terminal would
// send (US layout).
//
// A code with bit 7 set is a key let go. E0 announces one of the keys that the first keyboard did not have.

using System;

namespace Eros.Hal.Input;

/// <summary>Turns scan codes into bytes; remembers shift, control and caps lock.</summary>
public struct ScanCodes
{
    /// <summary>Bytes that one key can make.</summary>
    public const int MaxBytes = 4;

    private const byte Extended = 0xE0;
    private const byte Released = 0x80;
    private const byte Escape = 0x1B;

    private bool _isExtended;
    private bool _shift;
    private bool _control;
    private bool _capsLock;

    private static ReadOnlySpan<byte> Plain =>
        "\0\e1234567890-=\b\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 "u8;

    private static ReadOnlySpan<byte> Shifted =>
        "\0\e!@#$%^&*()_+\b\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 "u8;

    /// <summary>Takes one code. Returns how many bytes of <paramref name="bytes"/> it made, 0 to 4.</summary>
    public int Decode(byte code, Span<byte> bytes)
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

        return isExtended && key is not (0x1C or 0x35) ? Arrow(key, bytes) : Character(key, bytes);
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
            case 0x3A:
                _capsLock ^= isDown;
                return true;
            default:
                return false;
        }
    }

    private readonly int Character(int key, Span<byte> bytes)
    {
        if (key >= Plain.Length)
        {
            return 0;
        }

        byte plain = Plain[key];
        bool isLetter = plain is >= (byte)'a' and <= (byte)'z';
        byte b = _shift != (_capsLock && isLetter) ? Shifted[key] : plain;
        bytes[0] = _control && isLetter ? (byte)(plain & 0x1F) : b;
        return b == 0 ? 0 : 1;
    }

    /// <summary>Cursor and editing keys: ESC [ and a letter, or a digit and a tilde.</summary>
    private static int Arrow(int key, Span<byte> bytes)
    {
        byte letter = key switch
        {
            0x48 => (byte)'A',
            0x50 => (byte)'B',
            0x4D => (byte)'C',
            0x4B => (byte)'D',
            0x47 => (byte)'H',
            0x4F => (byte)'F',
            0x53 => (byte)'3',
            _ => 0,
        };
        if (letter == 0)
        {
            return 0;
        }

        bytes[0] = Escape;
        bytes[1] = (byte)'[';
        bytes[2] = letter;
        bytes[3] = (byte)'~';
        return letter == '3' ? 4 : 3;
    }
}
