// LastWords: text on the serial line and on the screen without interrupts, threads or objects: for what must be
// said before there are any, and when the machine stops.
//
// The last line is also left at the symbol ErosEpitaph, and ErosEpitaphFlag is set to 1, for a debugger (LastWords.xs).

using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;
using Eros.Hal.Serial;
using Eros.Hal.Video;

namespace Eros.Hal.X64;

/// <summary>The machine's end, told in one line. Nothing more is written to the disk.</summary>
public static unsafe class LastWords
{
    /// <summary>Bytes of the epitaph, with the zero at its end.</summary>
    private const int EpitaphBytes = 256;

    private const int HexDigits = 16;

    /// <summary>Says "eros: stopped: ", the epitaph and the value that was found, then stops for ever.</summary>
    [DoesNotReturn]
    public static void Halt(ReadOnlySpan<byte> epitaph, ulong detail)
    {
        Span<byte> value = stackalloc byte[HexDigits];
        for (int i = 0; i < HexDigits; i++)
        {
            value[i] = "0123456789abcdef"u8[(int)(detail >> ((HexDigits - 1 - i) * 4)) & 15];
        }

        Line line = new((ushort*)(MemoryLayout.DirectMap + TextScreen.Address));
        line.Add("stopped: "u8);
        line.Add(epitaph);
        line.Add(" 0x"u8);
        line.Add(value);
        line.End();
    }

    /// <summary>Says "eros: " and the text, then stops for ever.</summary>
    /// <param name="origin">Where physical address 0 is mapped.</param>
    [DoesNotReturn]
    public static void Refuse(byte* origin, ReadOnlySpan<byte> text, ReadOnlySpan<byte> more = default)
    {
        Line line = new((ushort*)(origin + TextScreen.Address));
        line.Add(text);
        line.Add(more);
        line.End();
    }

    [RuntimeImport("*", "ErosEpitaph")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Epitaph();

    [RuntimeImport("*", "ErosEpitaphFlag")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void EpitaphFlag();

    /// <summary>The last line of the screen, the serial line and the epitaph at once.</summary>
    private struct Line
    {
        private TextScreen _screen;
        private int _length;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public Line(ushort* cells)
        {
            _screen = new TextScreen(cells) { Row = TextScreen.Rows - 1 };
            Add("\r\neros: "u8);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Add(ReadOnlySpan<byte> text)
        {
            foreach (byte b in text)
            {
                new Uart16550(Uart16550.FirstPort).SendPolled(b);
                _screen.Put(b);
                if (_length < EpitaphBytes - 1)
                {
                    ((byte*)(delegate*<void>)&Epitaph)[_length++] = b;
                }
            }
        }

        [DoesNotReturn]
        public void End()
        {
            Add("\r\n"u8);
            *(byte*)(delegate*<void>)&EpitaphFlag = 1;
            while (true)
            {
                Native.Halt();
            }
        }
    }
}
