// Stabiliser: writes a snapshot to the log: images of frames, tag blocks, and twice process list, directory, generation
// header (the order of Layout/GenerationHeader.cs). Nothing of it counts before the checkpoint header names it.
//
// It owns the log's cursor. For each frame, in one step with the gate closed: check, seal, copy into the writer's pool;
// from then on the frame may change freely. So the machine runs on while the disk works, and a frame is kept twice only
// if it is written before its turn.
//
// Invariants (docs/invariants.md):
//  C1 positions from _keepFrom on, all that the header of the newest generation lists, are never written over.
//  C2 a frame whose header does not fit its entry stops the machine before the commit.
//  C3 a clean frame in memory has the checksum that its tag says: looked at before the frame is changed, and of some
//     at each checkpoint and all the time.
//  C4 tag blocks have the checksum that they were sealed with, until the next generation changes them: looked at first.

using System;
using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Log;
using Eros.Persistence.Store;

namespace Eros.Persistence.Checkpoint;

/// <summary>Turns the frame table's snapshot into a generation in the log.</summary>
public sealed class Stabiliser(MountedVolume volume, LogDirectory directory, BlockWriter writer)
{
    private readonly MountedVolume _volume = volume;
    private readonly LogDirectory _directory = directory;
    private readonly BlockWriter _writer = writer;
    private ulong _keepFrom;
    private ulong _first;

    /// <summary>The position after the last block written.</summary>
    public ulong Position { get; private set; }

    /// <summary>The log up to <paramref name="position"/> belongs to the generations in the directory.</summary>
    public void Resume(ulong position)
    {
        Position = position;
        Keep();
    }

    /// <summary>
    /// The directory's generations are those that the newest header lists: the log before them may be written over.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Keep() => _keepFrom = Position - Used;

    /// <summary>Blocks of the log that the directory's generations take.</summary>
    public ulong Used => _directory.Kept == 0 ? 0 : Position - _directory[_directory.Oldest].FirstPosition;

    /// <summary>
    /// Writes the snapshot as <paramref name="generation"/>, and waits until it is on the medium. The position of the
    /// generation header is
    /// <see cref="Position"/> - 1. On failure nothing that counts has changed; the next try goes to another place,
    /// behind this one, if the log has room for it there.
    /// </summary>
    public Outcome Write(ulong generation, ReadOnlySpan<ulong> processes, in SnapshotFacts facts)
    {
        _first = Position;
        _directory.Begin(_first);
        _volume.Frames.SortSnapshot();
        CheckTags();
        WriteFrames(generation);
        _volume.CheckFrames();
        ulong processPosition = Position;
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            WriteProcessList(generation, processes);
            WriteDirectory();
        }

        WriteHeaders(generation, processPosition, (uint)processes.Length, facts);
        Outcome outcome = _writer.FinishAndFlush();
        if (outcome != Outcome.Ok)
        {
            ref readonly VolumeGeometry geometry = ref _volume.Geometry;
            bool hasRoom = Position + geometry.GenerationBlocks - _keepFrom <= geometry.LogBlocks;
            Position = hasRoom ? Position : _first;
        }

