// IdleThread: what the processor does when nothing is ready. It is below every priority and in no ring.

using Eros.Kernel.Machine;

namespace Eros.Kernel.Threads;

/// <summary>Waits for interrupts.</summary>
public sealed class IdleThread(Processor processor) : KernelThread("idle", -1, false)
{
    private readonly Processor _processor = processor;

    public override void Run()
    {
        _processor.Close();
        while (true)
        {
            _processor.Idle();
        }
    }
}
