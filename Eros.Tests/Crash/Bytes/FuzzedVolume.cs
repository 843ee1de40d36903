// FuzzedVolume: a small volume with all that a volume can have, to be damaged: three clusters, of which the newest
// generation changed one; pages, pots and processes; and either the newest generation not yet settled, with older ones
// in the log of which one could be mounted, or the newest settled and alone in the log, with pages in the journal.

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Tests.Crash.Bytes;

/// <summary>Made from its kind alone, and never written again.</summary>
public sealed class FuzzedVolume
{
    /// <summary>Physical frames that hold the store and all home frames.</summary>
    public const int MachineFrames = 1100;

    /// <summary>Pages in the journal.</summary>
    public const int Journalled = 3;

    private const int LogBlocks = 300;
    private const int HomeBlocks = (2 * (TagBlock.FramesPerCluster + 1)) + 20;
    private const int Generations = 4;
    private const int ChangesOfGeneration = 60;
    /// <summary>The word of a journalled page that is changed.</summary>
    private const int Changed = 5;

    /// <summary>Pots and processes that are damaged, of each.</summary>
    private const int MostOfKind = 2;

    private const int FirstEntry = 64;
    private const int EntryBytes = 32;
    private const int TagBytes = 16;

    private readonly Dictionary<ulong, (int Block, int Offset)> _entries = [];
    private readonly Dictionary<ulong, (int Block, int Offset)> _tagEntries = [];
    private readonly HashSet<(bool IsTag, ulong Frame)> _seen = [];
    private readonly List<StoreModel> _withoutRecord = [];

    private FuzzedVolume(LayeredImage image, StoreModel model, ObjectChanger changer, in VolumeGeometry geometry)
    {
        Image = image;
        Model = model;
        Changer = changer;
        Geometry = geometry;
    }

    public LayeredImage Image { get; }

    public StoreModel Model { get; }

    /// <summary>Of all frames that are used.</summary>
    public ObjectChanger Changer { get; }

    public VolumeGeometry Geometry { get; }

    /// <summary>The blocks to damage.</summary>
    public List<DamagedBlock> Blocks { get; } = [];

    /// <summary>What the volume holds when a record of the journal does not count.</summary>
    public StoreModel WithoutRecord(ulong place) => _withoutRecord[(int)place];

    public static FuzzedVolume Make(bool isSettled)
    {
        var random = new SeededRandom(0xB17E);
        const int Blocks = LogBlocks + (int)VolumeGeometry.JournalBlocks + HomeBlocks + (2 * VolumeGeometry.EndBlocks);
        var geometry = new VolumeGeometry(Blocks, LogBlocks);
        var image = new LayeredImage(Blocks, below: null);
        ulong[] late = Frames(0, 40);
        var changer = new ObjectChanger([.. late, .. Frames(TagBlock.FramesPerCluster, 16)]);
        using var machine = new SimulatedMachine(MachineFrames, image) { MostKept = isSettled ? 0u : 2 };
        BaseVolume.Format(machine, image, geometry);
        Demand(machine.Boot(image).IsMounted);
        machine.Model.TakeSnapshot(0);
        machine.Model = machine.Model.RestartedAt(0);
        Demand(machine.Store.Migrate() == Outcome.Ok);
        for (int i = 1; i <= Generations; i++)
        {
            ObjectChanger ofGeneration = i == Generations ? new ObjectChanger(late) : changer;
            for (int change = 0; change < ChangesOfGeneration; change++)
            {
                ofGeneration.Change(machine, random);
            }

            Demand(machine.Store.Checkpoint() == Outcome.Ok);
            Demand((i == Generations && !isSettled) || machine.Store.Migrate() == Outcome.Ok);
        }

        var volume = new FuzzedVolume(image, machine.Model, changer, geometry);
        if (isSettled)
        {
            volume.Journal(machine, late);
        }

        Demand(machine.Disk.Flush() == Outcome.Ok);
        volume.FindBlocks();
        return volume;
    }

