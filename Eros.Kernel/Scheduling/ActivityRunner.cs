// ActivityRunner: what the scheduler asks of the kernel core when an activity is next.

using Eros.Kernel.Threads;

namespace Eros.Kernel.Scheduling;

/// <summary>Brings activities onto the processor.</summary>
public abstract class ActivityRunner
{
    /// <summary>Makes sure that the activity's process is in memory, writable and runs. False when it is not to run: it
    /// was stalled or freed, and the scheduler picks again.</summary>
    public abstract bool TryEnter(int activity);

    /// <summary>Activates the entered process's space and resumes it (Processor.ResumeDomain with this <paramref
    /// name="from"/>).</summary>
    public abstract void Resume(KernelThread? from);
}
