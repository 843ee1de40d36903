// ConsoleThread: joins the serial line, the keyboard and the screen to the kernel's terminal.
//
//   serial line, keyboard ─▶ Terminal.Typed          Terminal.TakeOutput ─▶ serial line, screen
//
// It waits for one event, which the two interrupts and the terminal set, and then does whatever there is to do. A
// line feed goes out as CR LF, unless a CR is before it already. That there is input the pager tells the listener,
// which it may have to load first.

using System;
using Eros.Hal.Input;
using Eros.Hal.Video;
using Eros.Kernel.Console;
using Eros.Kernel.Threads;

namespace Eros.Hal.Serial;

/// <summary>The console's driver.</summary>
public sealed class ConsoleThread : KernelThread
{
    private const int OwnPriority = 16;

    // A chip that reports causes for ever is left alone until its next interrupt.
    private const int MaxRounds = 4096;

    private readonly Eros.Kernel.Kernel _kernel;
    private readonly Terminal _terminal;
    private readonly Event _due;
    private readonly Uart16550 _uart;
    private readonly VgaText _screen;
    private readonly bool _hasUart;
    private readonly byte[] _pending = new byte[Uart16550.FifoBytes / 2];
    private ScanCodes _keys;
    private byte _last;

    public ConsoleThread(Eros.Kernel.Kernel kernel, Uart16550 uart, VgaText screen)
        : base("console", OwnPriority, true)
    {
        _kernel = kernel;
        _terminal = kernel.Terminal;
        _due = kernel.Services.ConsoleDue;
        _uart = uart;
        _screen = screen;
        _hasUart = uart.Exists;
    }

    public override void Run()
    {
        if (_hasUart)
        {
            _uart.EnableInterrupts();
        }

        while (true)
        {
            _due.Wait();
            _due.Reset();
            for (int i = 0; i < MaxRounds && Round(); i++)
            {
            }
        }
    }

    /// <summary>Takes all input and sends one FIFO of output. False when nothing is left to do until the next
    /// event.</summary>
    private bool Round()
    {
        bool hasCause = _hasUart && _uart.IsInterrupting;
        ReceiveSerial();
        ReceiveKeys();
        return Send() || hasCause;
    }

    private void ReceiveSerial()
    {
        for (int i = 0; i < MaxRounds && _hasUart && _uart.TryReceive(out byte value); i++)
        {
            Typed(value);
        }
    }

    private void ReceiveKeys()
    {
        Span<byte> bytes = stackalloc byte[ScanCodes.MaxBytes];
        for (int i = 0; i < MaxRounds && KeyboardController.TryReceive(out byte code); i++)
        {
            int count = _keys.Decode(code, bytes);
            for (int k = 0; k < count; k++)
            {
                Typed(bytes[k]);
            }
        }
    }

    private void Typed(byte value)
    {
        _kernel.Processor.Close();
        _terminal.Typed(value);
        _kernel.Processor.Open();
    }

    private bool Send()
    {
        if (_hasUart && !_uart.CanSend)
        {
            return false;
        }

        _kernel.Processor.Close();
        int count = _terminal.TakeOutput(_pending);
        _kernel.Processor.Open();
        Span<byte> line = stackalloc byte[Uart16550.FifoBytes];
        int length = 0;
        for (int i = 0; i < count; i++)
        {
            if (_pending[i] == (byte)'\n' && _last != (byte)'\r')
            {
                line[length++] = (byte)'\r';
            }

            _last = _pending[i];
            line[length++] = _last;
        }

        for (int i = 0; i < length && _hasUart; i++)
        {
            _uart.Send(line[i]);
        }

        _screen.Write(line.Slice(0, length));
        return count > 0;
    }
}
