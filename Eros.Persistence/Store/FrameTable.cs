// FrameTable: every home frame that is in memory, found by its number, and the physical frames that are free.
//
// It owns the entries, the hash chains, the free list of physical frames, and the claims on the log. Fixed arrays, made
// at boot. All methods run with the gate closed, in bounded steps (the exceptions say so).
//
// The unit is the home frame: a page, a pot of seven nodes, or a process. Tag blocks have entries too, under TagKey.
// Invariants (docs/invariants.md), beside those of FrameEntry:
//  S4 the tag block of every resident frame is resident.
//  S5 _claimed counts the log blocks that would be needed if all frames that are dirty or being saved were saved as
//     one generation; it is at most _claimLimit. So a checkpoint never fails for space, not even one that is given up
//     and begun again.
//  S6 a dirty frame's tag block is dirty.

using System;
using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

/// <summary>The object cache.</summary>
public sealed partial class FrameTable
{
    /// <summary>No entry.</summary>
    public const int None = -1;

    private const ulong TagBit = 1UL << 40;
    private const ulong HashFactor = 0x9E37_79B9_7F4A_7C15;

    private readonly PhysicalMemory _memory;
    private readonly StoreObserver _observer;
    private readonly FrameEntry[] _entries;
    private readonly int[] _buckets;
    private readonly int _hashShift;
    private readonly uint[] _freePfns;
    private int _freePfnCount;
    private int _freeEntry = None;

    /// <param name="memory">The machine's memory.</param>
    /// <param name="capacity">Entries, and the most physical frames that <see cref="AddFreeFrames"/> may give.</param>
    /// <param name="observer">Who is told; usually still being made, and not called before the first MakeDirty.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public FrameTable(PhysicalMemory memory, int capacity, StoreObserver observer)
    {
        _memory = memory;
        _observer = observer;
        _entries = new FrameEntry[capacity];
        _freePfns = new uint[capacity];
        _dirty = new int[capacity < StoreLimits.GenerationFrames ? capacity : StoreLimits.GenerationFrames];
        _snapshot = new int[_dirty.Length];

        int log2 = 0;
        while (1 << log2 < capacity)
        {
            log2++;
        }

        _hashShift = 64 - log2;
        _buckets = new int[1 << log2];
        for (int i = 0; i < _buckets.Length; i++)
        {
            _buckets[i] = None;
        }

        for (int i = capacity - 1; i >= 0; i--)
        {
            _entries[i].Next = _freeEntry;
            _entries[i].Kind = FrameKind.Free;
            _freeEntry = i;
        }
    }

    /// <summary>Entries, used or not.</summary>
    public int Capacity => _entries.Length;

    /// <summary>Frames and tag blocks that are in memory.</summary>
    public int Count { get; private set; }

    /// <summary>Physical frames that nobody has.</summary>
    public int FreeFrames => _freePfnCount;

    /// <summary>Home frames of the volume; 0 until it is mounted.</summary>
    public ulong HomeFrames { get; private set; }

    /// <summary>
    /// Home frames of processes on the volume, in memory or not. Set when it is mounted; retyping keeps it.
    /// </summary>
    public int ProcessFrames { get; set; }

    /// <summary>The entry at <paramref name="entry"/>. No reference is kept across a wait.</summary>
    public ref FrameEntry this[int entry] => ref _entries[entry];

    /// <summary>
    /// The number under which the tag block of <paramref name="frame"/>'s cluster has its entry: above all frames, in
    /// the order of the clusters.
    /// </summary>
    public static ulong TagKey(ulong frame) => TagBit | (frame - (frame % TagBlock.FramesPerCluster));

    /// <summary>True for what <see cref="TagKey"/> gives, false for a frame.</summary>
    public static bool IsTagKey(ulong key) => (key & TagBit) != 0;

    /// <summary>The frame, or the first frame of the cluster that a tag block is for.</summary>
    public static ulong FrameOf(ulong key) => key & ~TagBit;

    /// <summary>Gives the physical frames from <paramref name="first"/> to the table. Frame 0 is never given.</summary>
    public void AddFreeFrames(uint first, uint count)
    {
        for (uint i = count; i > 0; i--)
        {
            FreeFrame(first + i - 1);
        }
    }

    /// <summary>Takes a physical frame, contents undefined; 0 when none is free.</summary>
    public uint AllocateFrame()
    {
        if (_freePfnCount <= StoreLimits.LowFrames)
        {
            _observer.MemoryLow();
        }

        return _freePfnCount == 0 ? 0 : _freePfns[--_freePfnCount];
    }

    /// <summary>Gives back what <see cref="AllocateFrame"/> gave.</summary>
    public void FreeFrame(uint pfn)
    {
        Fail.Unless(pfn != 0 && pfn < _memory.FrameLimit, "free of no physical frame"u8, pfn);
        Fail.Unless(_freePfnCount < _freePfns.Length, "too many free frames"u8, pfn);
        _freePfns[_freePfnCount++] = pfn;
    }

