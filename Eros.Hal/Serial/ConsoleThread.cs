// ConsoleThread: joins the serial line, the keyboard and the screen to the kernel's terminal.
//
//   serial line, keyboard ─▶ Terminal.Typed          Terminal.TakeOutput ─▶ serial line, screen
//
// It waits for one event, which the two interrupts and the terminal set, and then does whatever there is to do. A line
// feed goes out as CR LF, unless a CR is before it already. That there is input the pager tells the listener, which it
// may have to load first.

using System;
using Eros.Hal.Input;
using Eros.Hal.Video;
using Eros.Hal.X64;
using Eros.Kernel.Threads;

namespace Eros.Hal.Serial;

/// <summary>The console's driver.</summary>
public sealed unsafe class ConsoleThread : KernelThread
{
    private const int OwnPriority = 16;

    // A chip that always has something to say is left alone until its next interrupt.
    private const int MaxRounds = 4096;

    /// <summary>So many looks at the chip that find nothing, about half a millisecond.</summary>
    private const int QuietPolls = 1000;

    // Each byte may need another before it.
    private const int BytesAtOnce = Uart16550.FifoBytes / 2;

    // The cursor's cell, in two registers of the VGA's CRT controller (IBM VGA technical reference).
    private const ushort CursorIndex = 0x3D4;
    private const ushort CursorData = 0x3D5;
    private const byte CursorHigh = 0x0E;
    private const byte CursorLow = 0x0F;

    private readonly Eros.Kernel.Kernel _kernel;
    private readonly Uart16550 _uart;
    private readonly bool _hasUart;
    private TextScreen _screen;
    private ScanCodes _keys;
    private byte _last;

    public ConsoleThread(Eros.Kernel.Kernel kernel, Uart16550 uart, ushort* cells)
        : base("console", OwnPriority, true)
    {
        _kernel = kernel;
        _uart = uart;
        _hasUart = uart.Exists;
        _screen = new TextScreen(cells);
        _screen.Clear(0, TextScreen.Cells);
    }

    public override void Run()
    {
        if (_hasUart)
        {
            // A chip without FIFOs holds a byte, and loses it when it gets them: first let all come that is on its way.
            for (int i = 0, quiet = 0; i < MaxRounds && quiet < QuietPolls; i++)
            {
                quiet = Receive(1) ? 0 : quiet + 1;
            }

            _uart.Initialise();
        }

        Event due = _kernel.Services.ConsoleDue;
        while (true)
        {
            due.Wait();
            due.Reset();
            for (int i = 0; i < MaxRounds && Round(); i++)
            {
            }

            ShowCursor();
        }
    }

    /// <summary>Takes all input and sends one FIFO of output. False when nothing is left to do until the next event.
    /// </summary>
    private bool Round()
    {
        bool hasCause = _hasUart && _uart.IsInterrupting;
        if (_hasUart)
        {
            Receive(MaxRounds);
        }

        for (int i = 0; i < MaxRounds && KeyboardController.TryReceive(out byte code); i++)
        {
            // The bytes that the key makes, the first one lowest.
            for (uint bytes = _keys.Decode(code); bytes != 0; bytes >>= 8)
            {
                Typed((byte)bytes);
            }
        }

        if (_kernel.Terminal.MustTell)
        {
            _kernel.Services.LoadDue.Signal();
        }

        return Send() || hasCause;
    }

    /// <summary>Takes what has come, up to <paramref name="most"/> bytes; false when that is nothing.</summary>
    private bool Receive(int most)
    {
        int count = 0;
        for (; count < most && _uart.TryReceive(out byte value); count++)
        {
            Typed(value);
        }

        return count > 0;
    }

    private void Typed(byte value)
    {
        _kernel.Processor.Close();
        _kernel.Terminal.Typed(value);
        _kernel.Processor.Open();
    }

    private bool Send()
    {
        if (_hasUart && !_uart.CanSend)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[BytesAtOnce];
        _kernel.Processor.Close();
        int count = _kernel.Terminal.TakeOutput(bytes);
        _kernel.Processor.Open();
        for (int i = 0; i < count; i++)
        {
            if (bytes[i] == (byte)'\n' && _last != (byte)'\r')
            {
                Send((byte)'\r');
            }

            Send(bytes[i]);
        }

        return count > 0;
    }

    private void Send(byte value)
    {
        _last = value;
        _screen.Put(value);
        if (_hasUart)
        {
            _uart.Send(value);
        }
    }

    private void ShowCursor()
    {
        int cell = _screen.Cursor;
        Native.Out8(CursorIndex, CursorHigh);
        Native.Out8(CursorData, (byte)(cell >> 8));
        Native.Out8(CursorIndex, CursorLow);
        Native.Out8(CursorData, (byte)cell);
    }
}
