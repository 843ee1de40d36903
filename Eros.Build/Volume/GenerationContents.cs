// GenerationContents: what the generations that a checkpoint header lists have in the log: headers, directories,
// process lists. Each of their blocks is checked and each bad one told, where the kernel stops at the first; what is
// readable is taken.

using System.Collections.Generic;
using Eros.Persistence.Layout;

namespace Eros.Build.Volume;

/// <summary>The directories of the generations in the log, and the newest one's processes.</summary>
internal sealed class GenerationContents
{
    private readonly BlockReader _reader;
    private readonly VolumeReport _report;
    private readonly VolumeGeometry _geometry;
    private readonly uint _scratch;

    /// <summary>Nothing: of a volume that is wholly at home.</summary>
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

    /// <summary>The headers of the generations that could be read, oldest first.</summary>
    internal SortedDictionary<ulong, GenerationHeader> Roots { get; } = [];

    /// <summary>What the log has of each frame, from the newest generation that has any.</summary>
    internal Dictionary<ulong, DirectoryEntry> Frames { get; } = [];

    /// <summary>The same of the oldest generation only: home blocks may hold these already.</summary>
    internal Dictionary<ulong, DirectoryEntry> OldestFrames { get; } = [];

    /// <summary>Tag blocks by their first frame.</summary>
    internal Dictionary<ulong, DirectoryEntry> TagBlocks { get; } = [];

    /// <summary>The processes of the newest generation.</summary>
    internal HashSet<ulong> Processes { get; } = [];

    /// <summary>Reads what the checkpoint header names.</summary>
    internal void Read(in CheckpointHeader header)
    {
        for (int i = 0; i < header.UnmigratedCount && i < CheckpointHeader.MaxUnmigrated; i++)
        {
            UnmigratedGeneration listed = header.Unmigrated[i];
            if (ReadRoot(listed) is { } root)
            {
                Roots[listed.Generation] = root;
                var lists = new Lists(root, listed.Position);
                ReadDirectory(lists, isOldest: i == 0);
                ReadProcesses(lists, isNewest: i + 1 == header.UnmigratedCount);
            }
        }
    }

    /// <summary>A generation's header, from the second copy or else from the first.</summary>
    private GenerationHeader? ReadRoot(in UnmigratedGeneration listed)
    {
        ulong block = _geometry.LogBlock(listed.Position);
        GenerationHeader? second = ReadRoot(listed.Generation, block);
        if (second is { } whole && !new Lists(whole, listed.Position).HasCopies)
        {
            return second;
        }

        ulong firstBlock = _geometry.LogBlock(listed.Position - 1);
        GenerationHeader? first = ReadRoot(listed.Generation, firstBlock);
        string copy = first is null && second is null ? string.Empty : "copy of the ";
        if (second is null)
        {
            Tell(block, $"the {copy}header of generation {listed.Generation} is damaged");
        }

        if (first is null)
        {
            Tell(firstBlock, $"the {copy}header of generation {listed.Generation} is damaged");
        }

        return second ?? first;
    }

    private GenerationHeader? ReadRoot(ulong generation, ulong block)
    {
        if (!IsIntact(block, GenerationHeader.MagicValue, _report.VolumeId, generation))
        {
            return null;
        }

        GenerationHeader root = _reader.Memory.As<GenerationHeader>(_scratch);
        ulong entries = (ulong)root.FrameCount + root.TagCount;
        return entries > _geometry.LogBlocks * DirectoryBlock.EntryCount || root.ProcessCount > _geometry.Blocks
            ? null
            : root;
    }

    private void ReadDirectory(in Lists lists, bool isOldest)
    {
        for (ulong number = 0; number < lists.DirectoryBlocks; number++)
        {
            if (!Read(lists, lists.Root.DirectoryPosition + number, DirectoryBlock.MagicValue, number, "directory"))
            {
                continue;
            }

            ulong first = number * DirectoryBlock.EntryCount;
            for (ulong i = 0; i < DirectoryBlock.EntryCount && first + i < lists.Entries; i++)
            {
                DirectoryEntry entry = _reader.Memory.As<DirectoryBlock>(_scratch).Entries[(int)i];
                (entry.Kind == FrameKind.Tag ? TagBlocks : Frames)[entry.Frame] = entry;
                if (isOldest && entry.Kind != FrameKind.Tag)
                {
                    OldestFrames[entry.Frame] = entry;
                }
            }
        }
    }

    private void ReadProcesses(in Lists lists, bool isNewest)
    {
        ulong count = lists.Root.ProcessCount;
        ulong position = lists.Root.ProcessPosition + lists.Apart;
        for (ulong number = 0; number < lists.ProcessBlocks; number++)
        {
            if (!Read(lists, position + number, ProcessListBlock.MagicValue, number, "process list"))
            {
                continue;
            }

            ulong first = number * ProcessListBlock.OidCount;
            for (ulong i = 0; i < ProcessListBlock.OidCount && first + i < count && isNewest; i++)
            {
                Processes.Add(_reader.Memory.As<ProcessListBlock>(_scratch).Oids[(int)i]);
            }
        }
    }

    /// <summary>Reads a block of a list whose second copy is at a position, from the first where that is damaged, and
    /// tells what is.</summary>
    private bool Read(in Lists lists, ulong position, uint magic, ulong number, string what)
    {
        ulong generation = lists.Root.Header.Generation;
        ulong block = _geometry.LogBlock(position);
        ulong other = _geometry.LogBlock(position - lists.Apart);
        bool isFirst = lists.HasCopies && IsIntact(other, magic, number, generation);
        bool isSecond = IsIntact(block, magic, number, generation);
        string copy = isFirst || isSecond ? "copy of the " : string.Empty;
        if (!isSecond)
        {
            Tell(block, $"block {number} of the {copy}{what} of generation {generation} is damaged");
        }

        if (lists.HasCopies && !isFirst)
        {
            Tell(other, $"block {number} of the {copy}{what} of generation {generation} is damaged");
        }

        return isSecond || (isFirst && IsIntact(other, magic, number, generation));
    }

    private bool IsIntact(ulong block, uint magic, ulong name, ulong generation) =>
        _reader.Read(block, _scratch)
        && BlockHeader.IsIntact(_reader.Memory, _scratch, magic, name)
        && _reader.Memory.As<BlockHeader>(_scratch).Generation == generation;

    private void Tell(ulong block, string text) =>
        _report.Errors.Add(new VolumeError(null, $"log block {block}: {text}"));

    /// <summary>Where a generation's lists are.</summary>
    private readonly struct Lists(in GenerationHeader root, ulong headerPosition)
    {
        public GenerationHeader Root { get; } = root;

        public ulong Entries => (ulong)Root.FrameCount + Root.TagCount;

        public ulong DirectoryBlocks => (Entries + DirectoryBlock.EntryCount - 1) / DirectoryBlock.EntryCount;

        public ulong ProcessBlocks =>
            (Root.ProcessCount + ProcessListBlock.OidCount - 1UL) / ProcessListBlock.OidCount;

        /// <summary>Format 3 had one of each.</summary>
        public bool HasCopies => headerPosition - 1 - Root.ProcessPosition == 2 * (DirectoryBlocks + ProcessBlocks);

        /// <summary>Blocks from the first copy of the lists to the second.</summary>
        public ulong Apart => HasCopies ? DirectoryBlocks + ProcessBlocks : 0;
    }
}
