// PagerThread: brings frames into memory that activities wait for, the most urgent first. It inherits their urgency.
//
// It is the only thread that loads. So it is also the one that tells those who listen, to the terminal and to interrupt
// lines: their processes may have to be loaded first.

using Eros.Kernel.Processes;
using Eros.Persistence.Base;
using Eros.Persistence.Store;

namespace Eros.Kernel.Threads;

/// <summary>Loads what is waited for.</summary>
public sealed class PagerThread(Kernel kernel, SingleLevelStore store) : KernelThread("pager", OwnPriority, true)
{
    private const int OwnPriority = 8;

    /// <summary>How long a listener that cannot be dirtied is left alone.</summary>
    private const ulong PauseNs = 10_000_000;

    private readonly Kernel _kernel = kernel;
    private readonly SingleLevelStore _store = store;

    public override void Run()
    {
        Event due = _kernel.Services.LoadDue;
        bool isTold = true;
        while (true)
        {
            due.WaitUntil(isTold ? Machine.Clock.Never : _kernel.Clock.Now + PauseNs);
            due.Reset();
            while (_kernel.Services.Next(StallReason.Load, ActivityFlags.None, out ulong frame))
            {
                _ = _store.Load(frame);
            }

            isTold = TellListener();
        }
    }

    /// <summary>False: not yet, there is no room to dirty the listener.</summary>
    private bool TellListener()
    {
        _kernel.Processor.Close();
        Outcome outcome = _kernel.TellListener(out ulong frame);
        _kernel.Processor.Open();
        return outcome switch
        {
            Outcome.Ok => true,
            Outcome.Absent => _store.Load(frame) == Outcome.Ok && TellListener(),
            _ => false,
        };
    }
}