        return outcome;
    }

    /// <summary>C4. Nobody else changes tags, so they have been as they are since they were sealed.</summary>
    private void CheckTags()
    {
        FrameTable table = _volume.Frames;
        foreach (int entry in table.Snapshot)
        {
            ref FrameEntry e = ref table[entry];
            bool isIntact = e.Kind != FrameKind.Tag
                || BlockHeader.IsIntact(_volume.Memory, e.Pfn, TagBlock.MagicValue, FrameTable.FrameOf(e.Frame));
            Fail.Unless(isIntact, "tag block was changed"u8, e.Frame);
        }
    }

    /// <summary>Writes the frames, and after them the tag blocks, which have the tags of all of them by then.</summary>
    private void WriteFrames(ulong generation)
    {
        FrameTable table = _volume.Frames;
        foreach (int entry in table.Snapshot)
        {
            DirectoryEntry image = default;
            image.Frame = FrameTable.FrameOf(table[entry].Frame);
            _volume.CloseGate();
            Capture(entry, generation, ref image);
            if (image.Kind != FrameKind.Tag)
            {
                image.CopyTo(ref table.TagOf(image.Frame));
            }

            table.Captured(entry);
            if (table.TakeStarved())
            {
                _volume.Observer.SpaceFreed();
            }

            _volume.OpenGate();
            if ((image.Flags & TagFlags.Null) == 0)
            {
                image.Position = Append();
            }

            _directory.Add(image);
        }
    }

    /// <summary>
    /// Copies the frame as it was at the snapshot into the writer's frame, unless its tag says everything.
    /// </summary>
    private void Capture(int entry, ulong generation, ref DirectoryEntry image)
    {
        PhysicalMemory memory = _volume.Memory;
        uint pfn = _volume.Frames.SnapshotImage(entry, out image.Kind, out image.Version);
        image.Flags = _volume.Frames.SnapshotPin(entry);
        Check(pfn, image);
        image.Version = FrameImage.HighestVersion(memory, pfn, image.Kind, image.Version);
        if (FrameImage.IsNull(memory, pfn, image.Kind))
        {
            image.Flags |= TagFlags.Null;
            return;
        }

        FrameImage.Stamp(memory, pfn, image.Kind, generation);
        image.Crc = FrameImage.Seal(memory, pfn, image.Kind);
        memory.Copy(pfn, _writer.Reserve());
    }

    /// <summary>C2.</summary>
    private void Check(uint pfn, in DirectoryEntry image)
    {
        Fail.Unless(image.Kind <= FrameKind.Tag, "snapshot holds a frame of no kind"u8, image.Frame);
        Fail.Unless(
            image.Frame < _volume.Geometry.HomeFrames, "snapshot holds a frame beyond the volume"u8, image.Frame);
        if (image.Kind >= FrameKind.Pot)
        {
            ref BlockHeader header = ref _volume.Memory.As<BlockHeader>(pfn);
            Fail.Unless(header.Magic == FrameImage.MagicOf(image.Kind), "frame lost its magic"u8, image.Frame);
            Fail.Unless(header.Name == image.Frame, "frame has another's name"u8, image.Frame);
        }

        bool isProcess = image.Kind == FrameKind.Process;
        Fail.Unless(
            !isProcess || FrameImage.IsProcess(_volume.Memory, pfn, image.Version),
            "process cannot be saved"u8,
            image.Frame);
    }

    private void WriteProcessList(ulong generation, ReadOnlySpan<ulong> processes)
    {
        for (int from = 0; from < processes.Length; from += ProcessListBlock.OidCount)
        {
            uint pfn = _writer.Reserve();
            _volume.Memory.Clear(pfn);
            ref ProcessListBlock block = ref _volume.Memory.As<ProcessListBlock>(pfn);
            block.VolumeId = _volume.Id;
            for (int i = 0; i < ProcessListBlock.OidCount && from + i < processes.Length; i++)
            {
                block.Oids[i] = processes[from + i];
            }

            ulong number = (ulong)(from / ProcessListBlock.OidCount);
            BlockHeader.Seal(_volume.Memory, pfn, ProcessListBlock.MagicValue, number, generation);
            Append();
        }
    }

    private void WriteDirectory()
    {
        for (int block = 0; block < _directory.Next.BlockCount; block++)
        {
            _volume.Memory.Copy(_directory.Seal(block), _writer.Reserve());
            Append();
        }
    }

    private void WriteHeaders(ulong generation, ulong processPosition, uint processes, in SnapshotFacts facts)
    {
        ref LoggedGeneration logged = ref _directory.Next;
        logged.HeaderPosition = Position + 1;
        while (Position <= logged.HeaderPosition)
        {
            uint pfn = _writer.Reserve();
            _volume.Memory.Clear(pfn);
            ref GenerationHeader header = ref _volume.Memory.As<GenerationHeader>(pfn);
            header.FirstPosition = _first;
            header.Blocks = logged.HeaderPosition + 1 - _first;
            header.DirectoryPosition = logged.HeaderPosition - 1 - (uint)logged.BlockCount;
            header.FrameCount = (uint)logged.FrameCount;
            header.TagCount = (uint)(logged.Count - logged.FrameCount);
            header.ProcessPosition = processPosition;
            header.ProcessCount = processes;
            header.Facts = facts;
            BlockHeader.Seal(_volume.Memory, pfn, GenerationHeader.MagicValue, _volume.Id, generation);
            Append();
        }
    }

    /// <summary>Sends the writer's frame to the next position of the log, and returns that.</summary>
    private ulong Append()
    {
        ulong position = Position++;
        ref readonly VolumeGeometry geometry = ref _volume.Geometry;
        Fail.Unless(position - _keepFrom < geometry.LogBlocks, "log written over what a restart needs"u8, position);
        Fail.Unless(position - _first < geometry.GenerationBlocks, "generation larger than its share"u8, position);
        _writer.Append(geometry.LogBlock(position));
        return position;
    }
}
