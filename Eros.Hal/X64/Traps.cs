// Traps: the C# that the entry stubs call (Trap.xs says from where and on which stack). The gate is closed once in
// all of it.
//
// Entries from ring 3 end in Scheduler.Dispatch, which goes on with some domain or thread and does not return.

using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using Eros.Hal.Interrupts;
using Eros.Hal.Timers;
using Eros.Kernel;
using Eros.Kernel.Machine;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Spaces;
using Eros.Kernel.Threads;
using Eros.Persistence.Layout;

namespace Eros.Hal.X64;

/// <summary>Handles system calls, exceptions and interrupts.</summary>
public sealed unsafe class Traps
{
    private const int FirstInterrupt = TrapBlock.Exceptions;
    private const uint WriteBit = 1 << 1;
    private const uint ExecuteBit = 1 << 4;

    private readonly Eros.Kernel.Kernel _kernel;
    private readonly X64Processor _processor;
    private readonly Scheduler _scheduler;
    private readonly X64Clock _clock;
    private readonly LocalApic _apic;
    private readonly InterruptTable _interrupts;

    public Traps(
        Eros.Kernel.Kernel kernel, X64Processor processor, X64Clock clock, LocalApic apic, InterruptTable interrupts)
    {
        _kernel = kernel;
        _processor = processor;
        _scheduler = kernel.Scheduler;
        _clock = clock;
        _apic = apic;
        _interrupts = interrupts;
        Traps self = this;
        ref TrapBlock block = ref processor.State.Trap;
        block.Handler = Unsafe.As<Traps, ulong>(ref self);
        for (int vector = 0; vector < TrapBlock.Exceptions; vector++)
        {
            block.FaultCodes[vector] = vector == Vector.PageFault ? (byte)0 : (byte)FaultOf(vector);
        }
    }

    [RuntimeExport("TrapSystemCall")]
    private static void SystemCall(Traps self)
    {
        self._processor.EnterFromUser();
        self._kernel.SystemCall();
        self._scheduler.Dispatch();
    }

    [RuntimeExport("TrapFromUser")]
    private static void FromUser(Traps self, int vector, uint errorCode)
    {
        self._processor.EnterFromUser();
        if (vector >= FirstInterrupt)
        {
            self.Interrupt(vector);
        }
        else if (vector == Vector.PageFault)
        {
            self._kernel.PageFault(Native.ReadControl2(), AccessOf(errorCode));
        }
        else
        {
            self._kernel.Fault(FaultOf(vector), self.Frame->Rip, errorCode);
        }

        self._scheduler.Dispatch();
    }

    /// <summary>What a page fault's error code says was tried (SDM volume 3A, 4.7).</summary>
    public static Access AccessOf(uint errorCode) =>
        (errorCode & ExecuteBit) != 0 ? Access.Execute : (errorCode & WriteBit) != 0 ? Access.Write : Access.Read;

    /// <summary>What domains call the exception with this vector.</summary>
    public static FaultCode FaultOf(int vector) => vector switch
    {
        Vector.DivideError => FaultCode.Divide,
        Vector.Debug => FaultCode.Debug,
        Vector.Breakpoint => FaultCode.Breakpoint,
        Vector.Overflow => FaultCode.Overflow,
        Vector.InvalidOpcode => FaultCode.BadOpcode,
        Vector.FloatingPoint or Vector.SimdFloatingPoint => FaultCode.FloatingPoint,
        Vector.AlignmentCheck => FaultCode.Alignment,
        _ => FaultCode.GeneralProtection,
    };

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
        ReadOnlySpan<byte> what = vector switch
        {
            Vector.NonMaskable => "non-maskable interrupt"u8,
            Vector.DoubleFault => "double fault in the kernel"u8,
            Vector.MachineCheck => "machine check"u8,
            Vector.PageFault => "page fault in the kernel"u8,
            Vector.GeneralProtection => "general protection in the kernel"u8,
            _ => "exception in the kernel"u8,
        };

        LastWords.Halt(what, vector == Vector.PageFault ? Native.ReadControl2() : pushed[1]);
    }

    [RuntimeExport("TrapStartThread")]
    private static void StartThread(Traps self, KernelThread thread)
    {
        self._processor.Open();
        thread.Run();
    }

    /// <summary>The process that entered the kernel.</summary>
    private ProcessFrame* Frame => (ProcessFrame*)_processor.State.Trap.Frame;

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
        else if ((uint)(vector - Vector.FirstLine) < Limits.DeviceLines)
        {
            _kernel.Lines.Raised(vector - Vector.FirstLine);
            _apic.EndOfInterrupt();
        }
        else if (_interrupts.Signal(vector))
        {
            _apic.EndOfInterrupt();
        }
    }
}