    /// <summary>
    /// The entry of a home frame (or of a <see cref="TagKey"/>), <see cref="None"/> when it is not in memory.
    /// </summary>
    public int Find(ulong frame)
    {
        int entry = _buckets[Bucket(frame)];
        while (entry >= 0 && _entries[entry].Frame != frame)
        {
            entry = _entries[entry].Next;
        }

        return entry;
    }

    /// <summary>
    /// Ok: <paramref name="entry"/> holds it. Absent: a kernel thread must load it. NoObject: the volume has no such
    /// frame.
    /// </summary>
    public Outcome Resident(ulong frame, out int entry)
    {
        entry = Find(frame);
        if (entry >= 0)
        {
            _entries[entry].Use |= FrameUse.Recent;
            return Outcome.Ok;
        }

        return frame < HomeFrames ? Outcome.Absent : Outcome.NoObject;
    }

    /// <summary>
    /// Enters a frame whose contents stand in <paramref name="pfn"/>, clean. Its tag block must have been entered
    /// before. Returns <see cref="None"/> when all entries are used.
    /// </summary>
    public int Insert(ulong frame, FrameKind kind, uint version, uint pfn)
    {
        Fail.Unless(Find(frame) == None, "frame entered twice"u8, frame);
        int tag = Find(TagKey(frame));
        Fail.Unless(kind == FrameKind.Tag || tag != None, "frame without its tag block"u8, frame);
        int entry = _freeEntry;
        if (entry == None)
        {
            return None;
        }

        ref FrameEntry e = ref _entries[entry];
        _freeEntry = e.Next;
        ref int bucket = ref _buckets[Bucket(frame)];
        e = default;
        e.Frame = frame;
        e.Version = version;
        e.Pfn = pfn;
        e.Kind = kind;
        e.Use = FrameUse.Recent;
        e.Next = bucket;
        bucket = entry;
        Count++;
        if (kind != FrameKind.Tag)
        {
            e.Use |= (FrameUse)(TagOf(frame).Flags & TagFlags.Pinned);
            _entries[tag].SnapshotVersion++;
        }

        return entry;
    }

    /// <summary>
    /// Drops a clean frame from memory, or a clean tag block that has no frames there. What the kernel made from it
    /// must be gone.
    /// </summary>
    public void Remove(int entry)
    {
        ref FrameEntry e = ref _entries[entry];
        Fail.Unless(MayLeave(in e), "frame dropped that is needed"u8, e.Frame);
        if (!IsTagKey(e.Frame))
        {
            _entries[Find(TagKey(e.Frame))].SnapshotVersion--;
        }

        ref int link = ref _buckets[Bucket(e.Frame)];
        while (link != entry)
        {
            link = ref _entries[link].Next;
        }

        link = e.Next;
        FreeFrame(e.Pfn);
        e = default;
        e.Next = _freeEntry;
        _freeEntry = entry;
        Count--;
    }

    /// <summary>The contents of a frame.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Span<byte> Bytes(int entry) => _memory.Bytes(_entries[entry].Pfn);

    /// <summary>The nodes of a resident pot.</summary>
    public ref NodePot Pot(int entry) => ref _memory.As<NodePot>(PfnOf(entry, FrameKind.Pot));

    /// <summary>A resident process.</summary>
    public ref ProcessFrame Process(int entry) => ref _memory.As<ProcessFrame>(PfnOf(entry, FrameKind.Process));

    private uint PfnOf(int entry, FrameKind kind)
    {
        ref FrameEntry e = ref _entries[entry];
        Fail.Unless(e.Kind == kind, "frame is of another kind"u8, e.Frame);
        return e.Pfn;
    }

    /// <summary>
    /// The tag of a frame whose tag block is resident. Between two checkpoints it says what the last one saved; only
    /// the stabiliser changes it, when it captures the frame. The present kind and version are the entry's.
    /// </summary>
    public ref Tag TagOf(ulong frame)
    {
        int entry = Find(TagKey(frame));
        Fail.Unless(entry != None, "tag block is not in memory"u8, frame);
        return ref _memory.As<TagBlock>(_entries[entry].Pfn).Tags[(int)(frame % TagBlock.FramesPerCluster)];
    }

    /// <summary>
    /// True when the last checkpoint saved a page of that version in a frame whose tag block is resident.
    /// </summary>
    public bool HasSavedPage(ulong frame, uint version)
    {
        ref Tag tag = ref TagOf(frame);
        return tag.Kind == FrameKind.Page && tag.Version == version;
    }

    private int Bucket(ulong frame) => _hashShift == 64 ? 0 : (int)((frame * HashFactor) >> _hashShift);
}
