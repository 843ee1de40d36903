using System;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fuzz.Model;

/// <summary>Strings between spaces: what the sender lacks is its fault, what the receiver lacks is not sent.</summary>
internal sealed class ModelStrings(ModelWorld world)
{
    private const int LengthsShift = 32;

    /// <summary>False: the invoker lacks a page of its string, or one must be loaded. The invocation has ended.
    /// </summary>
    public bool TryOpenSource(Ask ask)
    {
        if (!TryOpen(ask, ask.From, ask.StringAt, ask.StringLength, Access.Read, out int there))
        {
            return false;
        }

        if (there < ask.StringLength)
        {
            ask.FaultAddress = ask.StringAt + (uint)there;
            ask.End(Ending.SenderFault);
            return false;
        }

        return true;
    }

    /// <summary>How many of <paramref name="length"/> bytes a receiver can take. False: the invocation has ended.
    /// </summary>
    public bool TryOpenSink(Ask ask, ModelFrame? receiver, int length, out int room)
    {
        room = 0;
        if (receiver == null)
        {
            return true;
        }

        ref ProcessFrame frame = ref receiver.Process;
        uint wanted = Math.Min((uint)(frame.R10 >> LengthsShift), (uint)length);
        return TryOpen(ask, receiver, frame.R12, (int)wanted, Access.Write, out room);
    }

    /// <summary>The string that the invoker sends.</summary>
    public byte[] Take(Ask ask) => Read(ask.From, ask.StringAt, ask.StringLength);

    /// <summary>Bytes of a process's memory, all of which is there.</summary>
    public byte[] Read(ModelFrame process, ulong address, int length)
    {
        var bytes = new byte[length];
        for (int at = 0; at < bytes.Length;)
        {
            ReadOnlySpan<byte> there = At(process, address + (uint)at, bytes.Length - at, isWrite: false);
            there.CopyTo(bytes.AsSpan(at));
            at += there.Length;
        }

        return bytes;
    }

    /// <summary>Copies the string to the receiver, as much as there is room for.</summary>
    public void Copy(Ask ask, ModelFrame receiver, int room)
    {
        if (room > 0)
        {
            Put(receiver, Take(ask).AsSpan(0, room));
        }
    }

    /// <summary>Stores what an object of the kernel answers.</summary>
    public void Answer(Ask ask, ReadOnlySpan<byte> bytes, int room)
    {
        if (ask.ReplyTo != null)
        {
            Put(ask.ReplyTo, bytes[..room]);
        }

        SetLengths(ref ask.Reply, bytes.Length, room);
    }

    public static void SetLengths(ref Content content, int sent, int stored)
    {
        content.Lengths = (uint)sent | ((ulong)(uint)stored << LengthsShift);
        content.Tag |= stored < sent ? InvocationWord.ReceivedTruncated : 0;
    }

    private void Put(ModelFrame receiver, ReadOnlySpan<byte> bytes)
    {
        ulong address = receiver.Process.R12;
        while (!bytes.IsEmpty)
        {
            Span<byte> there = At(receiver, address, bytes.Length, isWrite: true);
            bytes[..there.Length].CopyTo(there);
            bytes = bytes[there.Length..];
            address += (uint)there.Length;
        }
    }

    /// <summary>The bytes at an address, up to the end of the page.</summary>
    private Span<byte> At(ModelFrame process, ulong address, int length, bool isWrite)
    {
        Access access = isWrite ? Access.Write : Access.Read;
        ModelFrame page = world.Space.Look(process.Process.Space, address, access).Page!;
        int offset = (int)(address % PhysicalMemory.FrameBytes);
        page = isWrite ? world.Touch(page) : page;
        return page.Bytes.Slice(offset, Math.Min(length, PhysicalMemory.FrameBytes - offset));
    }

    /// <summary>How many bytes of a process's memory are there, from an address on. False: the invocation has ended.
    /// </summary>
    public bool TryOpen(Ask ask, ModelFrame process, ulong address, int length, Access access, out int there)
    {
        there = 0;
        while (there < length)
        {
            Sight sight = world.Space.Look(process.Process.Space, address + (uint)there, access);
            if (sight.Outcome == SpaceOutcome.Absent && ask.From.Unreadable != sight.Frame)
            {
                world.Calls.Wait(ask, StallReason.Load, sight.Frame);
                return false;
            }

            if (sight.Outcome != SpaceOutcome.Ok)
            {
                return true;
            }

            int inPage = (int)((address + (uint)there) % PhysicalMemory.FrameBytes);
            there = Math.Min(length, there + PhysicalMemory.FrameBytes - inPage);
        }

        return true;
    }
}
