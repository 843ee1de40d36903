// X64Processor: the gate (CLI and STI), and the switches between the kernel's threads and domains. The switches
// themselves are X# (Switch.xs, Trap.xs); what they save and where is said there.
//
// Invariants: interrupts are off exactly while the gate is closed (the exception is Idle, and an interrupt in it
// sees the gate as it was). While a domain runs, the depth stays 1, so that every entry from ring 3 finds the gate
// closed once (T1).

using System.Runtime;
using System.Runtime.CompilerServices;
using Eros.Kernel;
using Eros.Kernel.Machine;
using Eros.Kernel.Threads;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Hal.X64;

/// <summary>This processor.</summary>
public sealed unsafe class X64Processor : Processor
{
    /// <summary>RBX RBP R12 R13 R14 R15 and the return address of a thread that is not running.</summary>
    private const int SavedWords = 7;

    private readonly Counters _counters;
    private KernelStacks _stacks;
    private ulong _closedAt = Native.Timestamp();

    public X64Processor(ulong entryStack, KernelStacks stacks, Counters counters)
    {
        _stacks = stacks;
        _counters = counters;
        State.Trap.Self = (ulong)Unsafe.AsPointer(ref State.Trap);
        State.Trap.EntryStack = entryStack;
        State.Trap.GateDepth = 1;
    }

    public override ProcessorState State { get; } = new();

    public override void Close()
    {
        Native.DisableInterrupts();
        if (State.Trap.GateDepth++ == 0)
        {
            _closedAt = Native.Timestamp();
        }
    }

    public override void Open()
    {
        if (--State.Trap.GateDepth == 0)
        {
            CountClosed();
            Native.EnableInterrupts();
        }
    }

    public override ulong ReadTimestamp() => Native.Timestamp();

    /// <summary>The first switch to the thread returns into Switch_Start with the thread in RBX.</summary>
    public override void Prepare(KernelThread thread)
    {
        ulong top = _stacks.Take();
        Fail.Unless(top != 0, "more threads than stacks"u8);
        ulong* saved = (ulong*)top - SavedWords;
        saved[SavedWords - 2] = Unsafe.As<KernelThread, ulong>(ref thread);
        saved[SavedWords - 1] = (ulong)(delegate*<void>)&StartThread;
        thread.StackPointer = (ulong)saved;
    }

    public override void SwitchTo(KernelThread? from, KernelThread to)
    {
        if (from == null)
        {
            EnterThread(to.StackPointer);
        }
        else
        {
            SwitchThreads((ulong*)Unsafe.AsPointer(ref from.StackPointer), to.StackPointer);
        }
    }

    public override void ResumeDomain(KernelThread? from, ref ProcessFrame frame)
    {
        CountClosed();
        void* address = Unsafe.AsPointer(ref frame);
        if (from == null)
        {
            EnterDomain(address);
        }
        else
        {
            LeaveForDomain((ulong*)Unsafe.AsPointer(ref from.StackPointer), address);
        }
    }

    public override void Idle()
    {
        CountClosed();
        ulong since = Native.Timestamp();
        Native.WaitForInterrupt();
        _closedAt = Native.Timestamp();
        _counters.Values.IdleCycles += _closedAt - since;
    }

    /// <summary>A domain has entered the kernel.</summary>
    public void EnterFromUser() => _closedAt = Native.Timestamp();

    /// <summary>An interrupt has come while a kernel thread ran. Returns the depth that the thread had, for
    /// <see cref="LeaveInterrupt"/>: 0, or 1 for the idle thread.</summary>
    public uint EnterInterrupt()
    {
        _closedAt = Native.Timestamp();
        uint depth = State.Trap.GateDepth;
        State.Trap.GateDepth = 1;
        return depth;
    }

    /// <summary>The thread goes on; the return from the interrupt turns interrupts on.</summary>
    public void LeaveInterrupt(uint depth)
    {
        CountClosed();
        State.Trap.GateDepth = depth;
    }

    private void CountClosed()
    {
        ulong cycles = Native.Timestamp() - _closedAt;
        if (cycles > _counters.Values.LongestClosedCycles)
        {
            _counters.Values.LongestClosedCycles = cycles;
        }
    }

    [RuntimeImport("*", "Switch_Start")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void StartThread();

    [RuntimeImport("*", "Switch_Threads")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void SwitchThreads(ulong* save, ulong stack);

    [RuntimeImport("*", "Switch_EnterThread")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void EnterThread(ulong stack);

    [RuntimeImport("*", "Switch_LeaveForDomain")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void LeaveForDomain(ulong* save, void* frame);

    [RuntimeImport("*", "Trap_Resume")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void EnterDomain(void* frame);
}
