// Counters: the kernel's counters, one object that every part of it adds to. CheckpointOrder.Counters gives them out.

using Eros.Kernel.Protocol;

namespace Eros.Kernel;

/// <summary>What has happened since boot.</summary>
public sealed class Counters
{
    public KernelCounters Values;
}
