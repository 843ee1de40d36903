// Processor: the seam to the one processor that runs this code: its gate, its contexts, its cycle counter.
//
// There are two kinds of context. A domain's is its process frame: every entry from ring 3 has saved all of it there
// and runs on the entry stack, which holds nothing worth keeping. A kernel thread's is its own stack. So a switch away
// saves something only when a kernel thread makes it.
//
// Invariant T1: both switches are called with the gate closed exactly once, and the context that goes on finds it
// closed exactly once.

using Eros.Kernel.Threads;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Kernel.Machine;

/// <summary>The processor. Its gate turns interrupts off.</summary>
public abstract class Processor : Gate
{
    /// <summary>What this processor is doing.</summary>
    public abstract ProcessorState State { get; }

    /// <summary>The time stamp counter, cycles.</summary>
    public abstract ulong ReadTimestamp();

    /// <summary>Gives the thread a stack, so that the first switch to it calls its Run with the gate open.</summary>
    public abstract void Prepare(KernelThread thread);

    /// <summary>Goes on with <paramref name="to"/>. With a null <paramref name="from"/> the caller is on the entry
    /// stack and the call does not return; otherwise it returns when <paramref name="from"/> is switched to
    /// again.</summary>
    public abstract void SwitchTo(KernelThread? from, KernelThread to);

    /// <summary>Goes on with the domain whose process is in <paramref name="frame"/>: all registers are loaded from
    /// there and the gate opens.
    /// Its root has been loaded. Returns as <see cref="SwitchTo"/> does.</summary>
    public abstract void ResumeDomain(KernelThread? from, ref ProcessFrame frame);

    /// <summary>Opens the gate, waits for an interrupt, closes it again. Called with the gate closed once, by the idle
    /// thread.</summary>
    public abstract void Idle();
}
