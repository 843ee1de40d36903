using System;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Tests.Fakes;

/// <summary>A process of a simulated machine, seen as the program in it sees itself; and through its frame.</summary>
public sealed class SimulatedDomain(SimulatedMachine machine, int entry)
{
    /// <summary>Where its program counter stands: after a SYSCALL.</summary>
    public const ulong Code = 0x40_0002;

    /// <summary>The address of its first page.</summary>
    public const ulong Window = 0x10_0000;

    public int Entry { get; } = entry;

    public SimulatedMachine Machine { get; } = machine;

    public ref ProcessFrame Frame => ref Machine.Kernel.Objects.Process(Entry);

    public ref Capability this[int register] => ref Frame.Registers[register];

    public RunState State => Frame.RunState;

    public Result Result => (Result)Frame.Rdi;

    public Oid Oid => Oid.Of(Frame.Frame);

    public bool IsCurrent => ProcessControl.Current(Machine.Kernel) == Entry;

    /// <summary>Received, by the last message: bytes stored, bytes sent, and what rax says.</summary>
    public int Stored => (int)(Frame.R10 >> 32);

    public uint Sent => (uint)Frame.R10;

    public bool IsTruncated => (Frame.Rax & InvocationWord.ReceivedTruncated) != 0;

    public Capability Process => new(CapabilityType.Process, Oid, Frame.Version);

    public Capability Start(uint payload = 0) => OpenStart(payload).Less(Rights.FixedPayload);

    /// <summary>One whose payload gives way to a forwarder's word.</summary>
    public Capability OpenStart(uint payload = 0) => new(CapabilityType.Start, Oid, Frame.Version, payload);

    public Capability Notification(uint mask) => new(CapabilityType.Notification, Oid, Frame.Version, mask);

    /// <summary>Gives it a space node with pages from <see cref="Window"/> on.</summary>
    public void GiveSpace(int pages)
    {
        Capability node = Machine.NewNode(NodeKind.Space, Guard.PageLog2);
        for (int i = 0; i < pages; i++)
        {
            Machine.NodeOf(node).Slots[i] = Machine.NewPage();
        }

        int log2 = Guard.PageLog2 + Guard.NodeLog2;
        var guard = new Guard(log2, (uint)(Window >> log2));
        Frame.Space = node.WithType(CapabilityType.Space).WithData(guard.Value);
        SpaceNode = node;
    }

    /// <summary>The node of its space.</summary>
    public Capability SpaceNode { get; private set; }

    /// <summary>
    /// Makes it wait for a message, with a string of at most <paramref name="room"/> bytes at the window's start.
    /// </summary>
    public void Await(uint receive, uint room = 0)
    {
        Frame.Rax = new InvocationWord(InvocationKind.Return, 0, 0, receive).Value;
        Frame.R10 = (ulong)room << 32;
        Frame.R12 = Window;
        Frame.RunState = RunState.Available;
    }

    /// <summary>Is told what became of every Call that a domain makes, if set.</summary>
    public static Action<Observation>? Observer { get; set; }

    /// <summary>Makes the system call that its registers describe.</summary>
    public void Invoke()
    {
        if (Observer is null)
        {
            Machine.Kernel.SystemCall();
            return;
        }

        InvocationWord word = new(Frame.Rax);
        var seen = new Observation(this[word.Invoked].Type, Frame.Rdi);
        ulong rip = Frame.Rip;
        try
        {
            Machine.Kernel.SystemCall();
            seen.Read(this, isRepeated: Frame.Rip != rip);
        }
        finally
        {
            if (word.Kind == InvocationKind.Call)
            {
                Observer(seen);
            }
        }
    }

    /// <summary>
    /// Sets the registers of an invocation and makes it. Argument and reply capabilities: registers 1..4 and 11..14.
    /// </summary>
    public void Invoke(
        InvocationKind kind, int register, ulong order, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        Prepare(kind, register, order, word1, word2, word3);
        Invoke();
    }

    /// <summary>Sets the registers of an invocation.</summary>
    public void Prepare(
        InvocationKind kind, int register, ulong order, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        uint send = InvocationWord.Registers(1, 2, 3, 4);
        uint receive = InvocationWord.Registers(11, 12, 13, 14);
        Frame.Rax = new InvocationWord(kind, register, send, receive).Value;
        Frame.Rdi = order;
        Frame.Rsi = word1;
        Frame.Rdx = word2;
        Frame.R8 = word3;
    }

    /// <summary>Invokes a capability, which goes through register 20, with a Call.</summary>
    public Result Call(Capability capability, ulong order, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        this[20] = capability;
        Invoke(InvocationKind.Call, 20, order, word1, word2, word3);
        return Result;
    }

    /// <summary>Sets what the next invocation sends, and where it has room for what it receives.</summary>
    public void SetString(ulong address, uint length, ulong receiveAt = Window, uint room = 0)
    {
        Frame.R9 = address;
        Frame.R10 = length | ((ulong)room << 32);
        Frame.R12 = receiveAt;
    }

    /// <summary>Writes into its space, as its program would.</summary>
    public void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            At(address + (uint)i, Access.Write)[0] = bytes[i];
        }
    }

    public byte[] Read(ulong address, int length)
    {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = At(address + (uint)i, Access.Read)[0];
        }

        return bytes;
    }

    private Span<byte> At(ulong address, Access access)
    {
        SpaceOutcome outcome = Machine.Kernel.Spaces.Translate(Entry, address, access, out uint pfn, out _);
        if (outcome != SpaceOutcome.Ok)
        {
            throw new InvalidOperationException($"address {address:x}: {outcome}");
        }

        return Machine.Memory.Bytes(pfn)[(int)(address & (PhysicalMemory.FrameBytes - 1))..];
    }
}
