// Uart16550: a serial line (National Semiconductor PC16550D data sheet, 8.0 registers), 115200 baud, 8 data bits,
// no parity, 1 stop bit.
//
//   +0 receive, transmit (DLAB: divisor low) | +1 interrupt enable (DLAB: divisor high)
//   +2 identification | +3 line control | +4 modem control | +5 line status | +7 scratch
//
// Its interrupt says only that something happened: the console thread then reads everything that has come and sends the
// next byte if there is room, until the chip reports no more causes; so no edge is lost.
//
// The FIFOs are left as the firmware left them: a chip that gets them, or loses them, forgets what has come.

using System;
using Eros.Hal.X64;

namespace Eros.Hal.Serial;

/// <summary>The UART at <paramref name="port"/>.</summary>
public readonly struct Uart16550(ushort port)
{
    /// <summary>COM1.</summary>
    public const ushort FirstPort = 0x3F8;

    /// <summary>Its ISA interrupt.</summary>
    public const int FirstLine = 4;

    private const int InterruptEnable = 1;
    private const int Identification = 2;
    private const int LineControl = 3;
    private const int ModemControl = 4;
    private const int LineStatus = 5;
    private const int Scratch = 7;

    private const byte DivisorAccess = 0x80;
    private const byte EightBits = 0x03;
    private const byte Divisor115200 = 1;
    private const byte ReadyAndInterruptOut = 0x0B;
    private const byte InterruptOnReceiveAndEmpty = 0x03;
    private const byte NoCause = 0x01;
    private const byte DataReady = 0x01;
    private const byte TransmitEmpty = 0x20;
    private const int MaxPolls = 100_000;

    private readonly ushort _port = port;

    /// <summary>True when a chip answers there: its scratch register keeps what is written.</summary>
    public bool Exists
    {
        get
        {
            Write(Scratch, 0x5A);
            return Read(Scratch) == 0x5A;
        }
    }

    /// <summary>True while the chip has a reason to interrupt; reading the reason clears "transmitter empty".</summary>
    public bool IsInterrupting => (Read(Identification) & NoCause) == 0;

    /// <summary>True when a byte can be sent without waiting.</summary>
    public bool CanSend => (Read(LineStatus) & TransmitEmpty) != 0;

    /// <summary>Sets speed and format. From then on it interrupts whenever a byte comes or the transmit FIFO is
    /// empty.</summary>
    public void Initialise()
    {
        ReadOnlySpan<byte> steps =
        [
            LineControl, DivisorAccess,
            0, Divisor115200,
            InterruptEnable, 0,
            LineControl, EightBits,
            ModemControl, ReadyAndInterruptOut,
            InterruptEnable, InterruptOnReceiveAndEmpty,
        ];
        for (int i = 0; i < steps.Length; i += 2)
        {
            Write(steps[i], steps[i + 1]);
        }
    }

    public void Send(byte value) => Write(0, value);

    /// <summary>Takes a byte that has come. False: none has.</summary>
    public bool TryReceive(out byte value)
    {
        bool isReady = (Read(LineStatus) & DataReady) != 0;
        value = isReady ? Read(0) : (byte)0;
        return isReady;
    }

    /// <summary>Sends without interrupts, for the first and the last words of the kernel. Gives up on a line that
    /// is stuck.</summary>
    public void SendPolled(byte value)
    {
        for (int i = 0; i < MaxPolls && !CanSend; i++)
        {
        }

        Send(value);
    }

    private byte Read(int register) => Native.In8((ushort)(_port + register));

    private void Write(int register, byte value) => Native.Out8((ushort)(_port + register), value);
}
