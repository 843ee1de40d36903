using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>One of many who keep the services busy while the plug is pulled.</summary>
public interface IBustleWorker : ICapability
{
    /// <summary>
    /// Begins a task for ever, as worker <paramref name="number"/>, out of the storage of <paramref name="bank"/>.
    /// What else it takes depends on the task.
    /// </summary>
    [Order(1)]
    Result Begin(uint task, uint number, ISpaceBank bank, ICapability thing);

    /// <summary>Begins to count calls, as worker <paramref name="number"/>; gives where forwarders may lead.</summary>
    [Order(2)]
    Result Serve(uint number, out ICapability target);

    /// <summary>Counts a call; what the forwarder's word was.</summary>
    [Order(3)]
    Result Pass(out ulong count, out uint word);

    /// <summary>Fills pages of its own with what follows from <paramref name="seed"/>; the sum of what is read back.
    /// </summary>
    [Order(4)]
    Result Touch(ulong seed, uint pages, out ulong sum);

    /// <summary>Takes a checkpoint after a time, nanoseconds; returns when it is on disk.</summary>
    [Order(5)]
    Result Checkpoint(ulong delay, out ulong generation);
}