    /// <summary>Puts a change into an image of the volume.</summary>
    public void Apply(in ByteChange change, LayeredImage image)
    {
        Span<byte> block = image.Writable(change.Where.Block);
        block[change.Offset] ^= change.Mask;
        if (!change.IsMended || change.Where.Part == VolumePart.JournalledPage)
        {
            return;
        }

        uint crc = Seal(block);
        switch (change.Where.Part)
        {
            case VolumePart.LoggedTags:
                MendEntry(_tagEntries[change.Where.Name], crc, image);
                break;
            case VolumePart.LoggedPot or VolumePart.LoggedProcess:
                MendEntry(_entries[change.Where.Name], crc, image);
                MendTag(change.Where.Name, crc, image);
                break;
            case VolumePart.HomePot:
                MendTag(change.Where.Name, crc, image);
                break;
        }
    }

    private static ulong[] Frames(ulong first, int count)
    {
        ulong[] frames = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            frames[i] = first + (ulong)i;
        }

        return frames;
    }

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("the volume to be damaged could not be made");
        }
    }

    private static ulong U64(ReadOnlySpan<byte> block, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(block[offset..]);

    private static uint Seal(Span<byte> block)
    {
        uint crc = Reading.Castagnoli.Of(block[sizeof(uint)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(block, crc);
        return crc;
    }

    /// <summary>Journals pages that the newest generation has, each another one.</summary>
    private void Journal(SimulatedMachine machine, ulong[] frames)
    {
        var journalled = new List<(ulong Frame, FrameModel Page)>();
        foreach (ulong frame in frames)
        {
            FrameModel saved = Model.At(Model.Acknowledged)![frame];
            if (journalled.Count < Journalled && saved.Kind == FrameKind.Page)
            {
                int entry = machine.Entry(frame);
                Demand(machine.MakeDirty(entry));
                machine.Words(entry)[Changed] = ~saved[Changed];
                Model.Now.Frames[frame] = saved.With((Changed, ~saved[Changed]));
                Demand(machine.Journal(frame) == Outcome.Ok);
                journalled.Add((frame, saved));
            }
        }

        Demand(machine.Journalled == Journalled);
        foreach ((ulong frame, FrameModel saved) in journalled)
        {
            StoreModel without = Model.Fork();
            without.Journal(frame, saved);
            _withoutRecord.Add(without);
        }
    }

    private void FindBlocks()
    {
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            Add(Geometry.VolumeHeaderBlock(copy), VolumePart.VolumeHeader);
            Add(Geometry.CheckpointHeaderBlock(0, copy), VolumePart.CheckpointHeader);
            Add(Geometry.CheckpointHeaderBlock(1, copy), VolumePart.CheckpointHeader);
            Add(Geometry.MarkBlock(copy), VolumePart.Mark);
            Add(Geometry.MirrorBlock(copy), VolumePart.MirrorRecord);
        }

        FindLogged();
        for (ulong cluster = 0; cluster < Geometry.Clusters; cluster++)
        {
            ulong first = cluster * TagBlock.FramesPerCluster;
            bool isStale = _tagEntries.ContainsKey(first);
            Add(Geometry.TagBlockOf(cluster), isStale ? VolumePart.StaleTags : VolumePart.HomeTags, first);
        }

        foreach (ulong frame in Changer.Frames)
        {
            bool isPot = Model.At(Model.Acknowledged)![frame].Kind == FrameKind.Pot;
            if (isPot && !_entries.ContainsKey(frame) && !IsZero(Geometry.HomeBlock(frame)))
            {
                Add(Geometry.HomeBlock(frame), VolumePart.HomePot, frame);
            }
        }

        for (ulong place = 0; place < (ulong)_withoutRecord.Count; place++)
        {
            Add(Geometry.JournalBlock(place), VolumePart.JournalledPage, place);
            Add(Geometry.JournalBlock(place) + 1, VolumePart.JournalRecord, place);
        }
    }

    private bool IsZero(ulong block) => !Image.Read((int)block).ContainsAnyExcept((byte)0);

    private void FindLogged()
    {
        ReadOnlySpan<byte> newest = Image.Read((int)Geometry.CheckpointHeaderBlock(Model.Acknowledged, 0));
        for (int i = (int)U64(newest, 64) - 1; i >= 0; i--)
        {
            FindGeneration(U64(newest, 136 + (16 * i)));
        }
    }

    /// <summary>Of each part both copies, the second first, which is read first. What a newer generation has goes
    /// before what an older one has.</summary>
    private void FindGeneration(ulong position)
    {
        ReadOnlySpan<byte> header = Image.Read((int)Geometry.LogBlock(position));
        Add(Geometry.LogBlock(position), VolumePart.GenerationHeader);
        Add(Geometry.LogBlock(position - 1), VolumePart.GenerationHeader);
        ulong list = U64(header, 56);
        for (ulong at = position - 2; at >= list; at--)
        {
            ulong block = Geometry.LogBlock(at);
            bool isDirectory = BinaryPrimitives.ReadUInt32LittleEndian(Image.Read((int)block)[4..])
                == DirectoryBlock.MagicValue;
            Add(block, isDirectory ? VolumePart.Directory : VolumePart.ProcessList);
            if (isDirectory)
            {
                FindEntries(block);
            }
        }
    }

    private void FindEntries(ulong directoryBlock)
    {
        ReadOnlySpan<byte> entries = Image.Read((int)directoryBlock);
        for (int at = FirstEntry; at + EntryBytes <= entries.Length; at += EntryBytes)
        {
            (ulong frame, ulong position) = (U64(entries, at), U64(entries, at + 8));
            var kind = (FrameKind)entries[at + 24];
            bool isFirst = _seen.Add((kind == FrameKind.Tag, frame));
            if (position == 0 || !isFirst)
            {
                continue;
            }

            (kind == FrameKind.Tag ? _tagEntries : _entries).Add(frame, ((int)directoryBlock, at));
            if (kind is FrameKind.Tag or FrameKind.Pot or FrameKind.Process)
            {
                Add(Geometry.LogBlock(position), kind switch
                {
                    FrameKind.Tag => VolumePart.LoggedTags,
                    FrameKind.Pot => VolumePart.LoggedPot,
                    _ => VolumePart.LoggedProcess,
                }, frame);
            }
        }
    }

    private void Add(ulong block, VolumePart part, ulong name = 0)
    {
        bool isOfMany = part is VolumePart.LoggedPot or VolumePart.LoggedProcess or VolumePart.HomePot;
        if (!isOfMany || Blocks.FindAll(other => other.Part == part).Count < MostOfKind)
        {
            Blocks.Add(new DamagedBlock((int)block, part, name));
        }
    }

    /// <summary>The checksum in a directory entry, and the directory block's own.</summary>
    private static void MendEntry((int Block, int Offset) entry, uint crc, LayeredImage image)
    {
        Span<byte> block = image.Writable(entry.Block);
        BinaryPrimitives.WriteUInt32LittleEndian(block[(entry.Offset + 20)..], crc);
        Seal(block);
    }

    /// <summary>The checksum in a frame's tag, and all that stands above it.</summary>
    private void MendTag(ulong frame, uint crc, LayeredImage image)
    {
        ulong first = frame - (frame % TagBlock.FramesPerCluster);
        bool isLogged = _tagEntries.TryGetValue(first, out (int Block, int Offset) entry);
        ulong number = isLogged
            ? Geometry.LogBlock(U64(image.Read(entry.Block), entry.Offset + 8))
            : Geometry.TagBlockOf(frame / TagBlock.FramesPerCluster);
        Span<byte> tags = image.Writable((int)number);
        BinaryPrimitives.WriteUInt32LittleEndian(tags[(FirstEntry + 4 + (TagBytes * (int)(frame - first)))..], crc);
        uint own = Seal(tags);
        if (isLogged)
        {
            MendEntry(entry, own, image);
        }
    }
}
