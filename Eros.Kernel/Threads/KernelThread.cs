// KernelThread: a thread of the kernel with a stack of its own: a driver, the checkpointer, the pager. It is
// scheduled among the domains, runs on whatever address space is current, and reads like prose: start, wait for the
// event, next step.
//
// Threads are made at boot and never end. They touch what others touch only with the gate closed, in bounded steps,
// and keep no reference across them. Fields below the line belong to the scheduler and are touched with the gate
// closed.

using System.Runtime.CompilerServices;

namespace Eros.Kernel.Threads;

/// <summary>Where a thread is.</summary>
public enum ThreadState : byte
{
    /// <summary>Waits for an event or a time.</summary>
    Blocked = 0,
    Ready,
    Running,
}

/// <summary>A kernel thread. Derive, and register with Scheduler.Add.</summary>
[method: MethodImpl(MethodImplOptions.NoInlining)]
public abstract class KernelThread(string name, int priority, bool isService)
{
    /// <summary>For the debugger and for messages.</summary>
    public string Name { get; } = name;

    /// <summary>Its own priority, 0..31; what waits for it may raise it.</summary>
    public int Priority { get; } = priority;

    /// <summary>A service thread has part in the guaranteed share; see Scheduler.</summary>
    public bool IsService { get; } = isService;

    /// <summary>Hal's: the stack of a thread that is not running.</summary>
    public ulong StackPointer;

    // ---- the scheduler's

    public ThreadState State { get; internal set; }

    /// <summary>What it is scheduled by: the highest of its own priority, its urgency, and the levels of threads
    /// that wait for it.</summary>
    public int Level { get; internal set; } = priority;

    /// <summary>Its number: its bit among the ready threads.</summary>
    public int Index { get; internal set; } = -1;

    /// <summary>The urgency (Scheduler.UrgencyOf) of the most urgent activity that waits for this thread's work, -1 for
    /// none.</summary>
    internal int Urgency = -1;

    /// <summary>When it last went to the end of its ring, in the scheduler's count.</summary>
    internal ulong Since;

    /// <summary>The event that it waits for.</summary>
    internal Event? WaitsFor;

    /// <summary>True when the last wait ended by its event, false when its time had come.</summary>
    internal bool WasSignalled;

    /// <summary>The thread's whole life. Never returns.</summary>
    public abstract void Run();
}
