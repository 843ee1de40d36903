// GenerationContents: what one generation has in the log: header, directory, process list. Each of their blocks is
// checked and each bad one told, where the kernel stops at the first; what is readable is taken.

using System.Collections.Generic;
using Eros.Persistence.Layout;

namespace Eros.Build.Volume;

/// <summary>A generation's directory and process list.</summary>
internal sealed class GenerationContents
{
    private readonly BlockReader _reader;
    private readonly VolumeReport _report;
    private readonly VolumeGeometry _geometry;
    private readonly uint _scratch;

    /// <summary>Nothing: of a generation that is at home.</summary>
    /// <param name="reader">The disk.</param>
    /// <param name="report">Where bad blocks are told.</param>
    /// <param name="scratch">A frame.</param>
    internal GenerationContents(BlockReader reader, VolumeReport report, uint scratch)
    {
        _reader = reader;
        _report = report;
        _geometry = report.Geometry;
        _scratch = scratch;
    }

    /// <summary>Its header; zero when it could not be read.</summary>
    internal GenerationHeader Root { get; private set; }

    internal Dictionary<ulong, DirectoryEntry> Frames { get; } = [];

    /// <summary>Tag blocks by their first frame.</summary>
    internal Dictionary<ulong, DirectoryEntry> TagBlocks { get; } = [];

    internal HashSet<ulong> Processes { get; } = [];

    /// <summary>Reads what the checkpoint header names.</summary>
    internal void Read(in CheckpointHeader header)
    {
        if (header.UnmigratedCount == 0)
        {
            return;
        }

        ulong generation = header.Header.Generation;
        ulong block = _geometry.LogBlock(header.Unmigrated[0].Position);
        if (!IsIntact(block, GenerationHeader.MagicValue, _report.VolumeId, generation))
        {
            Tell(block, $"the header of generation {generation} is damaged");
            return;
        }

        Root = _reader.Memory.As<GenerationHeader>(_scratch);
        ulong entries = (ulong)Root.FrameCount + Root.TagCount;
        if (entries > _geometry.GenerationBlocks || Root.ProcessCount > _geometry.Blocks)
        {
            Tell(block, $"the header of generation {generation} makes no sense");
            Root = default;
            return;
        }

        ReadDirectory(generation, entries);
        ReadProcesses(generation);
    }

    private void ReadDirectory(ulong generation, ulong entries)
    {
        for (ulong number = 0; number * DirectoryBlock.EntryCount < entries; number++)
        {
            ulong block = _geometry.LogBlock(Root.DirectoryPosition + number);
            if (!IsIntact(block, DirectoryBlock.MagicValue, number, generation))
            {
                Tell(block, $"block {number} of the directory of generation {generation} is damaged");
                continue;
            }

            ulong first = number * DirectoryBlock.EntryCount;
            for (ulong i = 0; i < DirectoryBlock.EntryCount && first + i < entries; i++)
            {
                DirectoryEntry entry = _reader.Memory.As<DirectoryBlock>(_scratch).Entries[(int)i];
                (entry.Kind == FrameKind.Tag ? TagBlocks : Frames)[entry.Frame] = entry;
            }
        }
    }

    private void ReadProcesses(ulong generation)
    {
        ulong count = Root.ProcessCount;
        for (ulong number = 0; number * ProcessListBlock.OidCount < count; number++)
        {
            ulong block = _geometry.LogBlock(Root.ProcessPosition + number);
            if (!IsIntact(block, ProcessListBlock.MagicValue, number, generation))
            {
                Tell(block, $"block {number} of the process list of generation {generation} is damaged");
                continue;
            }

            ulong first = number * ProcessListBlock.OidCount;
            for (ulong i = 0; i < ProcessListBlock.OidCount && first + i < count; i++)
            {
                Processes.Add(_reader.Memory.As<ProcessListBlock>(_scratch).Oids[(int)i]);
            }
        }
    }

    private bool IsIntact(ulong block, uint magic, ulong name, ulong generation) =>
        _reader.Read(block, _scratch)
        && BlockHeader.IsIntact(_reader.Memory, _scratch, magic, name)
        && _reader.Memory.As<BlockHeader>(_scratch).Generation == generation;

    private void Tell(ulong block, string text) =>
        _report.Errors.Add(new VolumeError(null, $"log block {block}: {text}"));
}
