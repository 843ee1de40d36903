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

    protected override void Main()
    {
        while (Sleep.UntilRestart() == Result.Restarted)
        {
            Observer.Restarted();
        }
    }
}
