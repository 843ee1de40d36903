// LastWords: text on the serial line and on the screen without interrupts, threads or objects: for what must be
// said before there are any, and when the machine stops.
//
// The last line is also left at the symbol ErosEpitaph, and ErosEpitaphFlag is set to 1, for a debugger (LastWords.xs).

using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using Eros.Hal.Serial;
using Eros.Hal.Video;

namespace Eros.Hal.X64;

/// <summary>The machine's end, told in one line.</summary>
public static unsafe class LastWords
{
    /// <summary>Bytes of the epitaph, with the zero at its end.</summary>
    private const int EpitaphBytes = 256;

    private const int HexDigits = 16;

    /// <summary>Says "eros: " and <paramref name="text"/>, then stops for ever.</summary>
    /// <param name="origin">Where physical address 0 is mapped.</param>
    public static void Refuse(byte* origin, string text, string? more = null)
    {
        Line line = new() { Screen = (ushort*)(origin + VgaText.Address) };
        line.Begin();
        line.Add(text);
        line.Add(more);
        line.End();
        Native.Halt();
    }

    /// <summary>Says "eros: stopped: ", the epitaph and the value that was found, then stops for ever.</summary>
    public static void Stop(string epitaph, ulong detail)
    {
        Line line = new() { Screen = (ushort*)(MemoryLayout.DirectMap + VgaText.Address) };
        line.Begin();
        line.Add("stopped: ");
        line.Add(epitaph);
        line.Add(" (0x");
        for (int shift = (HexDigits - 1) * 4; shift >= 0; shift -= 4)
        {
            line.Add("0123456789abcdef"[(int)(detail >> shift) & 15]);
        }

        line.Add(')');
        line.End();
        Native.Halt();
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
        public ushort* Screen;
        private TextCursor _cursor;
        private int _length;

        public void Begin()
        {
            _cursor.Row = TextScreen.Rows - 1;
            Out('\r');
            Out('\n');
            Add("eros: ");
        }

        public void Add(string? text)
        {
            for (int i = 0; text != null && i < text.Length; i++)
            {
                Add(text[i]);
            }
        }

        public void Add(char c)
        {
            Out(c);
            if (_length < EpitaphBytes - 1)
            {
                ((byte*)(delegate*<void>)&Epitaph)[_length++] = (byte)c;
            }
        }

        public void End()
        {
            Out('\r');
            Out('\n');
            *(byte*)(delegate*<void>)&EpitaphFlag = 1;
        }

        private void Out(char c)
        {
            new Uart16550(Uart16550.FirstPort).SendPolled((byte)c);
            new TextScreen(new Span<ushort>(Screen, TextScreen.Cells), ref _cursor).Put((byte)c);
        }
    }
}
