// Limits: every fixed size of the kernel, in one place. Nothing in the kernel grows after boot.

using Eros.Kernel.Protocol;
using Eros.Persistence.Base;

namespace Eros.Kernel;

/// <summary>Sizes fixed when the kernel is built.</summary>
public static class Limits
{
    /// <summary>Processes that may exist on a volume; enforced when one is bought. As many activities exist.</summary>
    public const int Processes = 1024;

    /// <summary>Priorities of schedules: 0 (least) to 31 (most urgent).</summary>
    public const int Priorities = 32;

    /// <summary>Reserves of the processor's time that can be installed.</summary>
    public const int Reserves = 16;

    /// <summary>What all reserves together may take, of a thousand parts of the time.</summary>
    public const uint ReservedShare = 690;

    /// <summary>Shortest period of a reserve.</summary>
    public const ulong MinReservePeriodNs = 1_000_000;

    /// <summary>Longest period of a reserve.</summary>
    public const ulong MaxReservePeriodNs = 1_000_000_000;

    /// <summary>Least time that a reserve has in a period.</summary>
    public const ulong MinReserveNs = 100_000;

    /// <summary>Kernel threads, beside the idle thread.</summary>
    public const int KernelThreads = 16;

    /// <summary>Nodes that the walk through a space passes before it is taken for a cycle.</summary>
    public const int SpaceSteps = 24;

    /// <summary>Physical frames for each page table that may exist.</summary>
    public const int FramesPerPageTable = 32;

    /// <summary>Page tables of the smallest machine.</summary>
    public const int MinPageTables = 64;

    /// <summary>Entries of the reverse map from nodes for each page table.</summary>
    public const int NodeUsesPerPageTable = 4;

    /// <summary>Buckets of the stall queues; a power of two.</summary>
    public const int StallBuckets = 256;

    /// <summary>Forwarders that an invocation follows before it takes the chain for a cycle.</summary>
    public const int ForwarderDepth = 8;

    /// <summary>Frames that a message's string can touch: 64 KB that begin in mid-page.</summary>
    public const int StringFrames = (InvocationWord.MaxString / PhysicalMemory.FrameBytes) + 1;

    /// <summary>Bytes of the console's output ring: the longest string fits.</summary>
    public const int ConsoleOutput = InvocationWord.MaxString;

    /// <summary>Bytes of the output ring beyond that, for the kernel's own lines.</summary>
    public const int ConsoleKernelOutput = 4096;

    /// <summary>Bytes of the console's input ring; what is typed beyond them is lost. A power of two.</summary>
    public const int ConsoleInput = 4096;

    /// <summary>Interrupt lines that domains listen to at one time.</summary>
    public const int DeviceLines = 8;

    /// <summary>Milliseconds between checkpoints unless a domain asks for others.</summary>
    public const uint CheckpointIntervalMs = 30_000;

    /// <summary>Least milliseconds between checkpoints that a domain may set.</summary>
    public const uint MinCheckpointIntervalMs = 100;
}
