// CheckerThread: looks at what the kernel holds whether it is what it should be, always, where nobody more urgent wants
// the processor: clean frames in turn against their tags (C3), and after each round page tables and reverse maps
// against the spaces (X1 to X9). What is wrong stops the machine before it can be committed. In between it has the
// checkpointer look at what is at rest on the disk.

using Eros.Persistence.Store;

namespace Eros.Kernel.Threads;

/// <summary>Checks for ever.</summary>
public sealed class CheckerThread(Kernel kernel) : KernelThread("checker", 0, false)
{
    /// <summary>Time between two looks.</summary>
    private const ulong PauseNs = 100_000_000;

    private readonly Kernel _kernel = kernel;
    private readonly Event _pause = new(kernel.Scheduler, kernel.Processor);

    public override void Run()
    {
        while (true)
        {
            for (int left = _kernel.Frames.Capacity; left > 0; left -= StoreLimits.AuditFrames)
            {
                _pause.WaitUntil(_kernel.Clock.Now + PauseNs);
                _kernel.Frames.CheckSome(_kernel.Processor);

                // Not before something was saved: until then two disks may be unequal.
                if (_kernel.Counters.Values.Checkpoints != 0 && _kernel.Clock.Now >= _kernel.Services.NextScrubNs)
                {
                    _kernel.Services.NextScrubNs = 0;
                    _kernel.Services.CheckpointDue.Signal();
                }
            }

            _kernel.Spaces.Check.Run(_kernel.Processor);
        }
    }
}
