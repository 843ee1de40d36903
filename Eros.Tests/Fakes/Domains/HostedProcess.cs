// HostedProcess: one process of a HostedSystem, and the kernel as its thread sees it.

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Tests.Fakes.Domains;

internal sealed unsafe class HostedProcess(HostedSystem system) : HostedKernel, IDisposable
{
    private const ulong NoCall = ulong.MaxValue;
    private const int LengthShift = 32;

    private readonly HostedSystem _system = system;
    private readonly Dictionary<ulong, nint> _memory = [];
    private HostedMessage? _inbox;
    private bool _isAvailable;
    private ulong _calls;
    private ulong _waitsFor = NoCall;
    private uint _notifications;

    /// <summary>The capability registers.</summary>
    public HostedCapability?[] Registers { get; } = new HostedCapability?[CapabilityRegisters.Count];

    /// <summary>True while the process waits for anybody's message.</summary>
    public bool IsAvailable => _isAvailable;

    /// <summary>True when the process is on the disk only, and the disk cannot read it just then: an answer to it is
    /// lost, as in the kernel.</summary>
    public Func<bool> IsUnreadable { get; set; } = () => false;

    /// <summary>Waits until the process waits for anybody's message, having served all that had come.</summary>
    public void WaitUntilIdle()
    {
        lock (_system.Gate)
        {
            WaitUntil(() => _isAvailable);
        }
    }

    /// <summary>Gives the process memory at an address of its space.</summary>
    public byte* MapMemory(ulong address, int bytes)
    {
        byte* memory = (byte*)NativeMemory.AllocZeroed((nuint)bytes);
        _memory[address] = (nint)memory;
        return memory;
    }

    public void Dispose()
    {
        foreach (nint memory in _memory.Values)
        {
            NativeMemory.Free((void*)memory);
        }
    }

    public override byte* MemoryAt(ulong address) => (byte*)_memory[address];

    public override void Invoke(ref MessageRegisters registers)
    {
        lock (_system.Gate)
        {
            _system.OnInvoke?.Invoke(this);
            InvocationWord word = new(registers.Control);
            HostedCapability? invoked = HostedForwarder.Follow(Registers[word.Invoked]);
            HostedMessage message = Outgoing(word, registers, invoked);
            switch (word.Kind)
            {
                case InvocationKind.Call:
                    ulong call = ++_calls;
                    message.Capabilities[3] = new HostedResume(this, call);
                    _waitsFor = call;
                    Deliver(invoked, message, waits: true);
                    WaitUntil(() => _waitsFor == NoCall);
                    break;
                case InvocationKind.Send or InvocationKind.Reply:
                    Deliver(invoked, message, waits: word.Kind == InvocationKind.Send);
                    return;
                default:
                    Deliver(invoked, message, waits: word.Kind == InvocationKind.Delegate);
                    _isAvailable = true;
                    TakeNotifications();
                    Monitor.PulseAll(_system.Gate);
                    WaitUntil(() => !_isAvailable);
                    break;
            }

            Incoming(word, ref registers, _inbox!);
            _inbox = null;
        }
    }

    /// <summary>Sets bits of the process, and tells it if it is available. The gate is held.</summary>
    public void Notify(uint bits)
    {
        _notifications |= bits;
        if (_isAvailable)
        {
            TakeNotifications();
            Monitor.PulseAll(_system.Gate);
        }
    }

    private HostedMessage Outgoing(InvocationWord word, in MessageRegisters registers, HostedCapability? invoked)
    {
        HostedMessage message = new()
        {
            Order = (uint)registers.Order,
            Words = [registers.Word1, registers.Word2, registers.Word3],
            Text = new ReadOnlySpan<byte>((void*)registers.SendAddress, (int)(uint)registers.Lengths).ToArray(),
            Payload = invoked is HostedStart start ? start.Payload : 0,
            Room = (int)(registers.Lengths >> LengthShift),
        };
        for (int i = 0; i < InvocationWord.MaxCapabilities; i++)
        {
            message.Capabilities[i] = Registers[word.SendRegister(i)];
        }

        return message;
    }

    private void Deliver(HostedCapability? invoked, HostedMessage message, bool waits)
    {
        switch (invoked)
        {
            case HostedStart { Process: { } server }:
                if (waits)
                {
                    WaitUntil(() => server._isAvailable);
                }

                if (server._isAvailable)
                {
                    server._isAvailable = false;
                    server.Accept(message);
                }

                break;
            case HostedResume resume:
                resume.Process.TakeAnswer(resume.Call, message);
                break;
            case HostedNotification notification:
                notification.Process.Notify(notification.Mask);
                AnswerCaller(message, Result.Ok);
                break;
            case HostedObject thing:
                HostedResume? caller = message.Capabilities[3] as HostedResume;
                thing.Obey(message);
                caller?.Process.TakeAnswer(caller.Call, message);
                break;
            default:
                AnswerCaller(message, Result.VoidCapability);
                break;
        }
    }

    private static void AnswerCaller(HostedMessage message, Result result)
    {
        HostedResume? caller = message.Capabilities[3] as HostedResume;
        message.Answer(result);
        caller?.Process.TakeAnswer(caller.Call, message);
    }

    private void TakeAnswer(ulong call, HostedMessage message)
    {
        if (_waitsFor == call && !IsUnreadable())
        {
            _waitsFor = NoCall;
            Accept(message);
        }
    }

    private void TakeNotifications()
    {
        if (_notifications != 0)
        {
            HostedMessage message = new() { IsNotification = true, Order = InvocationWord.NotificationOrder };
            message.Words[0] = _notifications;
            _notifications = 0;
            _isAvailable = false;
            Accept(message);
        }
    }

    private void Accept(HostedMessage message)
    {
        _inbox = message;
        Monitor.PulseAll(_system.Gate);
    }

    private void Incoming(InvocationWord word, ref MessageRegisters registers, HostedMessage message)
    {
        int room = (int)(registers.Lengths >> LengthShift);
        int stored = Math.Min(room, message.Text.Length);
        message.Text.AsSpan(0, stored).CopyTo(new Span<byte>((void*)registers.ReceiveAddress, stored));
        registers.Control = message.Payload
            | (message.IsNotification ? InvocationWord.ReceivedNotification : 0)
            | (stored < message.Text.Length ? InvocationWord.ReceivedTruncated : 0);
        registers.Order = message.Order;
        registers.Word1 = message.Words[0];
        registers.Word2 = message.Words[1];
        registers.Word3 = message.Words[2];
        registers.Lengths = (uint)message.Text.Length | ((ulong)(uint)stored << LengthShift);
        for (int i = 0; i < InvocationWord.MaxCapabilities; i++)
        {
            int register = word.ReceiveRegister(i);
            if (register != 0)
            {
                Registers[register] = message.Capabilities[i];
            }
        }
    }

    private void WaitUntil(Func<bool> condition)
    {
        while (!condition())
        {
            if (_system.IsStopped)
            {
                throw new HostedStop();
            }

            if (_system.Failure is not null)
            {
                throw new InvalidOperationException("a domain of this system has died", _system.Failure);
            }

            Monitor.Wait(_system.Gate);
        }
    }
}
