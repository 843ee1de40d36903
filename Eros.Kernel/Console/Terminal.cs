// Terminal: the console's two rings, between the domains and the console's kernel thread.
//
//   Write (session capability) ─▶ output ring ─▶ TryTakeOutput (thread ─▶ serial line, screen)
//   Read  (session capability) ◀─ input ring  ◀─ Typed (thread ◀─ serial line, keyboard)
//
// A domain's string is taken whole or not at all: the output ring holds the longest. The kernel's own lines have room
// beyond that, which domains cannot fill. What is typed beyond the input ring is lost. Nothing here outlives a restart.
//
// One key is nobody's input: the attention key. It ends every session, drops what waits to be read or shown, and has
// the attention listener told. So who presses it knows that he talks to the holder of the grant afterwards, whatever
// program had the terminal before; and no program can be typed it or pretend that it was typed.
//
// Sessions are numbered within a boot. The last number is never given out: no session is open then until a restart.
//
// Invariants
//  K1 the listener is told once for all input that arrives after a Read has found the ring empty.
//  K2 a session capability is good while its epoch is this boot's and its number the present one; neither comes again.

using System;
using Eros.Kernel.Processes;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Console;

/// <summary>Bytes to and from the console. All of it with the gate closed.</summary>
public sealed class Terminal(Services services, StallQueues stalls)
{
    /// <summary>The attention key as the drivers bring it: Ctrl-] of a serial terminal; the keyboard's driver makes it
    /// of Ctrl-Alt-Del.</summary>
    public const byte AttentionByte = 0x1D;

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
    private bool _isArmedByKeys;
    private Capability _attentionListener;
    private bool _isAttentionDue;

    /// <summary>Bytes that a domain may write now.</summary>
    public int Room => Limits.ConsoleOutput - _outputCount;

    /// <summary>Bytes that wait to be read.</summary>
    public int InputCount => _inputCount;

    /// <summary>True when the last byte written ended its line.</summary>
    public bool IsAtLineStart { get; private set; } = true;

    /// <summary>The number of the sessions that are open; <see cref="uint.MaxValue"/>: none can be any more.</summary>
    public uint Session { get; set; }

    /// <summary>The notification capability that is told of the attention key; void: none. What the one before has not
    /// been told yet, the new one is: it may find its session void, and listen anew, first.</summary>
    public Capability AttentionListener
    {
        get => _attentionListener;
        set
        {
            _attentionListener = value;
            _isAttentionDue &= value.Type == CapabilityType.Notification;
        }
    }

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
        if (value == AttentionByte)
        {
            CloseSessions();
            _outputCount = 0;
            IsAtLineStart = false;
            _isAttentionDue = _attentionListener.Type == CapabilityType.Notification;
        }
        else if (_inputCount < Limits.ConsoleInput)
        {
            _input[(_inputFirst + _inputCount) & (Limits.ConsoleInput - 1)] = value;
            _inputCount++;
        }

        _isArmed |= _isArmedByKeys;
        HaveItTold();
    }

    /// <summary>Ends all sessions, and forgets what was typed to them. Whoever waits to write finds that out.</summary>
    public void CloseSessions()
    {
        Session += Session == uint.MaxValue ? 0 : 1u;
        _inputCount = 0;
        _listener = default;
        _stalls.WakeAll(StallReason.ConsoleRoom);
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

    /// <summary>True when a listener must be told: of the attention key, or of input, and it has not been since the
    /// ring was last empty.</summary>
    public bool MustTell =>
        _isAttentionDue || (_isArmed && _inputCount > 0 && _listener.Type == CapabilityType.Notification);

    /// <summary>Who must be told first.</summary>
    public ref readonly Capability Due => ref _isAttentionDue ? ref _attentionListener : ref _listener;

    /// <summary>That one has been told, or could not be loaded: then it may be at the next key.</summary>
    public void Told(bool isHeard)
    {
        _isArmedByKeys = !isHeard;
        _isArmed &= _isAttentionDue;
        _isAttentionDue = false;
    }

    // The pager tells: the listener may have to be loaded first.
    private void HaveItTold()
    {
        if (MustTell)
        {
            _services.LoadDue.Signal();
        }
    }
}
