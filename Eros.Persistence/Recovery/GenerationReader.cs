// GenerationReader: reads one generation's root from the disk: checkpoint header, generation header, directory, process
// list. Everything is verified before it is believed; the images themselves are verified when they are loaded.

using System;
using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Log;
using Eros.Persistence.Store;

namespace Eros.Persistence.Recovery;

/// <summary>Reads generations at the mount.</summary>
public sealed class GenerationReader(MountedVolume volume, BlockPort port, LogDirectory directory)
{
    private readonly MountedVolume _volume = volume;
    private readonly BlockPort _port = port;
    private readonly LogDirectory _directory = directory;

    /// <summary>The first log position of the generation that was read.</summary>
    public ulong FirstPosition { get; private set; }

    /// <summary>Processes in the list that was read.</summary>
    public int ProcessCount { get; private set; }

    /// <summary>
    /// Reads the checkpoint header of <paramref name="generation"/> into <paramref name="pfn"/> from the first of
    /// <paramref name="copies"/> (bits 0, 1) that is intact.
    /// </summary>
    public bool ReadHeader(ulong generation, int copies, uint pfn)
    {
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            if ((copies & (1 << copy)) != 0
                && Read(_volume.Geometry.CheckpointHeaderBlock(generation, copy), pfn, CheckpointHeader.MagicValue)
                && _volume.Memory.As<BlockHeader>(pfn).Generation == generation)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Reads what the header names: the directory, and the list into <paramref name="processes"/>. False when any of it
    /// is damaged, or larger than this kernel's limits. The two frames are the caller's.
    /// </summary>
    public bool ReadContents(in CheckpointHeader header, Span<ulong> processes, uint rootPfn, uint scratch)
    {
        _directory.Close();
        ProcessCount = 0;
        FirstPosition = header.LogEnd;
        if (header.UnmigratedCount == 0)
        {
            return header.MigratedGeneration == header.Header.Generation;
        }

        ref readonly UnmigratedGeneration newest = ref header.Unmigrated[0];
        if (header.UnmigratedCount != 1 || newest.Generation != header.Header.Generation
            || !Read(_volume.Geometry.LogBlock(newest.Position), rootPfn, GenerationHeader.MagicValue))
        {
            return false;
        }

        ref readonly GenerationHeader root = ref _volume.Memory.As<GenerationHeader>(rootPfn);
        FirstPosition = root.FirstPosition;
        return IsSound(root, header, newest.Position, processes.Length)
            && ReadDirectory(root)
            && ReadProcesses(root, processes, scratch);
    }

    private bool IsSound(in GenerationHeader root, in CheckpointHeader header, ulong position, int processLimit) =>
        root.Header.Generation == header.Header.Generation
        && root.FirstPosition != 0
        && root.FirstPosition + root.Blocks == header.LogEnd
        && position + 1 == header.LogEnd
        && root.Blocks <= _volume.Geometry.GenerationBlocks
        && (ulong)root.FrameCount + root.TagCount <= (ulong)_directory.Capacity
        && root.DirectoryPosition - root.FirstPosition < root.Blocks
        && root.ProcessPosition - root.FirstPosition < root.Blocks
        && root.ProcessCount <= (uint)processLimit;

    private bool ReadDirectory(in GenerationHeader root)
    {
        int blocks = LogDirectory.BlocksFor((int)(root.FrameCount + root.TagCount));
        for (int i = 0; i < blocks; i++)
        {
            ulong block = _volume.Geometry.LogBlock(root.DirectoryPosition + (ulong)i);
            if (!Read(block, _directory.BlockPfn(i), DirectoryBlock.MagicValue, (ulong)i))
            {
                return false;
            }
        }

        return _directory.Adopt(root);
    }

    private bool ReadProcesses(in GenerationHeader root, Span<ulong> processes, uint scratch)
    {
        ref ProcessListBlock block = ref _volume.Memory.As<ProcessListBlock>(scratch);
        for (int i = 0; i < (int)root.ProcessCount; i++)
        {
            ulong number = (ulong)(i / ProcessListBlock.OidCount);
            int place = i % ProcessListBlock.OidCount;
            if (place == 0
                && !(Read(
                        _volume.Geometry.LogBlock(root.ProcessPosition + number),
                        scratch,
                        ProcessListBlock.MagicValue,
                        number)
                    && block.Header.Generation == root.Header.Generation && block.VolumeId == _volume.Id))
            {
                return false;
            }

            processes[i] = block.Oids[place];
        }

        ProcessCount = (int)root.ProcessCount;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Read(ulong block, uint pfn, uint magic) => Read(block, pfn, magic, _volume.Id);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Read(ulong block, uint pfn, uint magic, ulong name)
    {
        Outcome outcome = _port.Read(block, pfn, magic, name, 0);
        if (outcome == Outcome.DiskError)
        {
            _volume.Report(StoreMessage.ReadError, block);
        }

        return outcome == Outcome.Ok;
    }
}
