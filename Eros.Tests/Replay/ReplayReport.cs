using System;
using System.Collections.Generic;

namespace Eros.Tests.Replay;

/// <summary>What replays of a log came to.</summary>
public sealed class ReplayReport
{
    /// <summary>Entries of the log, and the checkpoints in it that were acknowledged.</summary>
    public int Entries { get; set; }
    public int Commits { get; set; }

    /// <summary>Disks that were recovered: at flushes, at cuts between them, and with a part of what was not
    /// flushed.</summary>
    public int Flushes { get; set; }
    public int Prefixes { get; set; }
    public int Subsets { get; set; }

    /// <summary>Blocks that a cut found unflushed, in all subsets.</summary>
    public long Unflushed { get; set; }

    /// <summary>Generations that disks came back to.</summary>
    public HashSet<ulong> Generations { get; } = [];

    /// <summary>Frames that were loaded, each as the second reader has it.</summary>
    public long Frames { get; set; }

    /// <summary>Disks that were brought home after their recovery, and recovered again.</summary>
    public int Migrated { get; set; }

    /// <summary>Disks that were verified block by block and booted.</summary>
    public int Booted { get; set; }

    /// <summary>What recovering took, without verifying and booting.</summary>
    public TimeSpan Elapsed { get; set; }

    public List<string> Wrong { get; } = [];

    public int Recoveries => Flushes + Prefixes + Subsets;
}
