// KernelLog: the kernel's own lines on the console. Each begins on a new line with "eros: ".

using System;
using System.Runtime.CompilerServices;
using Eros.Kernel.Processes;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Console;

/// <summary>Writes one line, piece by piece, into the terminal's output.</summary>
public sealed class KernelLog(Terminal terminal, Services services)
{
    private const int HexDigits = 16;
    private const int BitsPerDigit = 4;

    private readonly Terminal _terminal = terminal;
    private readonly Services _services = services;

    /// <summary>Begins a line.</summary>
    public KernelLog Begin(ReadOnlySpan<byte> text)
    {
        if (!_terminal.IsAtLineStart)
        {
            _terminal.Put((byte)'\n');
        }

        return Text("eros: "u8).Text(text);
    }

    /// <summary>Adds text.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public KernelLog Text(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            _terminal.Put(text[i]);
        }

        return this;
    }

    /// <summary>Adds a number as 0x and lower-case digits, without leading zeros.</summary>
    public KernelLog Hex(ulong value)
    {
        int digits = 1;
        while (digits < HexDigits && (value >> (digits * BitsPerDigit)) != 0)
        {
            digits++;
        }

        return Text("0x"u8).Digits(value, digits);
    }

    /// <summary>Adds an OID, 12 digits as everywhere.</summary>
    public KernelLog Oid(Oid oid) => Digits(oid.Value, Persistence.Layout.Oid.Bits / BitsPerDigit);

    /// <summary>Adds a decimal number.</summary>
    public KernelLog Decimal(ulong value)
    {
        ulong unit = 1;
        while (value / unit >= 10)
        {
            unit *= 10;
        }

        for (; unit > 0; unit /= 10)
        {
            _terminal.Put((byte)('0' + (value / unit % 10)));
        }

        return this;
    }

    /// <summary>Ends the line.</summary>
    public void End()
    {
        _terminal.Put((byte)'\n');
        _services.ConsoleDue.Signal();
    }

    private KernelLog Digits(ulong value, int count)
    {
        for (int digit = count - 1; digit >= 0; digit--)
        {
            _terminal.Put((byte)"0123456789abcdef"[(int)(value >> (digit * BitsPerDigit)) & 15]);
        }

        return this;
    }
}
