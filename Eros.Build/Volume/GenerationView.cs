// GenerationView: an older generation of a volume, to be booted: what must stand in place of some blocks so that a
// machine comes back to it. Nothing of the volume itself is written; the blocks go on a copy-on-write layer.
//
// The newest checkpoint header lists the generations that are in the log. An older one of them is right as long as home
// has nothing newer, which the migration mark says. The layer gets a checkpoint header for it, which lists it and those
// before it; a mark; no other headers; and no journal, whose records belong to the newest.

using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Build.Volume;

/// <summary>A generation that cannot be booted, with the reason.</summary>
public sealed class GenerationException(string message) : Exception(message)
{
    /// <summary>That of a generation that is not among those that can be booted.</summary>
    internal static GenerationException Of(ulong generation, IEnumerable<ulong> bootable)
    {
        string others = string.Join(", ", bootable);
        return new GenerationException($"no machine can come back to generation {generation}; "
            + (others.Length == 0 ? "there is none that it can come back to" : $"to these it can: {others}"));
    }
}

/// <summary>Makes views. <see cref="GenerationException"/> where there can be none.</summary>
public sealed class GenerationView : IDisposable
{
    private const uint Scratch = 1;
    private const uint Made = 2;

    private readonly HostMemory _memory = new((int)Made + 1);
    private readonly Func<ulong, byte[]?> _read;
    private readonly VolumeGeometry _geometry;
    private readonly ulong _id;
    private readonly SortedDictionary<ulong, GenerationHeader> _bootable = [];
    private readonly CheckpointHeader _newest;

    /// <param name="header">Of the volume.</param>
    /// <param name="read">Reads a block of 4096 bytes; null when the disk cannot.</param>
    public GenerationView(in VolumeHeader header, Func<ulong, byte[]?> read)
    {
        _read = read;
        _geometry = header.Geometry;
        _id = header.Header.Name;
        _newest = ReadNewest();
        FindBootable();
    }

    /// <summary>The generations that can be booted, oldest first.</summary>
    public IEnumerable<ulong> Bootable => _bootable.Keys;

    public void Dispose() => _memory.Dispose();

    /// <summary>What must stand in place of blocks, by their numbers, so that a machine comes back to a
    /// generation.</summary>
    public SortedDictionary<ulong, byte[]> BlocksFor(ulong generation)
    {
        if (!_bootable.TryGetValue(generation, out GenerationHeader root))
        {
            throw GenerationException.Of(generation, Bootable);
        }

        var blocks = new SortedDictionary<ulong, byte[]>();
        byte[] header = MakeHeader(generation, root);
        byte[] mark = MakeMark(generation);
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            blocks[_geometry.CheckpointHeaderBlock(generation, copy)] = header;
            blocks[_geometry.CheckpointHeaderBlock(generation + 1, copy)] = new byte[PhysicalMemory.FrameBytes];
            blocks[_geometry.MarkBlock(copy)] = mark;
        }

        for (ulong i = 0; i < VolumeGeometry.JournalBlocks && generation != _newest.Header.Generation; i++)
        {
            blocks[_geometry.JournalBlock(0) + i] = new byte[PhysicalMemory.FrameBytes];
        }

