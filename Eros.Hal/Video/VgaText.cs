// VgaText: the text screen of the VGA, mode 3, as the firmware left it, and its cursor (IBM VGA technical
// reference, CRT controller: index port 3D4, registers 0E and 0F hold the cursor's cell).

using System;
using Eros.Hal.X64;

namespace Eros.Hal.Video;

/// <summary>Shows what goes out over the serial line.</summary>
/// <param name="cells">The 2000 cells, mapped.</param>
public sealed unsafe class VgaText(ushort* cells)
{
    /// <summary>Physical address of the cells.</summary>
    public const ulong Address = 0xB8000;

    private const ushort IndexPort = 0x3D4;
    private const ushort DataPort = 0x3D5;
    private const byte CursorHigh = 0x0E;
    private const byte CursorLow = 0x0F;

    private readonly ushort* _cells = cells;
    private TextCursor _cursor;

    public void Clear() => Screen().Clear();

    /// <summary>Shows bytes; the cursor follows the last of them.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        TextScreen screen = Screen();
        for (int i = 0; i < bytes.Length; i++)
        {
            screen.Put(bytes[i]);
        }

        int cell = _cursor.Row * TextScreen.Columns + Math.Min(_cursor.Column, TextScreen.Columns - 1);
        SetRegister(CursorHigh, (byte)(cell >> 8));
        SetRegister(CursorLow, (byte)cell);
    }

    private TextScreen Screen() => new(new Span<ushort>(_cells, TextScreen.Cells), ref _cursor);

    private static void SetRegister(byte register, byte value)
    {
        Native.Out8(IndexPort, register);
        Native.Out8(DataPort, value);
    }
}
