// Loader: brings home frames and tag blocks into memory, from the log while their generation is there, else from home.
//
// Nothing that is read is believed before its checksum, magic and name fit. What does not fit is reported with its OID,
// and stays absent.
//
// A tag block whose image in the log is damaged is made again from the one at home and the directories, which have the
// tag of every frame that changed: whether or not the home block was migrated already, the result is the same.

using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Log;

namespace Eros.Persistence.Store;

/// <summary>Loads frames. Used by one kernel thread at a time for each instance.</summary>
[method: MethodImpl(MethodImplOptions.NoInlining)]
public sealed class Loader(MountedVolume volume, LogDirectory directory)
{
    private readonly MountedVolume _volume = volume;
    private readonly LogDirectory _directory = directory;
    private readonly BlockPort _port = new(volume);
    private bool _hasToldOfMemory;

    /// <summary>By this it reads.</summary>
    internal BlockPort Port => _port;

    /// <summary>
    /// Loads a frame, with its tag block. Ok also when it was there already. NoObject, NoMemory, DiskError, BadBlock:
    /// it is not resident.
    /// </summary>
    public Outcome Load(ulong frame)
    {
        if (frame >= _volume.Geometry.HomeFrames)
        {
            return Outcome.NoObject;
        }

        Outcome outcome = LoadTagBlock(frame);
        return outcome == Outcome.Ok ? Bring(frame) : outcome;
    }

    /// <summary>Loads the tag block of a frame's cluster. Outcomes as for <see cref="Load"/>.</summary>
    public Outcome LoadTagBlock(ulong frame) => Bring(FrameTable.TagKey(frame));

    private Outcome Bring(ulong key)
    {
        FrameTable frames = _volume.Frames;
        bool isTag = FrameTable.IsTagKey(key);
        ulong frame = FrameTable.FrameOf(key);
        Tag tag = default;
        tag.Kind = FrameKind.Tag;
        _volume.CloseGate();
        bool isResident = frames.Find(key) != FrameTable.None;
        uint pfn = isResident ? 0 : frames.AllocateFrame();
        if (pfn != 0 && !isTag)
        {
            tag = _volume.Frames.TagOf(frame);
        }

        _volume.OpenGate();
        if (isResident)
        {
            return Outcome.Ok;
        }

        if (pfn == 0)
        {
            if (!_hasToldOfMemory)
            {
                _hasToldOfMemory = true;
                _volume.Report(StoreMessage.MemoryFull, Oid.Of(frame).Value);
            }

            return Outcome.NoMemory;
        }

        return Enter(isTag ? ReadTagBlock(key, pfn) : ReadFrame(frame, tag, pfn), key, tag.Kind, tag.Version, pfn);
    }

    /// <summary>
    /// Enters what was read, unless that failed or somebody else was quicker; then the physical frame is free again.
    /// </summary>
    private Outcome Enter(Outcome outcome, ulong key, FrameKind kind, uint version, uint pfn)
    {
        _volume.CloseGate();
        bool isFree = _volume.Frames.Find(key) == FrameTable.None;
        if (outcome == Outcome.Ok && isFree && _volume.Frames.Insert(key, kind, version, pfn) == FrameTable.None)
        {
            outcome = Outcome.NoMemory;
        }

        if (outcome != Outcome.Ok || !isFree)
        {
            _volume.Frames.FreeFrame(pfn);
        }

        _volume.OpenGate();
        return outcome;
    }

    private Outcome ReadFrame(ulong frame, in Tag tag, uint pfn)
    {
        bool isNull = (tag.Flags & TagFlags.Null) != 0 || tag.Kind == FrameKind.Free;
        if (isNull && tag.Kind < FrameKind.Process)
        {
            FrameImage.Clear(_volume.Memory, pfn, tag.Kind, frame, tag.Version);
            return Outcome.Ok;
        }

        for (; ; )
        {
            ulong block = Locate(frame, out _, out uint stamp);
            Outcome outcome = _port.Read(block, pfn);
            if (outcome == Outcome.Ok && !IsAsTagged(frame, tag, pfn))
            {
                outcome = _port.Read(block, pfn, FrameImage.MagicOf(tag.Kind), frame, tag.Crc);
                outcome = outcome == Outcome.Ok && !IsAsTagged(frame, tag, pfn) ? Outcome.BadBlock : outcome;
            }

            if (outcome == Outcome.Ok || stamp == _directory.Stamp)
            {
                return Told(outcome, StoreMessage.ObjectBad, frame, block);
            }
        }
    }

