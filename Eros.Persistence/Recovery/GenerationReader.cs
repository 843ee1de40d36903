// GenerationReader: reads the root of the state that a mount comes back to: the checkpoint header; of each generation
// in its list the header and the directory; of the newest the process list. Everything is verified before it is
// believed; the images themselves are verified when they are loaded.

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

    // The generation that is being read, as all blocks that are read must say (else a mirror's other disk is asked);
    // and how far the copies of its lists are apart.
    private ulong _generation;
    private ulong _apart;

    /// <summary>Processes in the list that was read.</summary>
    public int ProcessCount { get; private set; }

    /// <summary>
    /// Reads the checkpoint header of <paramref name="generation"/> into <paramref name="pfn"/> from the first of
    /// <paramref name="copies"/> (bits 0, 1) that is intact.
    /// </summary>
    public bool ReadHeader(ulong generation, int copies, uint pfn)
    {
        _generation = generation;
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            if ((copies & (1 << copy)) != 0
                && Read(_volume.Geometry.CheckpointHeaderBlock(generation, copy), pfn, CheckpointHeader.MagicValue))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Reads what the header names: the directories of all generations in its list, and the processes of the newest
    /// into <paramref name="processes"/>. False when any of it is damaged, or larger than this kernel's limits. The two
    /// frames are the caller's.
    /// </summary>
    public bool ReadContents(in CheckpointHeader header, Span<ulong> processes, uint rootPfn, uint scratch)
    {
        uint count = header.UnmigratedCount;
        ulong migrated = header.Header.Generation - count;
        _directory.Reset(migrated);
        ProcessCount = 0;
        if (count > CheckpointHeader.MaxUnmigrated || header.MigratedGeneration != migrated)
        {
            return false;
        }

        for (int i = 0; i < (int)count; i++)
        {
            if (!ReadGeneration(header.Unmigrated[i], rootPfn))
            {
                return false;
            }
        }

        if (count == 0)
        {
            return true;
        }

        ref readonly GenerationHeader root = ref _volume.Memory.As<GenerationHeader>(rootPfn);
        ref readonly VolumeGeometry geometry = ref _volume.Geometry;
        return _directory[migrated + count].HeaderPosition + 1 == header.LogEnd
            && header.LogEnd - _directory[_directory.Oldest].FirstPosition
                <= geometry.LogBlocks - geometry.GenerationBlocks
            && ReadProcesses(root, processes, scratch);
    }

    /// <summary>Reads the header and the directory of the generation that comes next.</summary>
    private bool ReadGeneration(in UnmigratedGeneration entry, uint rootPfn)
    {
        _generation = _directory.Newest + 1;
        if (entry.Generation != _generation
            || !(ReadRoot(entry.Position, rootPfn) || ReadRoot(entry.Position - 1, rootPfn)))
        {
            return false;
        }

        ref readonly GenerationHeader root = ref _volume.Memory.As<GenerationHeader>(rootPfn);
        _directory.Begin(root.FirstPosition);
        _directory.Next.HeaderPosition = entry.Position;
        _apart = (entry.Position - 1 - root.ProcessPosition) / VolumeGeometry.Copies;
        return IsSound(root, entry.Position) && ReadDirectory(root);
    }

    private bool IsSound(in GenerationHeader root, ulong position) =>
        root.FirstPosition != 0
        && (_directory.Kept == 0 || root.FirstPosition > _directory[_directory.Newest].HeaderPosition)
        && root.FirstPosition + root.Blocks == position + 1
        && root.Blocks <= _volume.Geometry.MostGenerationBlocks
        && (ulong)root.FrameCount + root.TagCount <= (ulong)_directory.FreeBlocks * DirectoryBlock.EntryCount
        && root.ProcessCount <= StoreLimits.Processes;

    private bool ReadDirectory(in GenerationHeader root)
    {
        int blocks = LogDirectory.BlocksFor((int)(root.FrameCount + root.TagCount));
        for (int i = 0; i < blocks; i++)
        {
            uint pfn = _directory.BlockPfn(_directory.Next, i);
            if (!ReadList(root.DirectoryPosition, pfn, DirectoryBlock.MagicValue, (ulong)i))
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
            int place = i % ProcessListBlock.OidCount;
            ulong number = (ulong)(i / ProcessListBlock.OidCount);
            if (place == 0
                && !ReadList(root.ProcessPosition + _apart, scratch, ProcessListBlock.MagicValue, number))
            {
                return false;
            }

            processes[i] = block.Oids[place];
        }

        ProcessCount = (int)root.ProcessCount;
        return true;
    }

    /// <summary>Reads the header of the generation from a position.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadRoot(ulong position, uint pfn) =>
        Read(_volume.Geometry.LogBlock(position), pfn, GenerationHeader.MagicValue);

    /// <summary>
    /// Reads block <paramref name="number"/> of the list whose copy B is at a position; from copy A where that is
    /// damaged.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadList(ulong position, uint pfn, uint magic, ulong number)
    {
        position += number;
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            if (Read(_volume.Geometry.LogBlock(position), pfn, magic, number)
                && _volume.Memory.As<DirectoryBlock>(pfn).VolumeId == _volume.Id)
            {
                return true;
            }

            position -= _apart;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Read(ulong block, uint pfn, uint magic) => Read(block, pfn, magic, _volume.Id);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Read(ulong block, uint pfn, uint magic, ulong name)
    {
        Outcome outcome = _port.Read(block, pfn, magic, name, 0, _generation);
        if (outcome == Outcome.DiskError)
        {
            _volume.Report(StoreMessage.ReadError, block);
        }

        return outcome == Outcome.Ok;
    }
}
