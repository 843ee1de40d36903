// WatcherDomain: sleeps until the machine is restarted, then tells whoever must know. A server cannot wait for that
// itself: while it sleeps it serves nobody.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Watcher;

/// <summary>Tells somebody of each restart.</summary>
[Domain]
public sealed partial class WatcherDomain : Domain
{
    [Capability]
    internal partial ISleep Sleep { get; }

    [Capability]
    internal partial IRestartObserver Observer { get; }

    // What a composition puts together begins in the volume's first boot: if a checkpoint is taken before that, and the
    // machine restarted, it is the second when this begins.
    protected override void Main()
    {
        ulong boot = 1;
        while (Sleep.UntilRestart(boot) == Result.Restarted)
        {
            Sleep.Now(out _, out boot);
            Observer.Restarted();
        }
    }
}