    /// <summary>
    /// True when what was read is what its tag says. A tag that is not null, and whose checksum fits, may still name
    /// no kind or a version that its objects do not have: no kernel saves such a frame, and none could go on with it.
    /// </summary>
    private bool IsAsTagged(ulong frame, in Tag tag, uint pfn)
    {
        FrameEntry entry = new() { Frame = frame, Version = tag.Version, Pfn = pfn, Kind = tag.Kind };
        return tag.Kind <= FrameKind.Process
            && FrameImage.FitsTag(_volume.Memory, in tag, in entry)
            && (tag.Kind != FrameKind.Process || FrameImage.IsProcess(_volume.Memory, pfn, tag.Version));
    }

    /// <summary>
    /// Reads a tag block, by its <see cref="FrameTable.TagKey"/>, into a physical frame, and enters it nowhere.
    /// </summary>
    public Outcome ReadTagBlock(ulong key, uint pfn)
    {
        ulong firstFrame = FrameTable.FrameOf(key);
        for (; ; )
        {
            ulong block = Locate(key, out uint crc, out uint stamp);
            Outcome outcome = ReadTags(block, firstFrame, pfn, crc);
            if (outcome == Outcome.Ok)
            {
                return outcome;
            }

            bool isMended = block != _volume.HomeOf(key) && MendTagBlock(firstFrame, pfn, _directory.Newest);
            if (stamp == _directory.Stamp)
            {
                return Told(isMended ? Outcome.Ok : outcome, StoreMessage.TagBlockBad, firstFrame, block);
            }
        }
    }

    /// <summary>The outcome, of which is told if it is a failure: what is not damaged may be read another
    /// time.</summary>
    internal Outcome Told(Outcome outcome, StoreMessage ifDamaged, ulong frame, ulong block)
    {
        if (outcome != Outcome.Ok)
        {
            StoreMessage message = outcome == Outcome.BadBlock ? ifDamaged : StoreMessage.ObjectUnreadable;
            _volume.Report(message, Oid.Of(frame).Value, block);
        }

        return outcome;
    }

    /// <summary>
    /// Reads again at home all tag blocks of a generation. False: one is not there. An older one in its place would fit
    /// frames whose images are null now, and nothing else would tell.
    /// </summary>
    public bool AreTagsHome(in LoggedGeneration of, uint pfn)
    {
        for (int i = of.FrameCount; i < of.Count; i++)
        {
            ref DirectoryEntry image = ref _directory.Entry(of, i);
            if (!IsTagAtHome(image.Frame, pfn, image.Crc))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsTagAtHome(ulong firstFrame, uint pfn, uint crc) =>
        ReadTags(_volume.Geometry.HomeBlock(firstFrame) - 1, firstFrame, pfn, crc) == Outcome.Ok;

    private Outcome ReadTags(ulong block, ulong firstFrame, uint pfn, uint crc) =>
        _port.Read(block, pfn, TagBlock.MagicValue, firstFrame, crc);

    /// <summary>
    /// Makes the tag block of a generation in the log from the one at home and the directories up to that generation.
    /// </summary>
    public bool MendTagBlock(ulong firstFrame, uint pfn, ulong generation)
    {
        if (!IsTagAtHome(firstFrame, pfn, 0))
        {
            return false;
        }

        ref TagBlock tags = ref _volume.Memory.As<TagBlock>(pfn);
        for (ulong from = _directory.Oldest; from <= generation; from++)
        {
            ref LoggedGeneration logged = ref _directory[from];
            for (int i = 0; i < logged.FrameCount; i++)
            {
                ref DirectoryEntry image = ref _directory.Entry(logged, i);
                ulong place = image.Frame - firstFrame;
                if (place < TagBlock.FramesPerCluster)
                {
                    image.CopyTo(ref tags.Tags[(int)place]);
                }
            }
        }

        FrameImage.Stamp(_volume.Memory, pfn, FrameKind.Tag, generation);
        FrameImage.Seal(_volume.Memory, pfn, FrameKind.Tag);
        return true;
    }

    /// <summary>The block to read, and the checksum of the directory's entry (0 where it has none).</summary>
    internal ulong Locate(ulong key, out uint crc, out uint stamp)
    {
        _volume.CloseGate();
        stamp = _directory.Stamp;
        _directory.Find(key, out DirectoryEntry entry);
        _volume.OpenGate();
        crc = entry.Crc;
        return entry.Position != 0 ? _volume.Geometry.LogBlock(entry.Position) : _volume.HomeOf(key);
    }
}
