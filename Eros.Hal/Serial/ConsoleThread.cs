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
    private byte _held;
    private bool _isHeld;

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
            _uart.Initialise();
        }

        Event due = _kernel.Services.ConsoleDue;
        while (true)
        {
            due.Wait();
            due.Reset();
            int idle = 0;
            bool hasCause;
            do
            {
                hasCause = TakeInput();
                idle = Send() ? 0 : idle + 1;
            }
            while (idle == 0 || (hasCause && idle < MaxRounds));

            ShowCursor();
        }
    }

    /// <summary>Takes all input. True when the chip had a reason to interrupt: there may be more.</summary>
    private bool TakeInput()
    {
        bool hasCause = _hasUart && _uart.IsInterrupting;
        for (int i = 0; i < MaxRounds && _hasUart && _uart.TryReceive(out byte value); i++)
        {
            Typed(value);
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

        return hasCause;
    }

    private void Typed(byte value)
    {
        _kernel.Processor.Close();
        _kernel.Terminal.Typed(value);
        _kernel.Processor.Open();
    }

    /// <summary>Sends a byte of output. False when there is none, or the chip has no room before its next
    /// interrupt.</summary>
    private bool Send()
    {
        if (_hasUart && !_uart.CanSend)
        {
            return false;
        }

        // A line's end wants another byte before it, when the chip has room again.
        if (!_isHeld)
        {
            _kernel.Processor.Close();
            _isHeld = _kernel.Terminal.TakeOutput(new Span<byte>(ref _held)) != 0;
            _kernel.Processor.Open();
        }

        if (!_isHeld)
        {
            return false;
        }

        _isHeld = _held == (byte)'\n' && _last != (byte)'\r';
        Send(_isHeld ? (byte)'\r' : _held);
        return true;
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
