namespace Eros.Tests.Reading;

/// <summary>Where things are on a volume, from its header.</summary>
internal sealed class VolumeMap
{
    public const ulong FramesOfCluster = 252;
    public const ulong JournalPlaces = 64;
    public const uint KnownFormat = 4;
    public const uint OldestFormat = 3;

    private const ulong LeastLogBlocks = 64;
    private const ulong JournalBlocks = 2 * JournalPlaces;
    private const ulong EndBlocks = 5;
    private const ulong MarkBlock = 3;
    private const ulong MirrorBlock = 4;

    private readonly ulong _logFirst;
    private readonly ulong _homeFirst;

    public VolumeMap(Block header)
    {
        Id = header.Name;
        Format = header.U32(24);
        Protocol = header.U32(28);
        Blocks = header.U64(32);
        _logFirst = header.U64(40);
        LogBlocks = header.U64(48);
        _homeFirst = header.U64(56);
        HomeFrames = header.U64(64);
    }

    public ulong Id { get; }

    public uint Format { get; }

    public uint Protocol { get; }

    public ulong Blocks { get; }

    public ulong LogBlocks { get; }

    public ulong HomeFrames { get; }

    /// <summary>True when the parts have room for each other.</summary>
    public bool IsPossible =>
        Blocks < 1UL << 40 && LogBlocks >= LeastLogBlocks && LogBlocks < Blocks
        && HomeFrames != 0 && HomeFrames < Blocks
        && _logFirst == EndBlocks && _homeFirst == _logFirst + LogBlocks + JournalBlocks
        && _homeFirst + HomeFrames + Clusters + EndBlocks <= Blocks;

    private ulong Clusters => (HomeFrames + FramesOfCluster - 1) / FramesOfCluster;

    /// <summary>Copy 0 (A) or 1 (B) of the checkpoint header slot of a generation's parity.</summary>
    public ulong HeaderBlock(ulong generation, ulong copy) => Copy(1 + (generation % 2), copy);

    public ulong MarkBlockOf(ulong copy) => Copy(MarkBlock, copy);

    public ulong MirrorBlockOf(ulong copy) => Copy(MirrorBlock, copy);

    public ulong LogBlock(ulong position) => _logFirst + (position % LogBlocks);

    public ulong JournalBlock(ulong place) => _logFirst + LogBlocks + (2 * place);

    public ulong TagBlock(ulong cluster) => _homeFirst + ((FramesOfCluster + 1) * cluster);

    public ulong HomeBlock(ulong frame) => _homeFirst + frame + (frame / FramesOfCluster) + 1;

    private ulong Copy(ulong block, ulong copy) => copy == 0 ? block : Blocks - 1 - block;
}
