// FastPath: call and return between two processes that are in memory, writable, and have nothing to wait for. It does
// what the general path does (a test runs both on equal machines and compares everything), and declines whatever is not
// the plain case: then nothing has changed, and the general path follows.
//
// Plain is: a well-formed Call of a start capability, or Return to a resume capability; no string; the receiver's frame
// is in the table and dirty, its space's root is known, its schedule is no less urgent than all that is ready; at a
// Return, no notification is pending and nobody waits for the invoker.
//
// It runs between the entry stub and the saving of the vector state, so nothing here may be compiled to vector
// registers: capabilities are moved as two words, no structure is copied, none is cleared. A test disassembles it.
//
// A doorway file. Safety: TrapBlock.Frame is the frame of the process that runs (P3), and a frame whose entry says
// Process holds one, so both pointers are to 4096 readable and writable bytes that stay where they are while the gate
// is closed. Register numbers are masked to 0..31.

using Eros.Kernel.Machine;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Kernel.Invocation;

/// <summary>The straight line.</summary>
public sealed unsafe class FastPath
{
    // Bits of the control word that the plain case has clear: the reserved ones, and all of the kind but Call or
    // Return.
    private const ulong NotPlain = 0xFF00_0000_0000_E0FE;
    private const ulong KindBit = 1;

    // Type, and of the OID the index and the volume: what a capability of an object in frame `low >> FrameShift` has.
    private const ulong NameMask = 0xFF00_0000_0007_00FF;
    private const int FrameShift = 19;
    private const int DataShift = 32;

    private const int InvokedShift = 8;
    private const int SendShift = 16;
    private const int ReceiveShift = 36;
    private const int RegisterBits = 5;
    private const ulong RegisterMask = 31;
    private const int ReplyArgument = 3;
    private const ulong AllArguments = (1UL << (4 * RegisterBits)) - 1;
    private const ulong CallArguments = (1UL << (ReplyArgument * RegisterBits)) - 1;

    private readonly ProcessorState _state;
    private readonly FrameTable _frames;
    private readonly PhysicalMemory _memory;
    private readonly AddressSpaces _spaces;
    private readonly Scheduler _scheduler;
    private readonly ActivityTable _activities;
    private readonly StallQueues _stalls;
    private readonly Counters _counters;

    public FastPath(Kernel kernel)
    {
        _state = kernel.State;
        _frames = kernel.Frames;
        _memory = kernel.Memory;
        _spaces = kernel.Spaces;
        _scheduler = kernel.Scheduler;
        _activities = kernel.Activities;
        _stalls = kernel.Stalls;
        _counters = kernel.Counters;
    }

    /// <summary>Does the current process's invocation if it is plain. Returns the address of the frame of the process
    /// that runs now, whose space has been loaded; or 0, and nothing has changed.</summary>
    public ulong TryRun()
    {
        ProcessFrame* from = (ProcessFrame*)_state.Trap.Frame;
        ulong word = from->Rax;
        if ((word & NotPlain) != 0 || (uint)from->R10 != 0)
        {
            return 0;
        }

        ulong* invoked = Register(from, word >> InvokedShift);
        return (word & KindBit) == (ulong)InvocationKind.Call
            ? TryCall(from, word, invoked[0], invoked[1])
            : TryReturn(from, word, invoked[0], invoked[1]);
    }

