// Gate: closes the processor to everything else for one bounded step. On the one-processor machine it turns
// interrupts off; in the simulated machine it checks that it is closed and opened in pairs.

namespace Eros.Persistence.Base;

/// <summary>The non-preemptible step in which a kernel thread touches shared structures.</summary>
public abstract class Gate
{
    /// <summary>Nothing else runs until <see cref="Open"/>. Steps nest.</summary>
    public abstract void Close();

    public abstract void Open();
}
