using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Authority over the machine's persistence.</summary>
public interface ICheckpoint : ICapability
{
    /// <summary>Asks for a snapshot; the generation will hold this call as finished.</summary>
    [Order(CheckpointOrder.Take)]
    Result Take(out ulong generation);

    [Order(CheckpointOrder.WaitCommitted)]
    Result WaitCommitted(ulong generation);

    [Order(CheckpointOrder.WaitMigrated)]
    Result WaitMigrated(ulong generation);

    [Order(CheckpointOrder.Generation)]
    Result Generation(out ulong committed, out ulong working, out ulong intervalMs);

    /// <summary>The kernel's <see cref="KernelCounters"/>.</summary>
    [Order(CheckpointOrder.Counters)]
    Result Counters(Span<byte> counters, out int stored);

    /// <summary>Stops the machine as it stands; a restart sees the last committed checkpoint.</summary>
    [Order(CheckpointOrder.PowerOff)]
    Result PowerOff();

    [Order(CheckpointOrder.SetInterval)]
    Result SetInterval(ulong milliseconds);
}
