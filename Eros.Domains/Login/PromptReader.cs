// PromptReader: a line at a login prompt, from the bytes of a terminal. What was typed is kept as bytes, which are
// wiped: it may be a password. Escape sequences mean nothing here.

using System;

namespace Eros.Domains.Login;

/// <summary>What a byte led to.</summary>
internal enum PromptEvent
{
    None,

    /// <summary>The line is complete: <see cref="PromptReader.Line"/>.</summary>
    Entered,

    /// <summary>Ctrl-C.</summary>
    Cancelled,
}

internal sealed class PromptReader
{
    /// <summary>Bytes of a line; what is beyond is not taken.</summary>
    public const int MaxBytes = 128;

    private const byte Cancel = 'C' - '@';
    private const byte Kill = 'U' - '@';
    private const byte Backspace = 'H' - '@';
    private const byte Delete = 0x7F;

    private readonly byte[] _line = new byte[MaxBytes];
    private int _length;
    private bool _isHidden;

    /// <summary>What was typed; until <see cref="Begin"/>.</summary>
    public ReadOnlySpan<byte> Line => _line.AsSpan(0, _length);

    /// <summary>Forgets the line, and begins another.</summary>
    /// <param name="isHidden">Nothing of it is to be seen.</param>
    public void Begin(bool isHidden)
    {
        _line.AsSpan().Clear();
        _length = 0;
        _isHidden = isHidden;
    }

    /// <summary>Takes a byte. <paramref name="echo"/> is for the terminal.</summary>
    public PromptEvent Type(byte value, out string echo)
    {
        echo = "";
        switch (value)
        {
            case (byte)'\r' or (byte)'\n':
                echo = "\r\n";
                return PromptEvent.Entered;
            case Cancel:
                echo = "^C\r\n";
                return PromptEvent.Cancelled;
            case Backspace or Delete:
                echo = _length > 0 && !_isHidden ? "\b \b" : "";
                _length = Math.Max(_length - 1, 0);
                break;
            case Kill:
                while (!_isHidden && _length-- > 0)
                {
                    echo += "\b \b";
                }

                _length = 0;
                break;
            case >= (byte)' ' when _length < MaxBytes && (_isHidden || value < Delete):
                _line[_length++] = value;
                echo = _isHidden ? "" : ((char)value).ToString();
                break;
        }

        return PromptEvent.None;
    }
}
