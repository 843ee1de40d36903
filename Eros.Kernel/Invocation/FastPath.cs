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

using System.Runtime.CompilerServices;
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
    private const ulong CallArguments = (1UL << (ReplyArgument * RegisterBits)) - 1;
    private const ulong AllArguments = (1UL << (4 * RegisterBits)) - 1;

    private readonly ProcessorState _state;
    private readonly FrameTable _frames;
    private readonly byte* _directMap;
    private readonly AddressSpaces _spaces;
    private readonly Scheduler _scheduler;
    private readonly ActivityTable _activities;
    private readonly StallQueues _stalls;
    private readonly Counters _counters;

    public FastPath(Kernel kernel)
    {
        _state = kernel.State;
        _frames = kernel.Frames;
        _directMap = kernel.Memory.Address(0);
        _spaces = kernel.Spaces;
        _scheduler = kernel.Scheduler;
        _activities = kernel.Activities;
        _stalls = kernel.Stalls;
        _counters = kernel.Counters;
    }

    /// <summary>
    /// Does the current process's invocation if it is plain. Returns the address of the frame of the process that runs
    /// now, whose space has been loaded; or 0, and nothing has changed.
    /// </summary>
    public ulong TryRun()
    {
        ProcessFrame* from = (ProcessFrame*)_state.Trap.Frame;
        ulong word = from->Rax;
        if ((word & NotPlain) != 0 || (uint)from->R10 != 0)
        {
            return 0;
        }

        ulong* invoked = Register(from, word >> InvokedShift);
        ulong low = invoked[0];
        ulong high = invoked[1];
        bool isCall = (word & KindBit) == (ulong)InvocationKind.Call;
        if ((low & NameMask) != (ulong)(isCall ? CapabilityType.Start : CapabilityType.Resume))
        {
            return 0;
        }

        ref FrameEntry entry = ref _frames.Lookup(low >> FrameShift, out int process);
        if (Unsafe.IsNullRef(ref entry) || entry.Kind != FrameKind.Process || (entry.Flags & FrameFlags.Dirty) == 0)
        {
            return 0;
        }

        ProcessFrame* to = (ProcessFrame*)(_directMap + ((ulong)entry.Pfn << PhysicalMemory.FrameLog2));
        bool isWaiting = isCall
            ? to->RunState == RunState.Available && entry.Version == (uint)high
            : to->RunState == RunState.Waiting && to->CallCount == high && CanLeave(from);
        if (!isWaiting || !IsNext(to))
        {
            return 0;
        }

        int root = _spaces.KnownRoot(process, in to->Space);
        if (root == 0)
        {
            return 0;
        }

        // Nothing has changed so far. From here on nothing can fail.
        ulong receive = to->Rax >> ReceiveShift;
        CopyArguments(from, to, word >> SendShift, receive & (isCall ? CallArguments : AllArguments));
        if (isCall)
        {
            Mint(from, to, (receive >> (ReplyArgument * RegisterBits)) & RegisterMask);
            from->RunState = RunState.Waiting;
            to->Rax = high >> DataShift;
        }
        else
        {
            from->RunState = RunState.Available;
            to->CallCount = high + 1;
            to->Rax = 0;
        }

        CopyWords(from, to);
        HandActivity(to, process);
        _spaces.Load(root);
        return (ulong)to;
    }

    /// <summary>True when a process that becomes Available has nothing to get, and nobody waits for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool CanLeave(ProcessFrame* from) =>
        from->Notifications == 0 && !_stalls.MayHold(StallReason.Available, from->Frame);

    /// <summary>True when the process has a schedule, and nothing that is ready would run before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsNext(ProcessFrame* to)
    {
        ulong priority = to->Schedule.High >> DataShift;
        return (byte)to->Schedule.Low == (byte)CapabilityType.Schedule
            && priority < Limits.Priorities
            && _scheduler.HighestReady <= (int)priority;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyWords(ProcessFrame* from, ProcessFrame* to)
    {
        to->Rdi = from->Rdi;
        to->Rsi = from->Rsi;
        to->Rdx = from->Rdx;
        to->R8 = from->R8;
        to->R10 = 0;
        to->RunState = RunState.Running;
    }

    /// <summary>The resume capability of the call goes to where argument 3 is wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mint(ProcessFrame* from, ProcessFrame* to, ulong number)
    {
        if (number != 0)
        {
            ulong* register = Register(to, number);
            register[0] = (from->Frame << FrameShift) | (ulong)CapabilityType.Resume;
            register[1] = from->CallCount;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void HandActivity(ProcessFrame* to, int process)
    {
        ref Activity activity = ref _activities.At(_state.Activity);
        activity.Frame = to->Frame;
        activity.Priority = (byte)(to->Schedule.High >> DataShift);
        activity.Flags = ActivityFlags.None;
        _state.Process = process;
        _counters.Values.FastInvocations++;
    }

    /// <summary>Copies the arguments that the receiver wants.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyArguments(ProcessFrame* from, ProcessFrame* to, ulong send, ulong receive)
    {
        for (; receive != 0; receive >>= RegisterBits, send >>= RegisterBits)
        {
            if ((receive & RegisterMask) != 0)
            {
                ulong* source = Register(from, send);
                ulong* target = Register(to, receive);
                target[0] = source[0];
                target[1] = source[1];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong* Register(ProcessFrame* frame, ulong number) =>
        (ulong*)&frame->Registers + ((number & RegisterMask) * (Capability.SizeInBytes / sizeof(ulong)));
}
