// LogDirectory: which frames and tag blocks each generation has in the log that is not at home yet, and where. In
// memory a generation's directory is the same blocks as on the disk (format: Layout/GenerationHeader.cs): frames
// ascending, then tag blocks ascending, so that a look-up is a binary search, in the newest generation first.
//
//   generation  Oldest .. Newest       Newest + 1
//               in the log, answer     being made, or read at the mount
//               |                      | Publish: it is committed, and answers
//               +--- Release: it is at home, and answers no more
//
// The blocks of all of them are one ring of frames, taken at the mount.
//
// Invariants (docs/invariants.md):
//  L1 only a published directory answers look-ups.
//  L2 the frames are strictly ascending, and so are the tag blocks after them.
//  L3 the positions of images that are not null follow one another without gaps from the generation's first position.
//  L4 the generations in the log follow one another, in numbers without gaps; between their positions may be what could
//     not be written.

using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Persistence.Log;

/// <summary>One generation of a <see cref="LogDirectory"/>.</summary>
public struct LoggedGeneration
{
    /// <summary>The position of its first block.</summary>
    public ulong FirstPosition;

    /// <summary>The position of the second copy of its <see cref="GenerationHeader"/>, which is its last
    /// block.</summary>
    public ulong HeaderPosition;

    /// <summary>The place of its first block in the ring.</summary>
    public int Start;

    /// <summary>Frames in the directory; entries 0 to FrameCount - 1.</summary>
    public int FrameCount;

    /// <summary>Frames and, after them, tag blocks.</summary>
    public int Count;

    /// <summary>Blocks that the entries take on the disk.</summary>
    public readonly int BlockCount => LogDirectory.BlocksFor(Count);
}

/// <summary>The directories of the generations that are in the log and not at home, and of the one that is being
/// written.</summary>
public sealed class LogDirectory(MountedVolume volume)
{
    private readonly MountedVolume _volume = volume;
    private readonly uint[] _pfns = new uint[StoreLimits.RingBlocks];
    private readonly LoggedGeneration[] _generations = new LoggedGeneration[CheckpointHeader.MaxUnmigrated];
    private int _blocks;
    private int _used;
    private int _next;

    /// <summary>The oldest generation that is in the log and not at home; Newest + 1 when there is none.</summary>
    public ulong Oldest { get; private set; } = 1;

    /// <summary>The newest generation that is committed.</summary>
    public ulong Newest { get; private set; }

    /// <summary>Generations that are in the log and not at home.</summary>
    public ulong Kept => Newest + 1 - Oldest;

    /// <summary>Blocks of the ring that no generation in the log uses.</summary>
    public int FreeBlocks => _blocks - _used;

    /// <summary>False when less than half of the ring is free: the largest generation may not fit.</summary>
    public bool HasRoom => 2 * _used <= _blocks;

    /// <summary>Changes whenever the answers do.</summary>
    public uint Stamp { get; private set; }

