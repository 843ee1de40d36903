// ObjectScan: goes through the home frames of a volume as a generation has them: from the log what its directory lists,
// from home the rest.
//
// It reads tag blocks, pots and processes; with verify every other block in use too, and home blocks for which the log
// stands in. Such a block is as the tags at home say, or as the oldest generation in the log has it, which may be on
// its way home. What does not fit is told with its OID, and the scan goes on.

using System;
using System.Collections.Generic;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Build.Volume;

/// <summary>Fills a report with the objects of a volume. Made for one scan.</summary>
internal sealed class ObjectScan(
    BlockReader reader, GenerationContents contents, VolumeReport report, uint scratch, bool verify)
{
    /// <summary>How frames that are pinned are counted, beside what they hold.</summary>
    internal const string Pinned = "pinned";

    private readonly BlockReader _reader = reader;
    private readonly GenerationContents _contents = contents;
    private readonly VolumeReport _report = report;
    private readonly VolumeGeometry _geometry = report.Geometry;
    private readonly uint _scratch = scratch;
    private readonly bool _verify = verify;

    // Tags of one cluster: as they stand in its home block, and as the generation has them.
    private readonly Tag[] _homeTags = new Tag[TagBlock.FramesPerCluster];
    private readonly Tag[] _tags = new Tag[TagBlock.FramesPerCluster];
    private bool _isHome;

    internal void Run()
    {
        for (ulong cluster = 0; cluster < _geometry.Clusters; cluster++)
        {
            ulong first = cluster * TagBlock.FramesPerCluster;
            if (!ReadTags(cluster, first))
            {
                continue;
            }

            for (int i = 0; i < TagBlock.FramesPerCluster && first + (ulong)i < _geometry.HomeFrames; i++)
            {
                Look(first + (ulong)i, _tags[i], _homeTags[i]);
            }
        }
    }

    private bool ReadTags(ulong cluster, ulong first)
    {
        ulong home = _geometry.TagBlockOf(cluster);
        _isHome = IsTagBlock(home, first);
        Array.Clear(_homeTags);
        Take(_isHome, _homeTags);
        bool isRight = _isHome;
        _homeTags.CopyTo(_tags, 0);
        if (_contents.TagBlocks.TryGetValue(first, out DirectoryEntry image))
        {
            ulong block = _geometry.LogBlock(image.Position);
            isRight = IsTagBlock(block, first) && _reader.Memory.As<TagBlock>(_scratch).Crc == image.Crc;
            Take(isRight, _tags);
            if (!isRight)
            {
                string rest = _isHome ? "; it is made again from the one at home" : string.Empty;
                Tell(first, $"the image of its tag block in log block {block} is damaged{rest}");
            }
        }

        if (!_isHome && (_verify || !isRight))
        {
            string rest = isRight ? "; the log has a good one" : string.Empty;
            Tell(first, $"its tag block, in block {home}, is damaged{rest}");
        }

        // The directory has the tags of all frames that changed, whatever became of the tag block's own image.
        for (int i = 0; i < TagBlock.FramesPerCluster; i++)
        {
            if (_contents.Frames.TryGetValue(first + (ulong)i, out DirectoryEntry entry))
            {
                entry.CopyTo(ref _tags[i]);
            }
        }

        return isRight || _isHome;
    }

    private bool IsTagBlock(ulong block, ulong first) =>
        _reader.Read(block, _scratch) && BlockHeader.IsIntact(_reader.Memory, _scratch, TagBlock.MagicValue, first);

    private void Take(bool isRight, Tag[] tags)
    {
        for (int i = 0; isRight && i < TagBlock.FramesPerCluster; i++)
        {
            tags[i] = _reader.Memory.As<TagBlock>(_scratch).Tags[i];
        }
    }

    private void Look(ulong frame, in Tag tag, in Tag homeTag)
    {
        bool isNull = (tag.Flags & TagFlags.Null) != 0 || tag.Kind == FrameKind.Free;
        bool isInLog = _contents.Frames.TryGetValue(frame, out DirectoryEntry entry);
        ulong block = isInLog && !isNull ? _geometry.LogBlock(entry.Position) : _geometry.HomeBlock(frame);
        Count(_report.Frames, (tag.Kind, isNull) switch
        {
            (FrameKind.Free, _) => "free",
            (FrameKind.Page, true) => "zero page",
            (FrameKind.Page, false) => "page",
            (FrameKind.Pot, true) => "void pot",
            (FrameKind.Pot, false) => "pot",
            _ => "process",
        });
        if ((tag.Flags & TagFlags.Pinned) != 0)
        {
            Count(_report.Frames, Pinned);
        }

        if (tag.Kind != FrameKind.Free)
        {
            _report.Tags.Add(frame, tag);
        }

        if (isNull)
        {
            TakeNull(frame, tag);
            return;
        }

        bool mustRead = _verify || tag.Kind != FrameKind.Page;
        bool isRight = !mustRead || Fits(block, frame, tag);
        if (!isRight)
        {
            string where = isInLog ? "its image in log" : "it, in";
            Tell(frame, $"{Name(tag.Kind)}: {where} block {block} is damaged");
        }

        Take(frame, tag, isRight);
        if (_verify && isInLog)
        {
            CheckHome(frame, tag.Kind, homeTag);
        }
    }

    /// <summary>
    /// The home block of a frame that is in the log. What it may hold from before is in the tag block at home; without
    /// that, nobody knows.
    /// </summary>
    private void CheckHome(ulong frame, FrameKind kind, in Tag homeTag)
    {
        Tag oldest = homeTag;
        if (_contents.OldestFrames.TryGetValue(frame, out DirectoryEntry entry))
        {
            entry.CopyTo(ref oldest);
        }

        ulong block = _geometry.HomeBlock(frame);
        bool isFree = !_isHome || (homeTag.Flags & TagFlags.Null) != 0 || homeTag.Kind == FrameKind.Free;
        bool isRight = _reader.Read(block, _scratch)
            && (isFree || Fits(block, frame, oldest) || Fits(block, frame, homeTag));
        if (!isRight)
        {
            const string Rest = "the log has it, and is copied there again";
            Tell(frame, $"{Name(kind)}: its home block {block} is damaged; {Rest}");
        }
    }

    private bool Fits(ulong block, ulong frame, in Tag tag) =>
        _reader.Read(block, _scratch) && FrameImage.IsIntact(_reader.Memory, _scratch, tag.Kind, frame, tag.Crc);

    private void TakeNull(ulong frame, in Tag tag)
    {
        if (tag.Kind == FrameKind.Page)
        {
            AddPage(frame, tag.Version, isZero: true);
        }

        for (int i = 0; tag.Kind == FrameKind.Pot && i < NodePot.NodeCount; i++)
        {
            _report.Versions[(FrameKind.Pot, Oid.Of(frame, i).Value)] = tag.Version;
        }
    }

    /// <summary>What is in the scratch frame, if it is right. A page is known by its tag.</summary>
    private void Take(ulong frame, in Tag tag, bool isRight)
    {
        if (tag.Kind == FrameKind.Page)
        {
            AddPage(frame, tag.Version, isZero: false);
        }
        else if (isRight && tag.Kind == FrameKind.Pot)
        {
            TakeNodes(frame, _reader.Memory.As<NodePot>(_scratch));
        }
        else if (isRight && tag.Kind == FrameKind.Process)
        {
            TakeProcess(Oid.Of(frame).Value, _reader.Memory.As<ProcessFrame>(_scratch));
        }
    }

    private void AddPage(ulong frame, uint version, bool isZero)
    {
        ulong oid = Oid.Of(frame).Value;
        _report.Versions[(FrameKind.Page, oid)] = version;
        _report.Pages.Add(new PageReport(oid, version, isZero));
    }

    private void TakeNodes(ulong frame, in NodePot pot)
    {
        for (int i = 0; i < NodePot.NodeCount; i++)
        {
            Node node = pot.Nodes[i];
            ulong oid = Oid.Of(frame, i).Value;
            _report.Versions[(FrameKind.Pot, oid)] = node.Version;
            if (CountCapabilities(node.Slots) != 0 || node.Kind != NodeKind.Plain)
            {
                Count(_report.NodeCounts, node.Kind);
                _report.Nodes.Add(new NodeReport(oid, node));
            }
        }
    }

    private void TakeProcess(ulong oid, in ProcessFrame process)
    {
        _report.Versions[(FrameKind.Process, oid)] = process.Version;
        _report.Versions[(FrameKind.Free, oid)] = process.CallCount;
        _report.Processes.Add(new ProcessReport(oid, process, _contents.Processes.Contains(oid)));
        CountCapabilities([process.Schedule, process.Keeper, process.Space, process.Brand]);
        CountCapabilities(process.Registers);
    }

    private int CountCapabilities(ReadOnlySpan<Capability> slots)
    {
        int count = 0;
        foreach (Capability capability in slots)
        {
            if (capability.Type != CapabilityType.Void)
            {
                Count(_report.Capabilities, capability.Type);
                count++;
            }
        }

        return count;
    }

    private void Tell(ulong frame, string text) => _report.Errors.Add(new VolumeError(Oid.Of(frame).Value, text));

    private static string Name(FrameKind kind) => kind == FrameKind.Pot ? "pot of nodes" : CapabilityText.Name(kind);

    private static void Count<T>(SortedDictionary<T, long> counts, T what)
        where T : notnull => counts[what] = counts.GetValueOrDefault(what) + 1;
}
