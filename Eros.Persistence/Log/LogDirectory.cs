// LogDirectory: which frames and tag blocks a generation has in the log, and where. In memory it is the same blocks as
// on the disk (format: Layout/GenerationHeader.cs): frames ascending, then tag blocks ascending, so that a look-up is a
// binary search.
//
//               Begin                  Publish (committed)              Close (migrated)
//   closed ---------------> being made -----------------> published -------------------> closed
//      |                        | Close (given up)                                          ^
//      |                        +-----------------------------------------------------------+
//      +--- BlockPfn, Adopt (read from the disk at the mount) ----> published
//
// Invariants (docs/invariants.md):
//  L1 only a published directory answers look-ups.
//  L2 the frames are strictly ascending, and so are the tag blocks after them.
//  L3 the positions of images that are not null follow one another without gaps from the generation's first position.

using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Persistence.Log;

/// <summary>The directory of the one generation that is in the log and not at home, or that is being written.</summary>
public sealed class LogDirectory(MountedVolume volume)
{
    private readonly MountedVolume _volume = volume;
    private readonly uint[] _pfns = new uint[StoreLimits.DirectoryBlocks];
    private int _blocks;
    private bool _isPublished;

    /// <summary>Frames in the directory; entries 0 to FrameCount - 1.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Frames and, after them, tag blocks.</summary>
    public int Count { get; private set; }

    /// <summary>Entries that there is room for.</summary>
    public int Capacity => _blocks * DirectoryBlock.EntryCount;

    /// <summary>Blocks that the entries take on the disk.</summary>
    public int BlockCount => BlocksFor(Count);

    /// <summary>Changes whenever the answers do.</summary>
    public uint Stamp { get; private set; }

    /// <summary>Directory blocks for so many entries.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int BlocksFor(int entries) => (entries + DirectoryBlock.EntryCount - 1) / DirectoryBlock.EntryCount;

    /// <summary>Makes room in memory for so many blocks; false when there are not as many free frames.</summary>
    public bool Open(int blocks)
    {
        while (_blocks < blocks)
        {
            uint pfn = _volume.Frames.AllocateFrame();
            if (pfn == 0)
            {
                return false;
            }

            _pfns[_blocks++] = pfn;
        }

        return true;
    }

    /// <summary>Empties the directory; it is being made from now on.</summary>
    public void Begin()
    {
        _isPublished = false;
        FrameCount = 0;
        Count = 0;
        Stamp++;
    }

    /// <summary>Adds the entry that comes next in the order.</summary>
    public void Add(in DirectoryEntry entry)
    {
        Fail.Unless(!_isPublished && BlocksFor(Count + 1) <= _blocks, "log directory overflows"u8, entry.Frame);
        bool isNext = Count == 0 || KeyOf(this[Count - 1]) < KeyOf(entry);
        Fail.Unless(isNext, "log directory out of order"u8, entry.Frame);
        this[Count++] = entry;
        FrameCount += entry.Kind == FrameKind.Tag ? 0 : 1;
    }

    /// <summary>The generation is committed: from now on its images are the ones to read.</summary>
    public void Publish()
    {
        _isPublished = true;
        Stamp++;
    }

    /// <summary>The generation is at home, or was given up: the home blocks are the ones to read.</summary>
    public void Close() => Begin();

    /// <summary>One entry.</summary>
    public ref DirectoryEntry this[int index] =>
        ref _volume.Memory.As<DirectoryBlock>(_pfns[index / DirectoryBlock.EntryCount])
            .Entries[index % DirectoryBlock.EntryCount];

    /// <summary>
    /// The entry of a frame or, by <see cref="FrameTable.TagKey"/>, of a tag block; -1 when the home block is the one
    /// to read.
    /// </summary>
    public int Find(ulong key)
    {
        int low = 0;
        int high = _isPublished ? Count : 0;
        int end = high;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (KeyOf(this[middle]) < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < end && KeyOf(this[low]) == key ? low : -1;
    }

    /// <summary>The frame that holds a block of the directory.</summary>
    public uint BlockPfn(int block) => _pfns[block];

    /// <summary>Gives a block its header, ready to be written; what follows the last entry is zero.</summary>
    public void Seal(int block, ulong generation)
    {
        uint pfn = _pfns[block];
        ref DirectoryBlock image = ref _volume.Memory.As<DirectoryBlock>(pfn);
        image.VolumeId = _volume.Id;
        for (int i = DirectoryBlock.EntryCount - 1; (block * DirectoryBlock.EntryCount) + i >= Count; i--)
        {
            image.Entries[i] = default;
        }

        BlockHeader.Seal(_volume.Memory, pfn, DirectoryBlock.MagicValue, (ulong)block, generation);
    }

    /// <summary>
    /// Takes over what was read into the block frames, each block intact by itself. False, and closed, when it is not
    /// the directory that <paramref name="header"/> names.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Adopt(in GenerationHeader header)
    {
        Begin();
        int count = (int)(header.FrameCount + header.TagCount);
        for (int block = 0; block < BlocksFor(count); block++)
        {
            uint pfn = _pfns[block];
            ref DirectoryBlock image = ref _volume.Memory.As<DirectoryBlock>(pfn);
            if (image.Header.Generation != header.Header.Generation || image.VolumeId != _volume.Id)
            {
                return false;
            }
        }

        FrameCount = (int)header.FrameCount;
        Count = count;
        if (!IsSound(header))
        {
            Begin();
            return false;
        }

        Publish();
        return true;
    }

    /// <summary>By this the entries are in order: the frame, or the key of the tag block.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong KeyOf(in DirectoryEntry entry) =>
        entry.Kind == FrameKind.Tag ? FrameTable.TagKey(entry.Frame) : entry.Frame;

    /// <summary>L2 and L3, that every entry is of this volume, and that tag blocks come last.</summary>
    private bool IsSound(in GenerationHeader header)
    {
        ulong position = header.FirstPosition;
        for (int i = 0; i < Count; i++)
        {
            ref DirectoryEntry entry = ref this[i];
            bool isTag = entry.Kind == FrameKind.Tag;
            bool isNull = (entry.Flags & TagFlags.Null) != 0;
            bool isSound = entry.Frame < _volume.Geometry.HomeFrames
                && entry.Kind <= FrameKind.Tag
                && isTag == (i >= FrameCount)
                && (i == 0 || KeyOf(this[i - 1]) < KeyOf(entry))
                && entry.Position == (isNull ? 0 : position)
                && (!isTag || (!isNull && entry.Frame % TagBlock.FramesPerCluster == 0));
            if (!isSound)
            {
                return false;
            }

            position += isNull ? 0u : 1;
        }

        return position == header.ProcessPosition && (Count == 0 || FrameCount != Count);
    }
}
