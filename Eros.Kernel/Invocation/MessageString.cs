// The string of a message: up to 64 KB, copied straight between address spaces, by physical pages.
//
// Before the commit both ends are turned into lists of frames. A page that the sender lacks is the sender's fault, and
// it faults as if it had touched it. A page that the receiver lacks cannot be waited for, since the receiver may never
// mend it: the string is cut there, and the receiver is told both lengths. Pages that are only on disk are loaded for
// either; that is in the kernel's power.
//
// When a frame is at both ends, and wherever a kernel object reads or writes the string, it goes through a buffer (I3).

using System;
using System.Runtime.CompilerServices;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Invocation;

/// <summary>The frames under a stretch of addresses.</summary>
[InlineArray(Limits.StringFrames)]
public struct StringFrames
{
    private uint _frame0;
}

/// <summary>A stretch of an address space that has been looked up.</summary>
public struct StringWindow
{
    public StringFrames Frames;

    /// <summary>Frames that are in use.</summary>
    public int Count;

    /// <summary>Where it begins in the first frame.</summary>
    public int Offset;

    /// <summary>Bytes.</summary>
    public int Length;

    /// <summary>The bytes from <paramref name="position"/> to the end of their frame.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly Span<byte> At(PhysicalMemory memory, int position)
    {
        int from = Offset + position;
        int inFrame = from & (PhysicalMemory.FrameBytes - 1);
        int length = Math.Min(PhysicalMemory.FrameBytes - inFrame, Length - position);
        return memory.Bytes(Frames[from >> PhysicalMemory.FrameLog2]).Slice(inFrame, length);
    }
}

/// <content>Strings.</content>
public sealed partial class Message
{
    private const int LengthsShift = 32;

    private readonly byte[] _buffer = new byte[InvocationWord.MaxString];
    private StringWindow _source;
    private StringWindow _sink;
    private ulong _address;
    private uint _length;

    /// <summary>Bytes that the invoker sends.</summary>
    public int StringLength => (int)_length;

    /// <summary>With Verdict.SenderFault: the address that the invoker cannot read.</summary>
    public ulong FaultAddress { get; private set; }

    /// <summary>Looks up the string that is sent. False: the message has ended.</summary>
    public bool OpenString()
    {
        if (!Open(ref _source, Invoker, _address, (int)_length, Access.Read))
        {
            return false;
        }

        if (_source.Length == (int)_length)
        {
            return true;
        }

        FaultAddress = _address + (uint)_source.Length;
        Verdict = Verdict.SenderFault;
        return false;
    }

    /// <summary>Looks up memory of a process in the place of the string that is sent: as many bytes as there are.
    /// False: the message has ended.</summary>
    public bool OpenMemory(int process, ulong address, int bytes, out int length)
    {
        bool isOpen = Open(ref _source, process, address, bytes, Access.Read);
        length = _source.Length;
        return isOpen;
    }

    /// <summary>
    /// Looks up where a process wants at most <paramref name="length"/> bytes. False: the message has ended.
    /// </summary>
    public bool OpenSink(int process, int length)
    {
        ref ProcessFrame frame = ref Process(process);
        uint room = (uint)(frame.R10 >> LengthsShift);
        return Open(ref _sink, process, frame.R12, (int)Math.Min(room, (uint)length), Access.Write);
    }

    /// <summary>
    /// Looks up where a kernel object's answer of <paramref name="length"/> bytes goes. False: the message has ended.
    /// </summary>
    public bool OpenReply(int length) => ReplyTo == Nobody || OpenSink(ReplyTo, length);

    /// <summary>Bytes that the receiver of the answer has room for.</summary>
    public int ReplyRoom => _sink.Length;

    /// <summary>Room for as many bytes as a string may have.</summary>
    public Span<byte> Buffer => _buffer;

    /// <summary>Copies the sent string, which is open, out of the invoker's space.</summary>
    public ReadOnlySpan<byte> TakeString()
    {
        Span<byte> taken = Buffer[.._source.Length];
        for (int position = 0; position < _source.Length;)
        {
            Span<byte> part = _source.At(Kernel.Memory, position);
            part.CopyTo(taken[position..]);
            position += part.Length;
        }

        return taken;
    }

    /// <summary>Stores the answer's string.</summary>
    public void PutReply(ReadOnlySpan<byte> bytes)
    {
        _length = (uint)bytes.Length;
        bytes.CopyTo(Buffer);
        PutString(Buffer);
        SetLengths(ref Reply);
    }

    /// <summary>Stores into the receiver's space, straight from the sender's where <paramref name="bytes"/> is
    /// empty.</summary>
    private void PutString(ReadOnlySpan<byte> bytes)
    {
        for (int position = 0; position < _sink.Length;)
        {
            ReadOnlySpan<byte> from = bytes.IsEmpty ? _source.At(Kernel.Memory, position) : bytes[position..];
            Span<byte> to = _sink.At(Kernel.Memory, position);
            int length = Math.Min(from.Length, to.Length);
            from[..length].CopyTo(to);
            position += length;
        }
    }

    /// <summary>Copies what is sent to where it is received.</summary>
    private void CopyString()
    {
        if (_sink.Length != 0)
        {
            PutString(SharesFrame() ? TakeString() : default);
        }
    }

    private bool SharesFrame()
    {
        for (int i = 0; i < _source.Count; i++)
        {
            for (int j = 0; j < _sink.Count; j++)
            {
                if (_source.Frames[i] == _sink.Frames[j])
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Looks up as many of the bytes as there are pages for. False: the message has ended.</summary>
    private bool Open(ref StringWindow window, int process, ulong address, int length, Access access)
    {
        window.Offset = (int)address & (PhysicalMemory.FrameBytes - 1);
        window.Length = 0;
        window.Count = 0;
        while (window.Length < length)
        {
            ulong at = address + (uint)window.Length;
            switch (Kernel.Spaces.Translate(process, at, access, out uint pfn, out SpaceFault fault))
            {
                case SpaceOutcome.Ok:
                    break;
                case SpaceOutcome.NoRoom:
                    Wait(StallReason.Space);
                    return false;
                case SpaceOutcome.Absent when !ProcessControl.HasLoadFailed(Kernel, fault.Frame):
                    Wait(StallReason.Load, fault.Frame);
                    return false;
                default:
                    return true;
            }

            window.Frames[window.Count++] = pfn;
            window.Length = Math.Min(length, (window.Count << PhysicalMemory.FrameLog2) - window.Offset);
        }

        return true;
    }

    private void SetString(ulong address, uint length)
    {
        _address = address;
        _length = length;
        _source.Length = 0;
        _source.Count = 0;
        _sink.Length = 0;
        _sink.Count = 0;
    }

    private void SetLengths(ref MessageContent content)
    {
        content.Lengths = _length | ((ulong)(uint)_sink.Length << LengthsShift);
        if (_sink.Length < (int)_length)
        {
            content.Tag |= InvocationWord.ReceivedTruncated;
        }
    }
}
