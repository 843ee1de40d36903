// FrameReader: the home frames as a restart finds them: tag blocks from the log or from home, mended where need be;
// images from the log or from home; pages of the journal over them (docs/disk-format.md, "How a volume is mounted").

using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Eros.Tests.Reading;

/// <summary>Reads frames of one generation.</summary>
internal sealed class FrameReader(DiskView disk, VolumeMap map, List<LoggedGeneration> unmigrated)
{
    private const int FirstTag = 64;
    private const int TagBytes = 16;
    private const int FirstNode = 288;
    private const int NodeBytes = 544;
    private const int Nodes = 7;
    private const byte LastRunState = 4;
    private const int FirstRegister = 320;
    private const byte VoidCapability = 0;

    private static readonly byte[] _zeros = new byte[DiskView.BlockBytes];

    private readonly DiskView _disk = disk;
    private readonly VolumeMap _map = map;
    private readonly List<LoggedGeneration> _unmigrated = unmigrated;
    private readonly Dictionary<ulong, byte[]?> _tagBlocks = [];
    private readonly Dictionary<ulong, ulong> _journalled = [];
    private readonly byte[] _voidPot = new byte[DiskView.BlockBytes];

    /// <summary>Puts the journal's records of a generation over the frames.</summary>
    public void ReplayJournal(ulong generation)
    {
        for (ulong place = 0; place < VolumeMap.JournalPlaces; place++)
        {
            ulong block = _map.JournalBlock(place);
            ulong name = _map.Id + (VolumeMap.JournalPlaces * generation) + place;
            if (!Block.TryRead(_disk, block + 1, Block.JournalRecord, name, out Block record))
            {
                continue;
            }

            (ulong frame, uint version, uint crc) = (record.U64(24), record.U32(32), record.U32(36));
            if (_disk.TryRead(block, out ReadOnlySpan<byte> page) && Castagnoli.Of(page) == crc
                && TryTag(frame, out TagValue tag) && tag.Kind == (byte)HomeFrameKind.Page && tag.Version == version)
            {
                _journalled[frame] = block;
            }
        }
    }

    /// <summary>A hash of all tags: a tag says all of its frame, with the checksum of its contents.</summary>
    public ulong Digest()
    {
        const ulong Prime = 0x0000_0100_0000_01B3;
        ulong hash = 0xCBF2_9CE4_8422_2325;
        for (ulong frame = 0; frame < _map.HomeFrames; frame++)
        {
            bool isKnown = TryTag(frame, out TagValue tag);
            ulong contents = ((ulong)tag.Crc << 32) | tag.Version;
            hash = (hash ^ contents) * Prime;
            hash = (hash ^ (isKnown ? (((ulong)tag.Flags << 8) | tag.Kind) : ulong.MaxValue)) * Prime;
        }

        return hash;
    }

    public FrameContents Read(ulong frame)
    {
        if (!TryTag(frame, out TagValue tag))
        {
            return FrameContents.Damaged;
        }

        if (_journalled.TryGetValue(frame, out ulong journalled))
        {
            return _disk.TryRead(journalled, out ReadOnlySpan<byte> page)
                ? FrameContents.Journalled(tag, page)
                : FrameContents.Damaged;
        }

        if (tag.IsNull || tag.Kind == (byte)HomeFrameKind.Free)
        {
            return tag.Kind <= (byte)HomeFrameKind.Pot
                ? FrameContents.Of(tag, NullImage(tag))
                : FrameContents.Damaged;
        }

        ulong block = _map.HomeBlock(frame);
        if (InLog(frame, static generation => generation.Frames, out LogEntry entry) && entry.Position != 0)
        {
            block = _map.LogBlock(entry.Position);
        }

        return _disk.TryRead(block, out ReadOnlySpan<byte> bytes) && Fits(bytes, tag, frame)
            ? FrameContents.Of(tag, bytes)
            : FrameContents.Damaged;
    }

