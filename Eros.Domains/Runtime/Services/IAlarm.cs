using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>A server that must do something at a time: it cannot sleep itself, for who sleeps serves nobody.</summary>
public interface IAlarmed : ICapability
{
    /// <summary>
    /// The alarm's ask: until when shall it sleep? The server puts the answer off while there is nothing to wait for.
    /// Asked again, the time has come, or the machine was restarted meanwhile.
    /// </summary>
    [Order(1)]
    Result NextAlarm(out ulong time);
}