    /// <summary>A generation from Oldest to Newest + 1.</summary>
    public ref LoggedGeneration this[ulong generation]
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get => ref _generations[(uint)generation % CheckpointHeader.MaxUnmigrated];
    }

    /// <summary>The generation that is being made.</summary>
    public ref LoggedGeneration Next => ref this[Newest + 1];

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

    /// <summary>All generations up to <paramref name="migrated"/> are at home, and there are no others.</summary>
    public void Reset(ulong migrated)
    {
        Newest = migrated;
        Oldest = migrated + 1;
        _used = 0;
        Stamp++;
    }

    /// <summary>Begins the directory of the next generation, which will be from a position of the log on.</summary>
    public void Begin(ulong firstPosition)
    {
        ref LoggedGeneration next = ref Next;
        next = default;
        next.FirstPosition = firstPosition;
        next.Start = _next;
    }

    /// <summary>Adds the entry that comes next in the order to the generation that is being made.</summary>
    public void Add(in DirectoryEntry entry)
    {
        ref LoggedGeneration next = ref Next;
        Fail.Unless(BlocksFor(next.Count + 1) <= FreeBlocks, "log directory overflows"u8, entry.Frame);
        bool isNext = next.Count == 0 || KeyOf(Entry(next, next.Count - 1)) < KeyOf(entry);
        Fail.Unless(isNext, "log directory out of order"u8, entry.Frame);
        Entry(next, next.Count++) = entry;
        next.FrameCount += entry.Kind == FrameKind.Tag ? 0 : 1;
    }

    /// <summary>The generation that was being made is committed: from now on its images are the ones to read.</summary>
    public void Publish()
    {
        int blocks = Next.BlockCount;
        _used += blocks;
        _next = Wrap(_next + blocks);
        Newest++;
        Stamp++;
    }

    /// <summary>The oldest generation is at home.</summary>
    public void Release()
    {
        _used -= this[Oldest].BlockCount;
        Oldest++;
        Stamp++;
    }

    /// <summary>One entry of a generation.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ref DirectoryEntry Entry(in LoggedGeneration of, int index) =>
        ref _volume.Memory.As<DirectoryBlock>(BlockPfn(of, index / DirectoryBlock.EntryCount))
            .Entries[index % DirectoryBlock.EntryCount];

    /// <summary>
    /// The entry of a frame or, by <see cref="FrameTable.TagKey"/>, of a tag block, in the newest generation that has
    /// one. False: none has, and the home block is the one to read.
    /// </summary>
    public bool Find(ulong key, out DirectoryEntry entry)
    {
        for (ulong generation = Newest; generation >= Oldest; generation--)
        {
            ref LoggedGeneration logged = ref this[generation];
            int low = 0;
            int high = logged.Count;
            while (low < high)
            {
                int middle = (low + high) >>> 1;
                ref DirectoryEntry found = ref Entry(logged, middle);
                ulong there = KeyOf(found);
                if (there == key)
                {
                    entry = found;
                    return true;
                }

                if (there < key)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }
        }

        entry = default;
        return false;
    }

    /// <summary>The frame that holds a block of a generation's directory.</summary>
    public uint BlockPfn(in LoggedGeneration of, int block) => _pfns[Wrap(of.Start + block)];

    /// <summary>
    /// Gives a block of the generation that is being made its header, ready to be written; what follows the last entry
    /// is zero. Returns its frame.
    /// </summary>
    public uint Seal(int block)
    {
        ref LoggedGeneration next = ref Next;
        uint pfn = BlockPfn(next, block);
        ref DirectoryBlock image = ref _volume.Memory.As<DirectoryBlock>(pfn);
        image.VolumeId = _volume.Id;
        for (int i = DirectoryBlock.EntryCount - 1; (block * DirectoryBlock.EntryCount) + i >= next.Count; i--)
        {
            image.Entries[i] = default;
        }

        BlockHeader.Seal(_volume.Memory, pfn, DirectoryBlock.MagicValue, (ulong)block, Newest + 1);
        return pfn;
    }

    /// <summary>
    /// Takes over what was read into the block frames of the next generation, each block intact by itself, and of it.
    /// False when together they are not the directory that <paramref name="header"/> names.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Adopt(in GenerationHeader header)
    {
        ref LoggedGeneration next = ref Next;
        next.FrameCount = (int)header.FrameCount;
        next.Count = (int)(header.FrameCount + header.TagCount);
        if (!IsSound(next, header.ProcessPosition))
        {
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
    private bool IsSound(in LoggedGeneration of, ulong end)
    {
        ulong position = of.FirstPosition;
        ulong last = 0;
        for (int i = 0; i < of.Count; i++)
        {
            ref DirectoryEntry entry = ref Entry(of, i);
            ulong key = KeyOf(entry);
            bool isTag = entry.Kind == FrameKind.Tag;
            bool isNull = (entry.Flags & TagFlags.Null) != 0;
            bool isSound = entry.Frame < _volume.Geometry.HomeFrames
                && entry.Kind <= FrameKind.Tag
                && isTag == (i >= of.FrameCount)
                && (i == 0 || last < key)
                && entry.Position == (isNull ? 0 : position)
                && (!isTag || (!isNull && entry.Frame % TagBlock.FramesPerCluster == 0));
            if (!isSound)
            {
                return false;
            }

            last = key;
            position += isNull ? 0u : 1;
        }

        return position == end && (of.Count == 0 || of.FrameCount != of.Count);
    }

    private int Wrap(int block) => block < _blocks ? block : block - _blocks;
}
