using System.Collections.Generic;
using Eros.Persistence.Layout;

namespace Eros.Build.Volume;

/// <summary>What a block of a header holds.</summary>
public enum HeaderState
{
    Intact,

    /// <summary>Zeros: never written, or erased.</summary>
    Empty,

    Damaged,

    /// <summary>Beyond the end of the disk, or the disk cannot read it.</summary>
    Unreadable,
}

/// <summary>A header or a mark on the volume, one copy of it.</summary>
/// <param name="What">"volume", "checkpoint", "mark" or "mirror".</param>
/// <param name="Block">Where it is.</param>
/// <param name="State">Intact: its checksum, magic and volume id fit.</param>
/// <param name="Generation">Of a checkpoint header or a mark that is intact; of a mirror record, its events.</param>
public readonly record struct HeaderReport(string What, ulong Block, HeaderState State, ulong Generation);

/// <summary>What the disk knows of its mirror.</summary>
/// <param name="Events">How often a member fell behind or was in step again; 0: it has no mirror.</param>
/// <param name="Member">Which of the two disks it is, 0 or 1.</param>
/// <param name="InStep">Bit m: member m holds everything.</param>
public sealed record MirrorReport(ulong Events, uint Member, uint InStep)
{
    /// <summary>In words, with disks counted from 1.</summary>
    public string Text
    {
        get
        {
            string other = $"disk {2 - Member}";
            string state = InStep == MirrorRecord.Both ? $"in step with {other}"
                : InStep == 1u << (int)Member ? $"alone: {other} is behind"
                : $"an unfinished copy of {other}";
            return Events == 0 ? "none" : $"disk {Member + 1}, {state}, as far as it knows";
        }
    }
}

/// <summary>A generation that a mount can come back to.</summary>
public sealed record GenerationReport
{
    public ulong Generation { get; private init; }

    /// <summary>Nanoseconds from the making of the volume to the snapshot.</summary>
    public ulong TimeNs { get; private init; }

    /// <summary>The epoch of the boot that saved it.</summary>
    public ulong BootEpoch { get; private init; }

    /// <summary>The processor features that its processes rely on.</summary>
    public ulong ProcessorFeatures { get; private init; }

    /// <summary>The first log position, and the blocks of the log.</summary>
    public ulong FirstPosition { get; private init; }
    public ulong LogBlocks { get; private init; }

    /// <summary>Frames and tag blocks in its directory, processes in its list.</summary>
    public uint Frames { get; private init; }
    public uint TagBlocks { get; private init; }
    public uint Processes { get; private init; }

    internal static GenerationReport Of(GenerationHeader header) => new()
    {
        Generation = header.Header.Generation,
        TimeNs = header.Facts.TimeNs,
        BootEpoch = header.Facts.BootEpoch,
        ProcessorFeatures = header.Facts.ProcessorFeatures,
        FirstPosition = header.FirstPosition,
        LogBlocks = header.Blocks,
        Frames = header.FrameCount,
        TagBlocks = header.TagCount,
        Processes = header.ProcessCount,
    };
}

/// <summary>A record of the journal: a page that is newer than the generation.</summary>
public readonly record struct JournalReport(ulong Number, ulong Oid, uint Version);

/// <summary>A page. Its contents are nobody's business here.</summary>
/// <param name="IsZero">Its tag says all about it.</param>
public readonly record struct PageReport(ulong Oid, uint Version, bool IsZero);

/// <summary>A node that holds something, or is not plain.</summary>
public sealed record NodeReport(ulong Oid, Node Node);

/// <summary>A process.</summary>
/// <param name="IsListed">The generation's list has it: it runs, or waits for the kernel.</param>
public sealed record ProcessReport(ulong Oid, ProcessFrame Frame, bool IsListed)
{
    /// <summary>What the composition called it; empty when it was made by a program.</summary>
    public string Label => ProcessLabels.Read(Frame.Label);
}

/// <summary>Something that is wrong, with the object where it was found (null: none).</summary>
public readonly record struct VolumeError(ulong? Oid, string Text);

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

    /// <summary>Where the parts are; all zero when there is no volume that could be looked at.</summary>
    public VolumeGeometry Geometry { get; set; }

    public List<HeaderReport> Headers { get; } = [];

    /// <summary>Null when no copy of the record is intact.</summary>
    public MirrorReport? Mirror { get; set; }

    /// <summary>The generation that a mount comes back to; of a volume that is refused, the newest.</summary>
    public GenerationReport? Generation { get; set; }

    /// <summary>The newest generation that its header knows to be wholly at home.</summary>
    public ulong MigratedGeneration { get; set; }

    /// <summary>The generations that are in the log, each of which can be booted, oldest first.</summary>
    public List<GenerationReport> Kept { get; } = [];

    /// <summary>What was journalled since that generation.</summary>
    public List<JournalReport> Journal { get; } = [];

    public List<ProcessReport> Processes { get; } = [];

    public List<NodeReport> Nodes { get; } = [];

    public List<PageReport> Pages { get; } = [];

    /// <summary>Home frames by what they hold: "free", "page", "zero page", "pot", "void pot", "process"; and those of
    /// them that are "pinned".</summary>
    public SortedDictionary<string, long> Frames { get; } = [];

    /// <summary>Nodes that are not void, by kind.</summary>
    public SortedDictionary<NodeKind, long> NodeCounts { get; } = [];

    /// <summary>Capabilities in nodes and processes, by type; void ones are not counted.</summary>
    public SortedDictionary<CapabilityType, long> Capabilities { get; } = [];

    public List<VolumeError> Errors { get; } = [];

    /// <summary>The tags of frames that are in use.</summary>
    internal Dictionary<ulong, Tag> Tags { get; } = [];

    /// <summary>Versions of objects, and call counts of processes, by what a capability says.</summary>
    internal Dictionary<(FrameKind Kind, ulong Oid), ulong> Versions { get; } = [];

    /// <summary>
    /// Whether a capability is alive: its object has its version. Null: it names none, or one that is not known.
    /// </summary>
    public bool? IsAlive(in Capability capability)
    {
        bool isCounted = capability.Type is CapabilityType.Resume or CapabilityType.FaultResume;
        FrameKind kind = isCounted ? FrameKind.Free : KindOf(capability.Type);
        return capability.NamesObject && Versions.TryGetValue((kind, capability.Oid.Value), out ulong version)
            ? version == (isCounted ? capability.Count : capability.Version)
            : null;
    }

    /// <summary>Whether the object of a capability is a process.</summary>
    public static bool NamesProcess(in Capability capability) =>
        capability.NamesObject && KindOf(capability.Type) == FrameKind.Process;

    /// <summary>What the object of a capability that names one is kept in.</summary>
    internal static FrameKind KindOf(CapabilityType type) => type switch
    {
        CapabilityType.Page => FrameKind.Page,
        CapabilityType.Node or CapabilityType.Space or CapabilityType.Forwarder => FrameKind.Pot,
        _ => FrameKind.Process,
    };
}
