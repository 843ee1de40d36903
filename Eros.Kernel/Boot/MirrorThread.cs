// MirrorThread: the kernel's thread that brings the disk of a mirror up to date which has fallen behind, and looks for
// one that is lost. The checkpointer says when it is in step.

using Eros.Kernel.Threads;
using Eros.Persistence.Mirror;

namespace Eros.Kernel.Boot;

/// <summary>Copies, a piece at a time. There is none in a machine with one disk.</summary>
public sealed class MirrorThread(Kernel kernel, MirroredDisk disk) : KernelThread("mirror", OwnPriority, true)
{
    private const int OwnPriority = 4;

    /// <summary>How long it waits for writes that are under way, and for something to do.</summary>
    private const ulong WritesNs = 5_000_000;
    private const ulong LookNs = 1_000_000_000;

    private readonly Kernel _kernel = kernel;
    private readonly MirroredDisk _disk = disk;
    private readonly Event _pause = new(kernel.Scheduler, kernel.Processor);

    public override void Run()
    {
        while (true)
        {
            if (_disk.Work())
            {
                continue;
            }

            if (_disk.IsCopied)
            {
                _kernel.Services.CheckpointDue.Signal();
            }

            bool isCopying = _disk.IsCopying && !_disk.IsCopied;
            _pause.WaitUntil(_kernel.Clock.Now + (isCopying ? WritesNs : LookNs));
        }
    }
}