    private static bool Fits(ReadOnlySpan<byte> bytes, TagValue tag, ulong frame)
    {
        var block = new Block(bytes);
        return (HomeFrameKind)tag.Kind switch
        {
            HomeFrameKind.Page => Castagnoli.Of(bytes) == tag.Crc,
            HomeFrameKind.Pot => block.Crc == tag.Crc && block.IsIntact(Block.Pot, frame) && IsPot(block, tag),
            HomeFrameKind.Process =>
                block.Crc == tag.Crc && block.IsIntact(Block.Process, frame) && IsProcess(block, tag),
            _ => false,
        };
    }

    private static bool IsPot(Block block, TagValue tag)
    {
        bool isRight = true;
        for (int node = 0; node < Nodes; node++)
        {
            isRight &= block.U32(FirstNode + (node * NodeBytes)) <= tag.Version;
        }

        return isRight;
    }

    private static bool IsProcess(Block block, TagValue tag) =>
        block.U32(24) == tag.Version && block.U8(28) <= LastRunState && block.U8(FirstRegister) == VoidCapability;

    private bool InLog(
        ulong frame, Func<LoggedGeneration, Dictionary<ulong, LogEntry>> part, out LogEntry entry)
    {
        // What a younger generation has goes before what an older one has.
        for (int i = _unmigrated.Count - 1; i >= 0; i--)
        {
            if (part(_unmigrated[i]).TryGetValue(frame, out entry))
            {
                return true;
            }
        }

        entry = default;
        return false;
    }

    private byte[] NullImage(TagValue tag)
    {
        if (tag.Kind != (byte)HomeFrameKind.Pot)
        {
            return _zeros;
        }

        for (int node = 0; node < Nodes; node++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_voidPot.AsSpan(FirstNode + (node * NodeBytes)), tag.Version);
        }

        return _voidPot;
    }

    private bool TryTag(ulong frame, out TagValue tag)
    {
        tag = default;
        if (frame >= _map.HomeFrames)
        {
            return false;
        }

        ulong first = frame - (frame % VolumeMap.FramesOfCluster);
        if (!_tagBlocks.TryGetValue(first, out byte[]? tags))
        {
            tags = ReadTagBlock(first);
            _tagBlocks.Add(first, tags);
        }

        if (tags == null)
        {
            return false;
        }

        var block = new Block(tags);
        int at = FirstTag + (TagBytes * (int)(frame - first));
        tag = new TagValue(block.U32(at), block.U32(at + 4), block.U8(at + 8), block.U8(at + 9));
        return true;
    }

    private byte[]? ReadTagBlock(ulong first)
    {
        bool isInLog = InLog(first, static generation => generation.TagBlocks, out LogEntry entry);
        if (isInLog && Block.TryRead(_disk, _map.LogBlock(entry.Position), Block.Tags, first, out Block image)
            && image.Crc == entry.Tag.Crc)
        {
            return image.Bytes.ToArray();
        }

        ulong home = _map.TagBlock(first / VolumeMap.FramesOfCluster);
        if (!Block.TryRead(_disk, home, Block.Tags, first, out Block block))
        {
            return null;
        }

        byte[] tags = block.Bytes.ToArray();
        return isInLog ? Mended(tags, first) : tags;
    }

    private byte[] Mended(byte[] tags, ulong first)
    {
        foreach (LoggedGeneration generation in _unmigrated)
        {
            for (ulong i = 0; i < VolumeMap.FramesOfCluster; i++)
            {
                if (generation.Frames.TryGetValue(first + i, out LogEntry entry))
                {
                    Span<byte> tag = tags.AsSpan(FirstTag + (TagBytes * (int)i), TagBytes);
                    BinaryPrimitives.WriteUInt32LittleEndian(tag, entry.Tag.Version);
                    BinaryPrimitives.WriteUInt32LittleEndian(tag[4..], entry.Tag.Crc);
                    tag[8] = entry.Tag.Kind;
                    tag[9] = entry.Tag.Flags;
                }
            }
        }

        return tags;
    }
}
