// FrameTable, part 3: how objects begin and end. Here are the rules of versions, and nowhere else:
//
//  V1 an object's version only grows. Rescinding adds 1; a capability with another version is void.
//  V2 retyping a frame starts all its new objects at NextVersion: 1 more than any version, and any call count / 2^32,
//     that it had. So no capability of an earlier owner fits, whatever the frame is used for.
//  V3 LastVersion is never given to a capability: what reaches it is retired. A frame that would reach it cannot be
//     retyped.
//  V4 a process's call count begins at version * 2^32, and is never reset. By V2 no two lives of a frame share one. A
//     frame becomes a process below LastProcessVersion only, so 2^60 calls are left to each: no count wraps.
//
// All methods but the questions need a Dirty frame; what the kernel derived from the object (page tables, activities)
// it must drop itself.

using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

public sealed partial class FrameTable
{
    /// <summary>The version at which an object is retired.</summary>
    public const uint LastVersion = uint.MaxValue;

    /// <summary>The version, and the call count / 2^32, at which a frame becomes a process no more.</summary>
    public const uint LastProcessVersion = 0xF000_0000;

    private const int CallCountShift = 32;

    /// <summary>True when frames of that kind have an object of that index.</summary>
    public static bool HasIndex(FrameKind kind, ulong index) =>
        kind is >= FrameKind.Page and <= FrameKind.Process && index < (kind == FrameKind.Pot ? NodePot.NodeCount : 1u);

    /// <summary>
    /// True when the frame holds an object of that kind and place with that version: a capability with it is alive.
    /// </summary>
    public bool IsCurrent(int entry, FrameKind kind, int index, uint version) =>
        version != LastVersion && _entries[entry].Kind == kind && HasIndex(kind, (ulong)index)
        && VersionOf(entry, index) == version;

    /// <summary>The version of the object at <paramref name="index"/> (0 for all but nodes).</summary>
    public uint VersionOf(int entry, int index) =>
        _entries[entry].Kind == FrameKind.Pot ? Pot(entry).Nodes[index].Version : _entries[entry].Version;

    /// <summary>
    /// Whether <see cref="Create"/> may be asked: Ok, NoObject for an index that the kind does not have, Retired when
    /// versions are used up.
    /// </summary>
    public Outcome CheckCreate(int entry, FrameKind kind, int index)
    {
        if (!HasIndex(kind, (ulong)index))
        {
            return Outcome.NoObject;
        }

        bool isProcess = kind == FrameKind.Process;
        uint version = _entries[entry].Kind == kind && !isProcess ? Next(VersionOf(entry, index)) : NextVersion(entry);
        return version >= (isProcess ? LastProcessVersion : LastVersion) ? Outcome.Retired : Outcome.Ok;
    }

    /// <summary>
    /// Begins the life of an object: what was there is rescinded, and the frame is retyped if it was of another kind.
    /// The new object is empty: a page of zeros, a plain node of void slots, an Available process with nothing in it.
    /// </summary>
    public void Create(int entry, FrameKind kind, int index)
    {
        ref FrameEntry e = ref _entries[entry];
        Fail.Unless(CheckCreate(entry, kind, index) == Outcome.Ok, "object created against the rules"u8, e.Frame);
        if (e.Kind == kind)
        {
            Rescind(entry, index);
        }
        else
        {
            Retype(entry, kind);
        }
    }

    /// <summary>
    /// Ends the life of an object: its capabilities are void everywhere, its storage is cleared unless it is a page or
    /// node that <paramref name="keepsContents"/>.
    /// </summary>
    public void Rescind(int entry, int index, bool keepsContents = false)
    {
        ref FrameEntry e = ref _entries[entry];
        bool isRight = IsWritable(entry) && HasIndex(e.Kind, (ulong)index);
        Fail.Unless(isRight, "object rescinded against the rules"u8, e.Frame);
        SetPinned(entry, false);
        if (e.Kind == FrameKind.Pot)
        {
            ref Node node = ref Pot(entry).Nodes[index];
            uint version = Next(node.Version);
            if (!keepsContents)
            {
                node = default;
            }

            node.Version = version;
            return;
        }

        e.Version = Next(e.Version);
        if (!keepsContents)
        {
            ulong callCount = e.Kind == FrameKind.Process ? Process(entry).CallCount + 1 : 0;
            Clear(ref e, callCount);
        }
    }

    /// <summary>
    /// Makes another kind of frame of it: every object of the frame is rescinded. Retired, and nothing done, at the
    /// last version.
    /// </summary>
    public Outcome Retype(int entry, FrameKind kind)
    {
        ref FrameEntry e = ref _entries[entry];
        Fail.Unless(IsWritable(entry) && kind <= FrameKind.Process, "frame retyped against the rules"u8, e.Frame);
        uint version = NextVersion(entry);
        if (version == LastVersion)
        {
            return Outcome.Retired;
        }

        SetPinned(entry, false);
        ProcessFrames += (kind == FrameKind.Process ? 1 : 0) - (e.Kind == FrameKind.Process ? 1 : 0);
        e.Version = version;
        e.Kind = kind;
        Clear(ref e, (ulong)version << CallCountShift);
        return Outcome.Ok;
    }

    private static uint Next(uint version) => version == LastVersion ? LastVersion : version + 1;

    /// <summary>
    /// V2: what the frame's next objects would start at, <see cref="LastVersion"/> when there is nothing left.
    /// </summary>
    private uint NextVersion(int entry)
    {
        ref FrameEntry e = ref _entries[entry];
        uint highest = FrameImage.HighestVersion(_memory, e.Pfn, e.Kind, e.Version);
        if (e.Kind == FrameKind.Process)
        {
            uint calls = (uint)(Process(entry).CallCount >> CallCountShift);
            highest = calls > highest ? calls : highest;
        }

        return Next(highest);
    }

    /// <summary>An empty frame of the entry's kind and version.</summary>
    private void Clear(ref FrameEntry e, ulong callCount)
    {
        FrameImage.Clear(_memory, e.Pfn, e.Kind, e.Frame, e.Version);
        if (e.Kind == FrameKind.Process)
        {
            _memory.As<ProcessFrame>(e.Pfn).CallCount = callCount;
        }
    }
}
