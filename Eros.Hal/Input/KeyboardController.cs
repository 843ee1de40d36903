// KeyboardController: the i8042 and a PS/2 keyboard behind it (IBM PS/2 Hardware Interface Technical Reference,
// keyboard and auxiliary device controller).
//
//   port 60 data | port 64 status (bit 0 output full, 1 input full, 5 output is the mouse's), command
//   command 20, 60 read and write the controller's byte: bit 0 keyboard interrupt, 4 keyboard off, 6 translate to set 1

using Eros.Hal.X64;

namespace Eros.Hal.Input;

/// <summary>The keyboard's end of the controller.</summary>
public static class KeyboardController
{
    /// <summary>Its ISA interrupt.</summary>
    public const int Line = 1;

    private const ushort Data = 0x60;
    private const ushort Status = 0x64;
    private const byte OutputFull = 1;
    private const byte InputFull = 2;
    private const byte FromMouse = 1 << 5;
    private const byte ReadControl = 0x20;
    private const byte WriteControl = 0x60;
    private const byte InterruptBit = 1;
    private const byte DisabledBit = 1 << 4;
    private const byte TranslateBit = 1 << 6;
    private const int MaxPolls = 100_000;

    // Bytes that the controller and the keyboard can hold between them, with room to spare.
    private const int MaxPending = 32;

    /// <summary>Turns the keyboard and its interrupt on. False: there is no controller, or it does not
    /// answer.</summary>
    public static bool Enable()
    {
        for (int i = 0; i < MaxPending && TryReceive(out _); i++)
        {
        }

        if (Native.In8(Status) == 0xFF || !Send(Status, ReadControl) || !Wait(OutputFull, OutputFull))
        {
            return false;
        }

        int control = Native.In8(Data);
        control = (control | InterruptBit | TranslateBit) & ~DisabledBit;
        return Send(Status, WriteControl) && Send(Data, (byte)control);
    }

    /// <summary>Takes a scan code; what a mouse sends is dropped as 0. False: there is none.</summary>
    public static bool TryReceive(out byte code)
    {
        byte status = Native.In8(Status);
        code = 0;
        if ((status & OutputFull) == 0 || status == 0xFF)
        {
            return false;
        }

        byte data = Native.In8(Data);
        code = (status & FromMouse) == 0 ? data : (byte)0;
        return true;
    }

    private static bool Send(ushort port, byte value)
    {
        bool isReady = Wait(InputFull, 0);
        if (isReady)
        {
            Native.Out8(port, value);
        }

        return isReady;
    }

    private static bool Wait(byte mask, byte value)
    {
        for (int i = 0; i < MaxPolls; i++)
        {
            if ((Native.In8(Status) & mask) == value)
            {
                return true;
            }
        }

        return false;
    }
}
