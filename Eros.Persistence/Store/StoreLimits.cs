// StoreLimits: every fixed size of the store, with the relations between them.

using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

/// <summary>Sizes fixed when the kernel is built.</summary>
public static class StoreLimits
{
    /// <summary>Processes that a checkpoint's list can hold.</summary>
    public const int Processes = 1024;

    /// <summary>Directory blocks of one generation: 4 MB of directory.</summary>
    public const int DirectoryBlocks = 1024;

    /// <summary>Frames that one generation can hold: just under 504 MB.</summary>
    public const int GenerationFrames = DirectoryBlocks * DirectoryBlock.EntryCount;

    /// <summary>Transfers that a stream of writes keeps under way, 256 KB each.</summary>
    public const int WriteTransfers = 4;

    /// <summary>Transfers that migration reads ahead, 256 KB each.</summary>
    public const int ReadTransfers = 2;

    /// <summary>
    /// Claimed part of the log, in percent of what a generation may take, at which a checkpoint is asked for.
    /// </summary>
    public const uint CheckpointPercent = 65;

    /// <summary>Clean frames whose contents are compared with their checksum at each checkpoint.</summary>
    public const int AuditFrames = 64;
}
