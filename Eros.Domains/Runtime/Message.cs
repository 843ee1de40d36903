// Message: the one that a serving domain is at. It is received into buffers that are used again for the next, so
// nothing of it may be held on to but capabilities that are kept.
//
// Most requests bring no capability that is kept. So the registers that the next one's go to are the same, and the
// control word that says so is made only when what is kept has changed.
//
// Invariant: between Receive and the next the four registers that its capabilities arrived in belong to it, and no
// pool register outlives it unless kept.

using System;
using System.Runtime.CompilerServices;
using System.Text;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>
/// A request, and the answer that is being put together. Generated dispatchers read the one and write the other.
/// </summary>
public sealed unsafe class Message
{
    private const int FacetBits = 8;

    private const int InvokedShift = 8;
    private const int SendShift = 16;
    private const int ReceiveShift = 36;
    private const int RegisterBits = 5;
    private const int RegisterMask = CapabilityRegisters.Count - 1;
    private const uint NothingClaimed = uint.MaxValue;
    private const int ReplyArgument = InvocationWord.MaxCapabilities - 1;

    private readonly CapabilityRegisters _capabilities = CapabilityRegisters.Current;
    private readonly byte[] _received;
    private readonly int _taken;
    private readonly ulong _room;
    private MessageRegisters _registers;
    private MessageRegisters _reply;

    // What was claimed for the capabilities of the next message, when these were kept: the control word of a Return to
    // nobody, and what was free then.
    private ulong _claim;
    private uint _claimedFor = NothingClaimed;
    private uint _freeAfterClaim;

    // The answer's part of the control word: the register that is invoked, those that are sent.
    private ulong _answered;
    private ulong _sent;

    /// <param name="maxString">Longest string that is taken, bytes; longer ones are cut and flagged.</param>
    /// <param name="taken">Capabilities that are taken, beside the one to reply to.</param>
    public Message(int maxString, int taken)
    {
        _taken = taken;
        _received = DomainState.NewBuffer(maxString);
        _reply.ExpectBytes(DomainState.AddressOf(_received), maxString);
        _room = _reply.Lengths;
    }

    public uint Order => (uint)_registers.Order;

    public ulong Word1 => _registers.Word1;

    public ulong Word2 => _registers.Word2;

    public ulong Word3 => _registers.Word3;

    /// <summary>Which of the domain's interfaces was called: the low byte of the start capability's payload.</summary>
    public int Facet => (int)((uint)_registers.Control & ((1 << FacetBits) - 1));

    /// <summary>The rest of the payload, 24 bits: what the composition told apart callers with.</summary>
    public uint Badge => (uint)_registers.Control >> FacetBits;

    public bool IsNotification
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_registers.Control & InvocationWord.ReceivedNotification) != 0;
    }

    /// <summary>The string was longer than what could be stored.</summary>
    public bool IsTruncated => (_registers.Control & InvocationWord.ReceivedTruncated) != 0;

    public ReadOnlySpan<byte> Bytes => _received.AsSpan(0, _registers.StoredBytes);

    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The capability register of argument 0..3.</summary>
    public int Argument(int index) => (int)(_claim >> (ReceiveShift + (index * RegisterBits))) & RegisterMask;

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
        ClearReply();
        _sent = 0;
        Result = result;
    }

    public void ReplyCapability(int index, ICapability? capability) =>
        _sent |= (ulong)CapabilityClient.RegisterOf(capability) << (SendShift + (index * RegisterBits));

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
    public void ReplyLength(int length) => _reply.Lengths = _room | (uint)length;

    /// <summary>The caller goes on waiting; the server answers later, or never.</summary>
    internal DeferredReply Defer()
    {
        int register = Argument(ReplyArgument);
        _answered = 0;
        _claimedFor = NothingClaimed;
        _capabilities.Keep(register);
        return new DeferredReply(register);
    }

    /// <summary>Gives the answer, if there is one to give, and waits for the next message.</summary>
    internal void ReplyAndReceive()
    {
        ulong answer = IsNotification ? 0 : _answered | _sent;
        if (_capabilities.Kept == _claimedFor)
        {
            _capabilities.Free = _freeAfterClaim;
        }
        else
        {
            Claim();
        }

        _reply.Control = _claim | answer;
        _sent = 0;
        SystemCall.Exchange(ref _registers, ref _reply);
        ClearReply();
    }

    /// <summary>Nothing is answered yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ClearReply()
    {
        _reply.Order = 0;
        _reply.Word1 = 0;
        _reply.Word2 = 0;
        _reply.Word3 = 0;
        _reply.Lengths = _room;
    }

    private void Claim()
    {
        _capabilities.ReleaseTemporaries();
        int reply = _capabilities.AllocateReply();
        ulong receive = (ulong)reply << (ReplyArgument * RegisterBits);
        for (int argument = 0; argument < _taken; argument++)
        {
            receive |= (ulong)_capabilities.Allocate() << (argument * RegisterBits);
        }

        _claim = (receive << ReceiveShift) | (byte)InvocationKind.Return;
        _answered = (ulong)reply << InvokedShift;
        _claimedFor = _capabilities.Kept;
        _freeAfterClaim = _capabilities.Free;
    }
}
