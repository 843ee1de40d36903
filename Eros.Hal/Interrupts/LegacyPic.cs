// LegacyPic: puts the pair of 8259A controllers out of the way (Intel 8259A data sheet, initialization command words).
//
// A masked 8259A can still raise its spurious interrupt (line 7), so the pair is moved to vectors of its own first.

using Eros.Hal.X64;

namespace Eros.Hal.Interrupts;

/// <summary>The two 8259A.</summary>
public static class LegacyPic
{
    private const ushort First = 0x20;
    private const ushort Second = 0xA0;
    private const byte Initialise = 0x11;
    private const byte Mode8086 = 0x01;

    /// <summary>Moves both to <see cref="Vector.Legacy"/> and masks every line.</summary>
    public static void Disable()
    {
        Program(First, Vector.Legacy, 1 << 2);
        Program(Second, Vector.Legacy + 8, 2);
    }

    /// <summary>ICW1 to ICW4, then the mask.</summary>
    private static void Program(ushort port, byte vector, byte cascade)
    {
        ushort data = (ushort)(port + 1);
        Native.Out8(port, Initialise);
        Native.Out8(data, vector);
        Native.Out8(data, cascade);
        Native.Out8(data, Mode8086);
        Native.Out8(data, 0xFF);
    }
}