    private ulong TryCall(ProcessFrame* from, ulong word, ulong low, ulong high)
    {
        if ((low & NameMask) != (ulong)CapabilityType.Start)
        {
            return 0;
        }

        int entry = _frames.Find(low >> FrameShift);
        ProcessFrame* to = Receiver(entry);
        if (to == null || to->RunState != RunState.Available || _frames[entry].Version != (uint)high)
        {
            return 0;
        }

        int root = MayRun(entry, to);
        if (root == 0)
        {
            return 0;
        }

        ulong receive = to->Rax >> ReceiveShift;
        if ((((word >> SendShift) | receive) & CallArguments) != 0)
        {
            CopyArguments(from, to, word >> SendShift, receive, ReplyArgument);
        }

        ulong reply = (receive >> (ReplyArgument * RegisterBits)) & RegisterMask;
        if (reply != 0)
        {
            ulong* register = Register(to, reply);
            register[0] = (from->Frame << FrameShift) | (ulong)CapabilityType.Resume;
            register[1] = from->CallCount;
        }

        from->RunState = RunState.Waiting;
        return Hand(from, to, entry, root, high >> DataShift);
    }

    private ulong TryReturn(ProcessFrame* from, ulong word, ulong low, ulong high)
    {
        if ((low & NameMask) != (ulong)CapabilityType.Resume
            || from->Notifications != 0
            || _stalls.MayHold(StallReason.Available, from->Frame))
        {
            return 0;
        }

        int entry = _frames.Find(low >> FrameShift);
        ProcessFrame* to = Receiver(entry);
        if (to == null || to->RunState != RunState.Waiting || to->CallCount != high)
        {
            return 0;
        }

        int root = MayRun(entry, to);
        if (root == 0)
        {
            return 0;
        }

        ulong receive = to->Rax >> ReceiveShift;
        if ((((word >> SendShift) | receive) & AllArguments) != 0)
        {
            CopyArguments(from, to, word >> SendShift, receive, ReplyArgument + 1);
        }

        to->CallCount = high + 1;
        from->RunState = RunState.Available;
        return Hand(from, to, entry, root, 0);
    }

    /// <summary>The process in a frame, null when there is none that could receive.</summary>
    private ProcessFrame* Receiver(int entry)
    {
        if (entry < 0)
        {
            return null;
        }

        ref FrameEntry frame = ref _frames[entry];
        bool canReceive = frame.Kind == FrameKind.Process && (frame.Flags & FrameFlags.Dirty) != 0;
        return canReceive ? (ProcessFrame*)_memory.Address(frame.Pfn) : null;
    }

    /// <summary>
    /// The root of the receiver's space, 0 when it is not known or something more urgent would run first.
    /// </summary>
    private int MayRun(int entry, ProcessFrame* to)
    {
        ulong priority = to->Schedule.High >> DataShift;
        bool isNext = to->Schedule.Type == CapabilityType.Schedule
            && priority < Limits.Priorities
            && _scheduler.HighestReady <= (int)priority;
        return isNext ? _spaces.KnownRoot(entry) : 0;
    }

    /// <summary>The message, and the activity with it, go over.</summary>
    private ulong Hand(ProcessFrame* from, ProcessFrame* to, int entry, int root, ulong payload)
    {
        to->Rdi = from->Rdi;
        to->Rsi = from->Rsi;
        to->Rdx = from->Rdx;
        to->R8 = from->R8;
        to->Rax = payload;
        to->R10 = 0;
        to->RunState = RunState.Running;
        ref Activity activity = ref _activities[_state.Activity];
        activity.Frame = to->Frame;
        activity.Priority = (byte)(to->Schedule.High >> DataShift);
        activity.Flags = ActivityFlags.None;
        _state.Process = entry;
        _counters.Values.FastInvocations++;
        _spaces.Load(root);
        return (ulong)to;
    }

    private static void CopyArguments(ProcessFrame* from, ProcessFrame* to, ulong send, ulong receive, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if ((receive & RegisterMask) != 0)
            {
                ulong* source = Register(from, send);
                ulong* target = Register(to, receive);
                target[0] = source[0];
                target[1] = source[1];
            }

            send >>= RegisterBits;
            receive >>= RegisterBits;
        }
    }

    private static ulong* Register(ProcessFrame* frame, ulong number) =>
        (ulong*)&frame->Registers + ((number & RegisterMask) * (Capability.SizeInBytes / sizeof(ulong)));
}
