// StoreLimits: every fixed size of the store, with the relations between them.

using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

/// <summary>Sizes fixed when the kernel is built.</summary>
public static class StoreLimits
{
    /// <summary>Processes that a checkpoint's list can hold.</summary>
    public const int Processes = 1024;

    /// <summary>Directory blocks of one generation: 5 MB of directory.</summary>
    public const int DirectoryBlocks = 1280;

    /// <summary>
    /// Directory blocks in memory: of the generation that is being written, as much again for those that are in the
    /// log, and one more for each of these, whose last block is not full.
    /// </summary>
    public const int RingBlocks = (2 * DirectoryBlocks) + CheckpointHeader.MaxUnmigrated;

    /// <summary>Frames that one generation can hold: just under 630 MB.</summary>
    public const int GenerationFrames = DirectoryBlocks * DirectoryBlock.EntryCount;

    /// <summary>Transfers that a stream of writes keeps under way, 256 KB each.</summary>
    public const int WriteTransfers = 4;

    /// <summary>Transfers that migration reads ahead, 256 KB each.</summary>
    public const int ReadTransfers = 2;

    /// <summary>
    /// Claimed part of the log, in percent of what a generation may take, at which a checkpoint is asked for.
    /// </summary>
    public const uint CheckpointPercent = 65;

    /// <summary>
    /// Most frames that are dirty or being saved, in percent of the memory that the store finds: each may take two
    /// physical frames, and something clean must be left that can leave.
    /// </summary>
    public const uint DirtyPercent = 40;

    /// <summary>
    /// Most frames that are pinned, in percent of the memory that the store finds. Each may keep a tag block there,
    /// too, and beside what is dirty and its images something must be left that can leave.
    /// </summary>
    public const uint PinPercent = 5;

    /// <summary>Free physical frames at which ageing begins.</summary>
    public const int LowFrames = 16;

    /// <summary>Free physical frames at which it ends.</summary>
    public const int EnoughFrames = 24;

    /// <summary>Clean frames whose contents are compared with their checksum at a time.</summary>
    public const int AuditFrames = 64;

    /// <summary>Home blocks that the scrubber looks at in one step.</summary>
    public const int ScrubFrames = 8;
}
