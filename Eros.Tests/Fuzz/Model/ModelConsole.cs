using System;
using System.Collections.Generic;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model;

/// <summary>The console's two queues. The kernel's own lines are in the output, but the model does not know what they
/// say.</summary>
internal sealed class ModelConsole(ModelWorld world)
{
    /// <summary>The attention key: Ctrl-].</summary>
    public const byte AttentionByte = 0x1D;

    private const short Anything = -1;

    private readonly Queue<short> _output = [];
    private readonly Queue<byte> _input = [];
    private Capability _listener;
    private bool _isArmed;
    private Capability _attentionListener;
    private bool _isAttentionDue;

    public int OutputCount => _output.Count;

    public int InputCount => _input.Count;

    public int Room => Limits.ConsoleOutput - _output.Count;

    /// <summary>The number of the sessions that are open.</summary>
    public uint Session { get; private set; }

    private bool MustTell =>
        _isAttentionDue || (_isArmed && _input.Count > 0 && _listener.Type == CapabilityType.Notification);

    public bool IsOpen(in Capability session) => session.Version == world.BootEpoch && session.Data == Session;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            _output.Enqueue(value);
        }
    }

    /// <summary>The kernel has written so many bytes of its own.</summary>
    public void WriteAnything(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _output.Enqueue(Anything);
        }
    }

    /// <summary>Takes output out; false when it is not what was written.</summary>
    public bool Take(ReadOnlySpan<byte> bytes, int wanted)
    {
        bool isRight = bytes.Length == Math.Min(wanted, _output.Count);
        for (int i = 0; i < bytes.Length && isRight; i++)
        {
            short expected = _output.Dequeue();
            isRight = expected == Anything || expected == bytes[i];
        }

        if (bytes.Length > 0 && Room >= Limits.ConsoleOutput / 2)
        {
            world.Wake(StallReason.ConsoleRoom);
        }

        return isRight;
    }

    public void Typed(byte value)
    {
        if (value == AttentionByte)
        {
            CloseSessions();
            _output.Clear();
            _isAttentionDue = _attentionListener.Type == CapabilityType.Notification;
        }
        else if (_input.Count < Limits.ConsoleInput)
        {
            _input.Enqueue(value);
        }
    }

    public byte[] Read(int room)
    {
        var bytes = new byte[Math.Min(room, _input.Count)];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = _input.Dequeue();
        }

        _isArmed |= _input.Count == 0;
        return bytes;
    }

    public void Listen(in Capability listener)
    {
        _listener = listener;
        _isArmed = true;
    }

    public void ListenAttention(in Capability listener)
    {
        _attentionListener = listener;
        _isAttentionDue &= listener.Type == CapabilityType.Notification;
    }

    public void CloseSessions()
    {
        Session++;
        _input.Clear();
        _listener = default;
        world.Wake(StallReason.ConsoleRoom);
    }

    /// <summary>The listeners are told, of the attention key first, until one is on the disk: then false.</summary>
    public bool TellListeners()
    {
        while (MustTell)
        {
            Capability due = _isAttentionDue ? _attentionListener : _listener;
            Found found = world.Find(due, out ModelFrame? process);
            if (found == Found.Absent)
            {
                return false;
            }

            if (found == Found.Object && world.Notify(process!, due.Data))
            {
                world.Start(process!);
            }

            _isArmed &= _isAttentionDue;
            _isAttentionDue = false;
        }

        return true;
    }
}
