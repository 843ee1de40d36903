using System.Collections.Generic;

namespace Eros.Tests.Reading;

/// <summary>What an intact checkpoint header says.</summary>
internal sealed class CheckpointRoot
{
    private const uint MostUnmigrated = 1;

    private CheckpointRoot(Block block)
    {
        Generation = block.Generation;
        TimeNs = block.U64(24);
        BootEpoch = block.U64(32);
        Features = block.U64(40);
        End = block.U64(56);
        ProcessFrames = block.U32(96);
        for (int i = 0; i < block.U32(64); i++)
        {
            Unmigrated.Add((block.U64(128 + (16 * i)), block.U64(136 + (16 * i))));
        }
    }

    public ulong Generation { get; }

    public ulong TimeNs { get; }

    public ulong BootEpoch { get; }

    public ulong Features { get; }

    /// <summary>The position behind the log of the generation.</summary>
    public ulong End { get; }

    public uint ProcessFrames { get; }

    /// <summary>The generations that are in the log, oldest first, with the positions of their headers.</summary>
    public List<(ulong Generation, ulong Position)> Unmigrated { get; } = [];

    /// <summary>The header of a slot, from copy A or else B; null when neither counts.</summary>
    public static CheckpointRoot? Read(DiskView disk, VolumeMap map, ulong parity, ulong copy) =>
        Block.TryRead(disk, map.HeaderBlock(parity, copy), Block.Checkpoint, map.Id, out Block block)
            && block.Generation % 2 == parity && HasKnownList(block)
                ? new CheckpointRoot(block)
                : null;

    private static bool HasKnownList(Block block)
    {
        uint count = block.U32(64);
        return block.Generation == 0
            ? count == 0
            : count is > 0 and <= MostUnmigrated && block.U64(128 + (16 * ((int)count - 1))) == block.Generation;
    }
}
