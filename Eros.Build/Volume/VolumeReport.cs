using System.Collections.Generic;
using Eros.Persistence.Layout;

namespace Eros.Build.Volume;

/// <summary>A header or a mark on the volume, one copy of it.</summary>
/// <param name="What">"volume", "checkpoint" or "mark".</param>
/// <param name="Block">Where it is.</param>
/// <param name="IsIntact">Its checksum, magic and volume id fit.</param>
/// <param name="Generation">Of a checkpoint header or a mark that is intact.</param>
public readonly record struct HeaderReport(string What, ulong Block, bool IsIntact, ulong Generation);

/// <summary>The generation that a mount comes back to.</summary>
public sealed record GenerationReport
{
    public ulong Generation { get; init; }

    /// <summary>Nanoseconds from the making of the volume to the snapshot.</summary>
    public ulong TimeNs { get; init; }

    /// <summary>The epoch of the boot that saved it.</summary>
    public ulong BootEpoch { get; init; }

    /// <summary>The processor features that its processes rely on.</summary>
    public ulong ProcessorFeatures { get; init; }

    /// <summary>The newest generation that is known to be wholly at home.</summary>
    public ulong MigratedGeneration { get; init; }

    /// <summary>The first log position, and the blocks of the log.</summary>
    public ulong FirstPosition { get; init; }
    public ulong LogBlocks { get; init; }

    /// <summary>Frames and tag blocks in its directory.</summary>
    public uint Frames { get; init; }
    public uint TagBlocks { get; init; }
}

/// <summary>A process of the list, or any other.</summary>
public readonly record struct ProcessReport(ulong Oid, RunState State, FaultCode Fault, bool IsListed);

/// <summary>Something that is wrong, with the object where it was found (0: none).</summary>
public readonly record struct VolumeError(ulong Oid, string Text);

/// <summary>What is on a volume.</summary>
public sealed record VolumeReport
{
    /// <summary>Why the kernel would refuse it; null when it would not.</summary>
    public string? Refusal { get; set; }

    public ulong VolumeId { get; set; }

    public uint Format { get; set; }

    public uint Protocol { get; set; }

    /// <summary>The composition's digest, in hexadecimal.</summary>
    public string Digest { get; set; } = string.Empty;

    /// <summary>Where the parts are; all zero when there is no volume header.</summary>
    public VolumeGeometry Geometry { get; set; }

    public List<HeaderReport> Headers { get; } = [];

    public GenerationReport? Generation { get; set; }

    /// <summary>All processes on the volume.</summary>
    public List<ProcessReport> Processes { get; } = [];

    /// <summary>Home frames by what they hold: "free", "page", "zero page", "pot", "void pot", "process".</summary>
    public SortedDictionary<string, long> Frames { get; } = [];

    /// <summary>Nodes that are not void, by kind.</summary>
    public SortedDictionary<NodeKind, long> Nodes { get; } = [];

    /// <summary>Capabilities in nodes and processes, by type; void ones are not counted.</summary>
    public SortedDictionary<CapabilityType, long> Capabilities { get; } = [];

    public List<VolumeError> Errors { get; } = [];
}
