// MessageRegisters: what the system call takes from and leaves in the processor's registers
// (Protocol/InvocationWord.cs says which). Invoke.xs knows the offsets.
//
//    0 control | 8 order | 16 word 1 | 24 word 2 | 32 word 3 | 40 string to send | 48 lengths | 56 string to receive
//
// Safety: the addresses are of buffers that the caller pins, or of the domain's own buffers, which never move.

using System.Runtime.InteropServices;
using System.Text;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>The words of an answer, beside its result. Invoke.xs knows the offsets.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AnswerWords
{
    public ulong Word1;
    public ulong Word2;
    public ulong Word3;
}

/// <summary>One invocation, before and after.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct MessageRegisters
{
    private const int ReceiveShift = 32;

    /// <summary>Before: the <see cref="InvocationWord"/>. After: payload and flags.</summary>
    public ulong Control;

    /// <summary>Before and after: order or result.</summary>
    public ulong Order;
    public ulong Word1;
    public ulong Word2;
    public ulong Word3;
    public ulong SendAddress;

    /// <summary>
    /// Before: bytes to send, and above them bytes that fit. After: bytes sent, and above them bytes stored.
    /// </summary>
    public ulong Lengths;
    public ulong ReceiveAddress;

    /// <summary>The result of a call.</summary>
    public readonly Result Result => (Result)Order;

    /// <summary>Bytes of the answer's string that were stored.</summary>
    public readonly int StoredBytes => (int)(Lengths >> ReceiveShift);

    /// <summary>The answer's string as text; it was received into the domain's own buffer.</summary>
    public readonly string ReceivedText =>
        Encoding.UTF8.GetString(DomainState.Current.ReceiveBuffer(0)[..StoredBytes]);

    public void SendBytes(byte* bytes, int length)
    {
        SendAddress = (ulong)bytes;
        Lengths |= (uint)length;
    }

    /// <summary>Sends text as UTF-8, out of the domain's own buffer.</summary>
    public void SendText(string text) => SendAddress = DomainState.Current.Encode(text, ref Lengths);

    public void ExpectBytes(byte* buffer, int capacity)
    {
        ReceiveAddress = (ulong)buffer;
        Lengths |= (ulong)(uint)capacity << ReceiveShift;
    }

    /// <summary>Lets the answer's string come into the domain's own buffer.</summary>
    public void ExpectText(int capacity) =>
        ExpectBytes(DomainState.AddressOf(DomainState.Current.ReceiveBuffer(capacity)), capacity);

    /// <summary>
    /// Calls and waits. Arguments are packed register numbers (<see cref="InvocationWord.Registers"/>).
    /// </summary>
    public void Call(int invoked, uint send, uint receive)
    {
        Control = new InvocationWord(InvocationKind.Call, invoked, send, receive).Value;
        SystemCall.Invoke(ref this);
    }

    /// <summary>Makes the invocation that <see cref="Control"/> says.</summary>
    public void Invoke() => SystemCall.Invoke(ref this);

    /// <summary>Sends and goes on.</summary>
    public void Send(int invoked, uint send)
    {
        Control = new InvocationWord(InvocationKind.Send, invoked, send, 0).Value;
        SystemCall.Invoke(ref this);
    }

    /// <summary>
    /// Sends and goes on; what cannot be taken at once is dropped. For capabilities that somebody else chose: whoever
    /// sends to them could be kept waiting for ever.
    /// </summary>
    public void Reply(int invoked, uint send)
    {
        Control = new InvocationWord(InvocationKind.Reply, invoked, send, 0).Value;
        SystemCall.Invoke(ref this);
    }

    /// <summary>Ends the domain unless the call succeeded: for methods that have no result to hand on.</summary>
    public readonly void Demand() => Demand((uint)Order);

    /// <summary>The same of a result in a word.</summary>
    public static void Demand(uint result)
    {
        if (result != (uint)Result.Ok)
        {
            throw new InvocationException((Result)result);
        }
    }
}
