// LoggedGeneration: one generation in the log: its header, its directory, its process list (docs/disk-format.md,
// "Log").

using System.Collections.Generic;

namespace Eros.Tests.Reading;

/// <summary>What the log says of a frame or tag block.</summary>
internal readonly record struct LogEntry(ulong Position, TagValue Tag);

/// <summary>Null images are not in the log: their positions are 0.</summary>
internal sealed class LoggedGeneration
{
    private const ulong EntriesOfBlock = 126;
    private const ulong ProcessesOfBlock = 504;
    private const ulong MostProcesses = 1024;
    private const ulong Copies = 2;
    private const ulong MostDirectoryBlocks = 1280;
    private const int EntryBytes = 32;
    private const int FirstEntry = 64;
    private const byte TagKind = 4;

    private readonly DiskView _disk;
    private readonly VolumeMap _map;
    private readonly ulong _generation;
    private ulong _directory;
    private ulong _processList;
    private ulong _processCount;
    private ulong _frameCount;
    private ulong _tagCount;
    private ulong _last;
    private ulong _position;

    private LoggedGeneration(DiskView disk, VolumeMap map, ulong generation)
    {
        _disk = disk;
        _map = map;
        _generation = generation;
    }

    /// <summary>The images of frames, by frame.</summary>
    public Dictionary<ulong, LogEntry> Frames { get; } = [];

    /// <summary>The images of tag blocks, by their first frame.</summary>
    public Dictionary<ulong, LogEntry> TagBlocks { get; } = [];

    /// <summary>OIDs of processes that ran, once they are read.</summary>
    public List<ulong> Processes { get; } = [];

    /// <summary>The position of its first block.</summary>
    public ulong First { get; private set; }

    public ulong DirectoryBlocks => BlocksFor(_frameCount + _tagCount);

    /// <summary>The generation whose header is at a position and ends before another; null when it is
    /// damaged.</summary>
    public static LoggedGeneration? Read(DiskView disk, VolumeMap map, ulong generation, ulong position)
    {
        var logged = new LoggedGeneration(disk, map, generation);
        return logged.ReadHeader(position) && logged.ReadDirectory() ? logged : null;
    }

    /// <summary>True when it is the generation after another, and its log begins after that one's end.</summary>
    public bool Follows(LoggedGeneration previous) =>
        _generation == previous._generation + 1 && First > previous._position;

    /// <summary>Directory blocks that would do for the largest generation.</summary>
    public static ulong MostDirectoryBlocksOf(VolumeMap map) =>
        BlocksFor(ulong.Min(map.LogBlocks / 2, MostDirectoryBlocks * EntriesOfBlock));

    private static ulong BlocksFor(ulong entries) => (entries + EntriesOfBlock - 1) / EntriesOfBlock;

    private bool ReadHeader(ulong position)
    {
        if (!TryReadHeader(position, out Block header) && !TryReadHeader(position - 1, out header))
        {
            return false;
        }

        _position = position;
        First = header.U64(24);
        ulong blocks = header.U64(32);
        _directory = header.U64(40);
        _frameCount = header.U32(48);
        _tagCount = header.U32(52);
        _processList = header.U64(56);
        _processCount = header.U32(64);
        ulong entries = _frameCount + _tagCount;
        ulong most = (2 * MostDirectoryBlocksOf(_map)) + CheckpointRoot.ListPlaces;
        return First != 0 && blocks <= _map.LogBlocks / 2 && First + blocks - 1 == position
            && BlocksFor(entries) <= most && (entries == 0 || _tagCount != 0)
            && _processCount <= MostProcesses;
    }

    private bool TryReadHeader(ulong position, out Block header) =>
        Block.TryRead(_disk, _map.LogBlock(position), Block.GenerationHeader, _map.Id, out header)
            && header.Generation == _generation;

    /// <summary>A block of the directory or of the process list, of which one copy begins at a position and the other
    /// a distance from there.</summary>
    private bool TryReadPart(ulong position, long distance, uint magic, ulong number, out Block block) =>
        TryReadCopy(position + number, magic, number, out block)
            || TryReadCopy(position + (ulong)distance + number, magic, number, out block);

    private bool TryReadCopy(ulong position, uint magic, ulong number, out Block block) =>
        Block.TryRead(_disk, _map.LogBlock(position), magic, number, out block)
            && block.Generation == _generation && block.U64(24) == _map.Id;

    /// <summary>How far the copies are apart: two of them fill what is between the images and the headers.</summary>
    private long Apart => (long)((_position - 1 - _processList) / Copies);

    private bool ReadDirectory()
    {
        ulong next = First;
        for (ulong i = 0; i < _frameCount + _tagCount; i += EntriesOfBlock)
        {
            if (!TryReadPart(_directory, -Apart, Block.Directory, i / EntriesOfBlock, out Block block))
            {
                return false;
            }

            for (ulong j = i; j < ulong.Min(i + EntriesOfBlock, _frameCount + _tagCount); j++)
            {
                if (!Add(block, FirstEntry + ((int)(j - i) * EntryBytes), isTagBlock: j >= _frameCount, ref next))
                {
                    return false;
                }
            }
        }

        return next == _processList;
    }

    private bool Add(Block block, int at, bool isTagBlock, ref ulong next)
    {
        ulong frame = block.U64(at);
        ulong position = block.U64(at + 8);
        var tag = new TagValue(block.U32(at + 16), block.U32(at + 20), block.U8(at + 24), block.U8(at + 25));
        bool hasImage = position != 0;
        if (frame >= _map.HomeFrames || (tag.Kind == TagKind) != isTagBlock || tag.Kind > TagKind
            || (hasImage && position != next++)
            || (isTagBlock && (!hasImage || frame % VolumeMap.FramesOfCluster != 0))
            || hasImage == tag.IsNull)
        {
            return false;
        }

        Dictionary<ulong, LogEntry> entries = isTagBlock ? TagBlocks : Frames;
        bool isAscending = entries.Count == 0 || frame > _last;
        _last = frame;
        entries[frame] = new LogEntry(position, tag);
        return isAscending;
    }

    /// <summary>Reads the list of processes; false when it is damaged.</summary>
    public bool ReadProcesses()
    {
        for (ulong i = 0; i < _processCount; i += ProcessesOfBlock)
        {
            ulong second = _processList + (ulong)Apart;
            if (!TryReadPart(second, -Apart, Block.ProcessList, i / ProcessesOfBlock, out Block block))
            {
                return false;
            }

            for (ulong j = i; j < ulong.Min(i + ProcessesOfBlock, _processCount); j++)
            {
                Processes.Add(block.U64(FirstEntry + ((int)(j - i) * sizeof(ulong))));
            }
        }

        return true;
    }
}
