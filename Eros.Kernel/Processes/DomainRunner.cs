// DomainRunner: how the scheduler brings a domain onto the processor.

using Eros.Kernel.Scheduling;
using Eros.Kernel.Threads;

namespace Eros.Kernel.Processes;

/// <summary>Runs activities.</summary>
public sealed class DomainRunner(Kernel kernel) : ActivityRunner
{
    private readonly Kernel _kernel = kernel;

    public override bool TryEnter(int activity) => Faults.TryEnter(_kernel, activity);

    public override void Resume(KernelThread? from)
    {
        int process = _kernel.State.Process;
        _kernel.Spaces.Activate(process);
        _kernel.Processor.ResumeDomain(from, ref _kernel.Objects.Process(process));
    }
}
