// Terminal: the console's two rings, between the domains and the console's kernel thread.
//
//   Write (session capability) ─▶ output ring ─▶ TryTakeOutput (thread ─▶ serial line, screen)
//   Read  (session capability) ◀─ input ring  ◀─ Typed (thread ◀─ serial line, keyboard)
//
// A domain's string is taken whole or not at all: the output ring holds the longest. The kernel's own lines have room
// beyond that, which domains cannot fill. What is typed beyond the input ring is lost. Nothing here outlives a restart.
//
// Invariant K1: the listener is told once for all input that arrives after a Read has found the ring empty.

using System;
using Eros.Kernel.Processes;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Console;

/// <summary>Bytes to and from the console. All of it with the gate closed.</summary>
public sealed class Terminal(Services services, StallQueues stalls)
{
    private const int OutputCapacity = Limits.ConsoleOutput + Limits.ConsoleKernelOutput;

    private readonly Services _services = services;
    private readonly StallQueues _stalls = stalls;
    private readonly byte[] _output = new byte[OutputCapacity];
    private readonly byte[] _input = new byte[Limits.ConsoleInput];
    private int _outputFirst;
    private int _outputCount;
    private int _inputFirst;
    private int _inputCount;
    private Capability _listener;
    private bool _isArmed;

    /// <summary>Bytes that a domain may write now.</summary>
    public int Room => Limits.ConsoleOutput - _outputCount;

    /// <summary>Bytes that wait to be read.</summary>
    public int InputCount => _inputCount;

    /// <summary>True when the last byte written ended its line.</summary>
    public bool IsAtLineStart { get; private set; } = true;

    /// <summary>
    /// The notification capability that is told of input; void: none. Whoever sets it is told at once of what is there.
    /// </summary>
    public Capability Listener
    {
        get => _listener;
        set
        {
            _listener = value;
            _isArmed = true;
            HaveItTold();
        }
    }

    /// <summary>Puts a byte out; lost when even the kernel's room is full.</summary>
    public void Put(byte value)
    {
        if (_outputCount == OutputCapacity)
        {
            return;
        }

        int position = _outputFirst + _outputCount;
        _output[position < OutputCapacity ? position : position - OutputCapacity] = value;
        _outputCount++;
        IsAtLineStart = value == (byte)'\n';
    }

    /// <summary>Puts bytes out for which there is room.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            Put(bytes[i]);
        }

        _services.ConsoleDue.Signal();
    }

    /// <summary>The thread takes bytes out; returns how many.</summary>
    public int TakeOutput(Span<byte> to)
    {
        int count = Math.Min(to.Length, _outputCount);
        for (int i = 0; i < count; i++)
        {
            to[i] = _output[_outputFirst];
            _outputFirst = _outputFirst + 1 == OutputCapacity ? 0 : _outputFirst + 1;
        }

        _outputCount -= count;
        if (count > 0 && Room >= Limits.ConsoleOutput / 2)
        {
            _stalls.WakeAll(StallReason.ConsoleRoom);
        }

        return count;
    }

    /// <summary>The thread brings a byte that was typed.</summary>
    public void Typed(byte value)
    {
        if (_inputCount < Limits.ConsoleInput)
        {
            _input[(_inputFirst + _inputCount) & (Limits.ConsoleInput - 1)] = value;
            _inputCount++;
        }

        HaveItTold();
    }

    /// <summary>Takes typed bytes out; returns how many.</summary>
    public int Read(Span<byte> to)
    {
        int count = Math.Min(to.Length, _inputCount);
        for (int i = 0; i < count; i++)
        {
            to[i] = _input[_inputFirst];
            _inputFirst = (_inputFirst + 1) & (Limits.ConsoleInput - 1);
        }

        _inputCount -= count;
        _isArmed |= _inputCount == 0;
        return count;
    }

    /// <summary>True when the listener must be told of input, and has not been since the ring was last empty.</summary>
    public bool MustTell => _isArmed && _inputCount > 0 && _listener.Type == CapabilityType.Notification;

    /// <summary>The listener has been told.</summary>
    public void Told() => _isArmed = false;

    // The pager tells: the listener may have to be loaded first.
    private void HaveItTold()
    {
        if (MustTell)
        {
            _services.LoadDue.Signal();
        }
    }
}
