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
    private const ulong MostListBlocks = 3;
    private const ulong MostDirectoryBlocks = 1024;
    private const int EntryBytes = 32;
    private const int FirstEntry = 64;
    private const byte TagKind = 4;

    private readonly DiskView _disk;
    private readonly VolumeMap _map;
    private readonly ulong _generation;
    private ulong _first;
    private ulong _directory;
    private ulong _processList;
    private ulong _processCount;
    private ulong _frameCount;
    private ulong _tagCount;
    private ulong _last;

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

    /// <summary>OIDs of processes that ran.</summary>
    public List<ulong> Processes { get; } = [];

    /// <summary>The generation whose header is at a position and ends before another; null when it is
    /// damaged.</summary>
    public static LoggedGeneration? Read(DiskView disk, VolumeMap map, ulong generation, ulong position)
    {
        var logged = new LoggedGeneration(disk, map, generation);
        return logged.ReadHeader(position) && logged.ReadDirectory() && logged.ReadProcesses() ? logged : null;
    }

    private bool ReadHeader(ulong position)
    {
        if (!Block.TryRead(_disk, _map.LogBlock(position), Block.GenerationHeader, _map.Id, out Block header)
            || header.Generation != _generation)
        {
            return false;
        }

        _first = header.U64(24);
        ulong blocks = header.U64(32);
        _directory = header.U64(40);
        _frameCount = header.U32(48);
        _tagCount = header.U32(52);
        _processList = header.U64(56);
        _processCount = header.U32(64);
        ulong entries = _frameCount + _tagCount;
        return _first != 0 && blocks <= _map.LogBlocks / 2 && _first + blocks - 1 == position
            && _directory - _first < blocks && _processList - _first < blocks
            && entries <= MostEntries() && (entries == 0 || _tagCount != 0)
            && _processCount <= MostProcesses;
    }

    /// <summary>As many as fit a generation with its other blocks, in whole directory blocks.</summary>
    private ulong MostEntries()
    {
        ulong room = (_map.LogBlocks / 2) - MostListBlocks - 1;
        ulong entries = ulong.Min(room * EntriesOfBlock / (EntriesOfBlock + 1), MostDirectoryBlocks * EntriesOfBlock);
        return (entries + EntriesOfBlock - 1) / EntriesOfBlock * EntriesOfBlock;
    }

    private bool TryReadPart(ulong position, uint magic, ulong number, out Block block) =>
        Block.TryRead(_disk, _map.LogBlock(position + number), magic, number, out block)
            && block.Generation == _generation && block.U64(24) == _map.Id;

    private bool ReadDirectory()
    {
        ulong next = _first;
        for (ulong i = 0; i < _frameCount + _tagCount; i += EntriesOfBlock)
        {
            if (!TryReadPart(_directory, Block.Directory, i / EntriesOfBlock, out Block block))
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

    private bool ReadProcesses()
    {
        for (ulong i = 0; i < _processCount; i += ProcessesOfBlock)
        {
            if (!TryReadPart(_processList, Block.ProcessList, i / ProcessesOfBlock, out Block block))
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
