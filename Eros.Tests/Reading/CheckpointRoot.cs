using System.Collections.Generic;

namespace Eros.Tests.Reading;

/// <summary>What an intact checkpoint header says.</summary>
internal sealed class CheckpointRoot
{
    /// <summary>Places of the list in the block.</summary>
    public const uint ListPlaces = 16;

    private CheckpointRoot(Block block)
    {
        Generation = block.Generation;
        TimeNs = block.U64(24);
        BootEpoch = block.U64(32);
        Features = block.U64(40);
        AtHome = block.U64(48);
        End = block.U64(56);
        UnmigratedCount = block.U32(64);
        ProcessFrames = block.U32(96);
        PinnedFrames = block.U32(100);
        for (int i = 0; i < uint.Min(UnmigratedCount, ListPlaces); i++)
        {
            Unmigrated.Add((block.U64(128 + (16 * i)), block.U64(136 + (16 * i))));
        }
    }

    public ulong Generation { get; }

    public ulong TimeNs { get; }

    public ulong BootEpoch { get; }

    public ulong Features { get; }

    /// <summary>The newest generation that was wholly at home.</summary>
    public ulong AtHome { get; }

    /// <summary>The position behind the log of the generation.</summary>
    public ulong End { get; }

    public uint ProcessFrames { get; }

    public uint PinnedFrames { get; }

    /// <summary>Entries that the list is said to have.</summary>
    public uint UnmigratedCount { get; }

    /// <summary>The generations that are in the log, oldest first, with the positions of their headers.</summary>
    public List<(ulong Generation, ulong Position)> Unmigrated { get; } = [];

    /// <summary>True when the list has all generations after those at home, and ends where the log does.</summary>
    public bool IsListSound => UnmigratedCount <= ListPlaces
        && AtHome == Generation - UnmigratedCount
        && (UnmigratedCount == 0
            || (Unmigrated[^1].Generation == Generation && Unmigrated[^1].Position + 1 == End));

    /// <summary>One copy of the header in a slot; null when it does not count.</summary>
    public static CheckpointRoot? Read(DiskView disk, VolumeMap map, ulong parity, ulong copy) =>
        Block.TryRead(disk, map.HeaderBlock(parity, copy), Block.Checkpoint, map.Id, out Block block)
            && block.Generation % 2 == parity && block.Generation != ulong.MaxValue
                ? new CheckpointRoot(block)
                : null;
}
