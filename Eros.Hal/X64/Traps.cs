// Traps: the C# that the entry stubs call (Trap.xs says from where and on which stack). The gate is closed once in
// all of it.
//
// Entries from ring 3 end in Scheduler.Dispatch, which goes on with some domain or thread and does not return.

using System.Runtime;
using System.Runtime.CompilerServices;
using Eros.Hal.Interrupts;
using Eros.Hal.Timers;
using Eros.Kernel.Machine;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Threads;

namespace Eros.Hal.X64;

/// <summary>Handles system calls, exceptions and interrupts.</summary>
public sealed unsafe class Traps
{
    private const int FirstInterrupt = 32;

    private readonly X64Processor _processor;
    private readonly Scheduler _scheduler;
    private readonly X64Clock _clock;
    private readonly LocalApic _apic;
    private readonly InterruptTable _interrupts;

    public Traps(X64Processor processor, Scheduler scheduler, X64Clock clock, LocalApic apic, InterruptTable interrupts)
    {
        _processor = processor;
        _scheduler = scheduler;
        _clock = clock;
        _apic = apic;
        _interrupts = interrupts;
        Traps self = this;
        processor.State.Trap.Handler = Unsafe.As<Traps, ulong>(ref self);
    }

    [RuntimeExport("TrapFastPath")]
    private static ulong FastPath(Traps self) => 0;

    [RuntimeExport("TrapSystemCall")]
    private static void SystemCall(Traps self) => LastWords.Stop("system call without a kernel", 0);

    [RuntimeExport("TrapFromUser")]
    private static void FromUser(Traps self, int vector, uint errorCode)
    {
        if (vector >= FirstInterrupt)
        {
            self.Interrupt(vector);
        }

        self._scheduler.Dispatch();
    }

    /// <summary>A kernel thread was interrupted; it goes on when this returns. An exception there is a bug.</summary>
    [RuntimeExport("TrapFromKernel")]
    private static void FromKernel(Traps self, int vector, ulong* pushed)
    {
        if (vector < FirstInterrupt)
        {
            Fatal(self, vector, pushed);
        }

        uint depth = self._processor.EnterInterrupt();
        self.Interrupt(vector);
        self._scheduler.Dispatch();
        self._processor.LeaveInterrupt(depth);
    }

    [RuntimeExport("TrapFatal")]
    private static void Fatal(Traps self, int vector, ulong* pushed)
    {
        string what = vector switch
        {
            Vector.NonMaskable => "non-maskable interrupt",
            Vector.DoubleFault => "double fault in the kernel",
            Vector.MachineCheck => "machine check",
            Vector.PageFault => "page fault in the kernel",
            Vector.GeneralProtection => "general protection in the kernel",
            _ => "exception in the kernel",
        };

        LastWords.Stop(what, vector == Vector.PageFault ? Native.ReadControl2() : pushed[1]);
    }

    [RuntimeExport("TrapStartThread")]
    private static void StartThread(Traps self, KernelThread thread)
    {
        self._processor.Open();
        thread.Run();
    }

    private void Interrupt(int vector)
    {
        if (vector == Vector.Timer)
        {
            _apic.EndOfInterrupt();
            if (_clock.HasExpired())
            {
                _scheduler.TimerExpired();
            }
        }
        else if (_interrupts.Signal(vector))
        {
            _apic.EndOfInterrupt();
        }
    }
}