        return blocks;
    }

    private byte[] MakeHeader(ulong generation, in GenerationHeader root)
    {
        _memory.Memory.Clear(Made);
        ref CheckpointHeader made = ref _memory.Memory.As<CheckpointHeader>(Made);
        made.TimeNs = root.Facts.TimeNs;
        made.BootEpoch = root.Facts.BootEpoch;
        made.ProcessorFeatures = root.Facts.ProcessorFeatures;
        made.ProcessFrames = root.Facts.ProcessFrames;
        made.PinnedFrames = root.Facts.PinnedFrames;
        made.MigratedGeneration = _newest.MigratedGeneration;
        made.UnmigratedCount = (uint)(generation - _newest.MigratedGeneration);
        UnmigratedList list = _newest.Unmigrated;
        for (int i = 0; i < made.UnmigratedCount; i++)
        {
            made.Unmigrated[i] = list[i];
        }

        made.LogEnd = root.FirstPosition + root.Blocks;
        BlockHeader.Seal(_memory.Memory, Made, CheckpointHeader.MagicValue, _id, generation);
        return _memory.Memory.Bytes(Made).ToArray();
    }

    private byte[] MakeMark(ulong generation)
    {
        _memory.Memory.Clear(Made);
        BlockHeader.Seal(_memory.Memory, Made, MigrationMark.MagicValue, _id, generation);
        return _memory.Memory.Bytes(Made).ToArray();
    }

    /// <summary>Reads a block into the scratch frame; false when it is not what it should be.</summary>
    private bool Read(ulong block, uint magic)
    {
        if (_read(block) is not { } bytes)
        {
            return false;
        }

        bytes.CopyTo(_memory.Memory.Bytes(Scratch));
        return BlockHeader.IsIntact(_memory.Memory, Scratch, magic, _id);
    }

    private CheckpointHeader ReadNewest()
    {
        CheckpointHeader? newest = null;
        for (ulong slot = 0; slot < 2; slot++)
        {
            for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
            {
                if (Read(_geometry.CheckpointHeaderBlock(slot, copy), CheckpointHeader.MagicValue))
                {
                    CheckpointHeader header = _memory.Memory.As<CheckpointHeader>(Scratch);
                    newest = newest?.Header.Generation >= header.Header.Generation ? newest : header;
                }
            }
        }

        return newest ?? throw new GenerationException("the volume has no checkpoint header that can be read");
    }

    /// <summary>Those in the log that home has nothing newer than.</summary>
    private void FindBootable()
    {
        ulong least = ReadMarks();
        UnmigratedList list = _newest.Unmigrated;
        for (int i = 0; i < _newest.UnmigratedCount && i < CheckpointHeader.MaxUnmigrated; i++)
        {
            ulong generation = list[i].Generation;
            if (generation >= least && ReadRoot(list[i]) is { } root)
            {
                if (generation == _newest.Header.Generation)
                {
                    root.Facts = FactsOf(_newest);
                }

                // No boot has the number 0: the format of before told nothing of those that are not the newest.
                if (root.Facts.BootEpoch != 0)
                {
                    _bootable[generation] = root;
                }
            }
        }
    }

    /// <summary>The header does say it of itself in every format.</summary>
    private static SnapshotFacts FactsOf(in CheckpointHeader header) => new()
    {
        TimeNs = header.TimeNs,
        BootEpoch = header.BootEpoch,
        ProcessorFeatures = header.ProcessorFeatures,
        ProcessFrames = header.ProcessFrames,
        PinnedFrames = header.PinnedFrames,
    };

    private GenerationHeader? ReadRoot(in UnmigratedGeneration listed)
    {
        for (ulong copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            if (Read(_geometry.LogBlock(listed.Position - copy), GenerationHeader.MagicValue)
                && _memory.Memory.As<BlockHeader>(Scratch).Generation == listed.Generation)
            {
                return _memory.Memory.As<GenerationHeader>(Scratch);
            }
        }

        return null;
    }

    /// <summary>The oldest generation that home allows.</summary>
    private ulong ReadMarks()
    {
        MigrationMark? newest = null;
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            if (Read(_geometry.MarkBlock(copy), MigrationMark.MagicValue))
            {
                // Of two of one generation, the one that says more: it was written, or is being written, later.
                MigrationMark mark = _memory.Memory.As<MigrationMark>(Scratch);
                newest = newest is { } other && Order(other).CompareTo(Order(mark)) > 0 ? newest : mark;
            }
        }

        ulong generation = _newest.Header.Generation;
        return newest switch
        {
            null => generation,
            { } mark when mark.Header.Generation > generation => throw new GenerationException(
                $"generation {mark.Header.Generation} was settled, and its checkpoint headers cannot be read"),
            { } mark => mark.Home,
        };
    }

    private static (ulong Generation, ulong Home) Order(in MigrationMark mark) => (mark.Header.Generation, mark.Home);
}
