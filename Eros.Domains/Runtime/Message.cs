// Message: the one that a serving domain is at. It is received into buffers that are used again for the next, so
// nothing of it may be held on to but capabilities that are kept.
//
// Invariant: between Receive and the next the four registers that its capabilities arrived in belong to it, and no
// pool register outlives it unless kept.

using System;
using System.Text;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>
/// A request, and the answer that is being put together. Generated dispatchers read the one and write the other.
/// </summary>
public sealed unsafe class Message
{
    private const int FacetBits = 8;

    private readonly byte[] _received;
    private readonly int[] _arguments = new int[InvocationWord.MaxCapabilities];
    private readonly int[] _replies = new int[InvocationWord.MaxCapabilities];
    private MessageRegisters _registers;
    private MessageRegisters _reply;
    private bool _isDeferred;

    /// <param name="maxString">Longest string that is taken, bytes; longer ones are cut and flagged.</param>
    public Message(int maxString) => _received = DomainState.NewBuffer(maxString);

    public uint Order => (uint)_registers.Order;

    public ulong Word1 => _registers.Word1;

    public ulong Word2 => _registers.Word2;

    public ulong Word3 => _registers.Word3;

    /// <summary>Which of the domain's interfaces was called: the low byte of the start capability's payload.</summary>
    public int Facet => (int)((uint)_registers.Control & ((1 << FacetBits) - 1));

    /// <summary>The rest of the payload, 24 bits: what the composition told apart callers with.</summary>
    public uint Badge => (uint)_registers.Control >> FacetBits;

    public bool IsNotification => (_registers.Control & InvocationWord.ReceivedNotification) != 0;

    /// <summary>The string was longer than what could be stored.</summary>
    public bool IsTruncated => (_registers.Control & InvocationWord.ReceivedTruncated) != 0;

    public ReadOnlySpan<byte> Bytes => _received.AsSpan(0, _registers.StoredBytes);

    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The capability register of argument 0..3.</summary>
    public int Argument(int index) => _arguments[index];

    public Result Result
    {
        set => _reply.Order = (uint)value;
    }

    public ulong ReplyWord1
    {
        set => _reply.Word1 = value;
    }

    public ulong ReplyWord2
    {
        set => _reply.Word2 = value;
    }

    public ulong ReplyWord3
    {
        set => _reply.Word3 = value;
    }

    /// <summary>The payload of a start capability for a facet and a badge.</summary>
    public static uint Payload(int facet, uint badge) => (uint)facet | (badge << FacetBits);

    /// <summary>Nothing was done.</summary>
    public void Refuse(Result result)
    {
        _reply = default;
        _replies.AsSpan().Clear();
        Result = result;
    }

    public void ReplyCapability(int index, ICapability? capability) =>
        _replies[index] = CapabilityClient.RegisterOf(capability);

    /// <summary>Text beyond <paramref name="maxString"/> bytes is cut: the caller has no room for more.</summary>
    public void ReplyText(string text, int maxString)
    {
        _reply.SendText(text);
        ReplyLength(Math.Min((int)(uint)_reply.Lengths, maxString));
    }

    /// <summary>Room for the answer's string, in the domain's own buffer.</summary>
    public Span<byte> ReplyBuffer(int capacity)
    {
        Span<byte> buffer = DomainState.Current.SendBuffer(capacity);
        _reply.SendAddress = (ulong)DomainState.AddressOf(buffer);
        return buffer;
    }

    /// <summary>How much of <see cref="ReplyBuffer"/> is the answer.</summary>
    public void ReplyLength(int length) => _reply.Lengths = (uint)length;

    /// <summary>The caller goes on waiting; the server answers later, or never.</summary>
    internal DeferredReply Defer()
    {
        _isDeferred = true;
        int register = _arguments[InvocationWord.MaxCapabilities - 1];
        CapabilityRegisters.Current.Keep(register);
        return new DeferredReply(register);
    }

    /// <summary>Gives the answer, if there is one to give, and waits for the next message.</summary>
    internal void ReplyAndReceive()
    {
        bool hasReply = !_isDeferred && _arguments[InvocationWord.MaxCapabilities - 1] != 0 && !IsNotification;
        int invoked = hasReply ? _arguments[InvocationWord.MaxCapabilities - 1] : 0;
        uint send = hasReply ? Pack(_replies) : 0;
        _registers = hasReply ? _reply : default;
        _reply = default;
        _isDeferred = false;
        _replies.AsSpan().Clear();
        ClaimRegisters();
        _registers.Control = new InvocationWord(InvocationKind.Return, invoked, send, Pack(_arguments)).Value;
        _registers.ExpectBytes(DomainState.AddressOf(_received), _received.Length);
        SystemCall.Invoke(ref _registers);
    }

    private void ClaimRegisters()
    {
        CapabilityRegisters registers = CapabilityRegisters.Current;
        registers.ReleaseTemporaries();
        _arguments[3] = registers.AllocateReply();
        _arguments[0] = registers.Allocate();
        _arguments[1] = registers.Allocate();
        _arguments[2] = registers.Allocate();
    }

    private static uint Pack(int[] registers) =>
        InvocationWord.Registers(registers[0], registers[1], registers[2], registers[3]);
}
