// Event: what a kernel thread waits for. It is set by Signal, stays set until Reset, and lets everybody pass while
// it is set.
//
//        Signal
//   clear ────▶ set
//      ◀────
//        Reset
//
// A driver's loop: Wait; Reset; take all the work there is. Work that comes after the Reset sets the event again, so
// none is lost.
//
// Signal may be called by interrupt handlers, by invocations and by threads. An event whose Server is known lends the
// urgency of those that wait for it to that thread.

using System.Runtime.CompilerServices;
using Eros.Kernel.Machine;
using Eros.Kernel.Scheduling;

namespace Eros.Kernel.Threads;

/// <summary>A flag that threads can wait for.</summary>
public sealed class Event(Scheduler scheduler, Processor processor)
{
    private readonly Scheduler _scheduler = scheduler;
    private readonly Processor _processor = processor;
    private bool _isSet;

    /// <summary>The thread that will signal, if it is always the same one. Set at boot.</summary>
    public KernelThread? Server { get; set; }

    public bool IsSet => _isSet;

    /// <summary>Returns when the event is set. Kernel threads only, with the gate open.</summary>
    public void Wait() => WaitUntil(Clock.Never);

    /// <summary>Returns true when the event is set, false when the time has come first. Kernel threads only, with
    /// the gate open.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool WaitUntil(ulong deadlineNs)
    {
        _processor.Close();

        // Woken is woken: it does not matter that another thread has reset the event since.
        bool isSet = _isSet || _scheduler.Block(this, deadlineNs);
        _processor.Open();
        return isSet;
    }

    /// <summary>Sets the event; all that wait for it become ready.</summary>
    public void Signal()
    {
        _processor.Close();
        if (!_isSet)
        {
            _isSet = true;
            _scheduler.Wake(this);
        }

        _processor.Open();
    }

    /// <summary>Clears the event.</summary>
    public void Reset() => _isSet = false;
}
