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

    [Order(CheckpointOrder.WaitSettled)]
    Result WaitSettled(ulong generation);

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

    /// <summary>
    /// Makes a page durable at once: a restart comes back to it as it is now, and to everything else as the last
    /// checkpoint has it. For data that must not be lost though what led to it may be. A page that is newer than that
    /// checkpoint is refused with <see cref="CheckpointResult.NotInCheckpoint"/>.
    /// </summary>
    [Order(CheckpointOrder.JournalPage)]
    Result JournalPage(IPage page);
}
