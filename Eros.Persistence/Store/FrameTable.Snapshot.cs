// FrameTable, part 2: what is dirty, what belongs to the snapshot, and what both claim of the log. See FrameEntry for
// the states.

using System;
using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

public sealed partial class FrameTable
{
    // The bit of the frames that are dirty. Those of a snapshot that is being saved have the other one.
    private FrameFlags _working = FrameFlags.Even;

    // Entries that are dirty, in the order in which they became so; tag blocks too.
    private int[] _dirty;
    private int _dirtyCount;

    // Entries that are being saved.
    private int[] _snapshot;
    private int _snapshotCount;

    private uint _claimed;
    private uint _claimLimit;
    private bool _lowTold;
    private bool _starved;
    private int _checkNext;

    /// <summary>Log blocks that the next generation needs as things stand.</summary>
    public uint Claimed => _claimed;

    /// <summary>Log blocks that one generation may take.</summary>
    public uint ClaimLimit => _claimLimit;

    /// <summary>Frames and tag blocks that are dirty.</summary>
    public int DirtyCount => _dirtyCount;

    /// <summary>
    /// The entries of the snapshot, once <see cref="SortSnapshot"/> has run: frames by number, then tag blocks by
    /// number.
    /// </summary>
    public ReadOnlySpan<int> Snapshot => new(_snapshot, 0, _snapshotCount);

    /// <summary>Sets the size of the volume and of a generation.</summary>
    public void Open(ulong homeFrames, uint claimLimit)
    {
        HomeFrames = homeFrames;
        _claimLimit = claimLimit < (uint)_dirty.Length ? claimLimit : (uint)_dirty.Length;
        PinLimit = (uint)_freePfnCount / (100 / StoreLimits.PinPercent);
    }

    /// <summary>
    /// True once frames come from a volume that is mounted: then tags say what clean ones hold, and they may leave.
    /// </summary>
    public bool HasTags { get; set; }

    /// <summary>C3: stops the machine if a clean frame is not what its tag says was last saved.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void CheckClean(ref readonly FrameEntry e)
    {
        if (HasTags && e.Pfn != 0 && e.Flags == FrameFlags.None && !IsTagKey(e.Frame))
        {
            Fail.Unless(FrameImage.FitsTag(_memory, ref TagOf(e.Frame), in e), "clean frame was changed"u8, e.Frame);
        }
    }

    /// <summary>C3, for the next few entries. Gate open.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void CheckSome(Gate gate)
    {
        for (int i = 0; i < StoreLimits.AuditFrames; i++)
        {
            gate.Close();
            _checkNext = _checkNext + 1 < _entries.Length ? _checkNext + 1 : 0;
            CheckClean(in _entries[_checkNext]);
            gate.Open();
        }
    }

    /// <summary>True when the frame may be written in this generation.</summary>
    public bool IsWritable(int entry) => (_entries[entry].Flags & _working) != 0;

    /// <summary>
    /// Claims the log space of a frame, and keeps its image for a snapshot that is being written; from then on it may
    /// be written until the next snapshot. Decode phase only. NoSpace, NoMemory: nothing has changed, to be tried again
    /// after
    /// <see cref="StoreObserver.SpaceFreed"/>. The frame's physical frame stays the same.
    /// </summary>
    public Outcome MakeDirty(int entry)
    {
        CheckClean(in _entries[entry]);
        return Overwrite(entry);
    }

    /// <summary>
    /// As <see cref="MakeDirty"/>, for who stores all of the frame then: what it holds is of no account.
    /// </summary>
    public Outcome Overwrite(int entry)
    {
        ref FrameEntry e = ref _entries[entry];
        if ((e.Flags & _working) != 0)
        {
            return Outcome.Ok;
        }

        int tag = Find(TagKey(e.Frame));
        Fail.Unless(e.Kind != FrameKind.Tag && tag != None, "frame to be dirtied has no tag block"u8, e.Frame);
        uint claim = Claim(e.Flags) + Claim(_entries[tag].Flags);
        if (_claimed + claim > _claimLimit)
        {
            return Refuse(Outcome.NoSpace);
        }

        if (IsPending(e.Flags) && !KeepImage(ref e))
        {
            return Refuse(Outcome.NoMemory);
        }

        _claimed += claim;
        EnterDirty(entry);
        if ((_entries[tag].Flags & _working) == 0)
        {
            EnterDirty(tag);
        }

        if (!_lowTold && _claimed * 100UL > _claimLimit * (ulong)StoreLimits.CheckpointPercent)
        {
            _lowTold = true;
            _observer.SpaceLow();
        }

        return Outcome.Ok;
    }

    /// <summary>
    /// The snapshot: every dirty frame becomes part of it and is dirty no more. It takes as long for one as for all.
    /// </summary>
    public void BeginSnapshot()
    {
        Fail.Unless(_snapshotCount == 0, "snapshot within a snapshot"u8, (ulong)_snapshotCount);
        _working = Saved;
        _observer.Protect();
        (_dirty, _snapshot) = (_snapshot, _dirty);
        _snapshotCount = _dirtyCount;
        _dirtyCount = 0;
    }

    /// <summary>
    /// Sorts the snapshot by frame number; tag blocks come last. Runs with the gate open: only the stabiliser has the
    /// list.
    /// </summary>
    public void SortSnapshot()
    {
        for (int root = (_snapshotCount >> 1) - 1; root >= 0; root--)
        {
            SiftDown(_snapshot[root], root, _snapshotCount);
        }

        for (int end = _snapshotCount - 1; end > 0; end--)
        {
            int entry = _snapshot[end];
            _snapshot[end] = _snapshot[0];
            SiftDown(entry, 0, end);
        }
    }

    /// <summary>
    /// The kind and version of a frame at the snapshot, and the physical frame that has its contents. Valid until the
    /// gate opens.
    /// </summary>
    public uint SnapshotImage(int entry, out FrameKind kind, out uint version)
    {
        ref FrameEntry e = ref _entries[entry];
        Fail.Unless(IsPending(e.Flags), "image captured that is not to be"u8, e.Frame);
        bool kept = e.SnapshotPfn != 0;
        kind = kept ? e.SnapshotKind : e.Kind;
        version = kept ? e.SnapshotVersion : e.Version;
        return kept ? e.SnapshotPfn : e.Pfn;
    }

    /// <summary>
    /// The image has been copied: the frame need not be kept any longer. See <see cref="TakeStarved"/>.
    /// </summary>
    public void Captured(int entry)
    {
        ref FrameEntry e = ref _entries[entry];
        e.Flags |= FrameFlags.Captured;
        ReleaseImage(ref e);
    }

    /// <summary>
    /// The snapshot is committed: from position <paramref name="from"/> on, up to <paramref name="count"/> entries
    /// leave it, and give up their claims unless they are dirty again. Returns the next position, or -1 when the
    /// snapshot is no more.
    /// </summary>
    public int EndSnapshot(int from, int count)
    {
        int end = from + count < _snapshotCount ? from + count : _snapshotCount;
        for (int i = from; i < end; i++)
        {
            ref FrameEntry e = ref _entries[_snapshot[i]];
            FrameFlags rest = e.Flags & ~_working;
            Fail.Unless(rest == (Saved | FrameFlags.Captured), "snapshot ended before it was captured"u8, e.Frame);
            e.Flags &= _working;
            if (e.Flags == FrameFlags.None)
            {
                _claimed--;
            }
        }

        return Rest(end);
    }

    /// <summary>
    /// The snapshot could not be saved: in steps as of <see cref="EndSnapshot"/>, all of it becomes dirty again, with
    /// its present contents.
    /// </summary>
    public int AbandonSnapshot(int from, int count)
    {
        int end = from + count < _snapshotCount ? from + count : _snapshotCount;
        for (int i = from; i < end; i++)
        {
            int entry = _snapshot[i];
            ref FrameEntry e = ref _entries[entry];
            ReleaseImage(ref e);
            e.Flags &= _working;
            if (e.Flags == FrameFlags.None)
            {
                EnterDirty(entry);
            }
        }

        return Rest(end);
    }

    /// <summary>True once after a refusal for want of memory: those who wait are to be told that they may try again.
    /// </summary>
    public bool TakeStarved()
    {
        bool starved = _starved;
        _starved = false;
        return starved;
    }

    /// <summary>The bit of the frames of the snapshot.</summary>
    private FrameFlags Saved => _working ^ (FrameFlags.Even | FrameFlags.Odd);

    private static uint Claim(FrameFlags flags) => flags == FrameFlags.None ? 1u : 0;

    /// <summary>True for a frame of the snapshot whose image is still to be copied.</summary>
    private bool IsPending(FrameFlags flags) => (flags & (Saved | FrameFlags.Captured)) == Saved;

    /// <summary>Where the next step goes on with the snapshot; it is no more where nothing is left.</summary>
    private int Rest(int end)
    {
        if (end < _snapshotCount)
        {
            return end;
        }

        _snapshotCount = 0;
        _lowTold = false;
        return None;
    }

    private Outcome Refuse(Outcome outcome)
    {
        _starved |= outcome == Outcome.NoMemory;
        _observer.SpaceLow();
        return outcome;
    }

    private void EnterDirty(int entry)
    {
        _entries[entry].Flags |= _working;
        _dirty[_dirtyCount++] = entry;
    }

    private bool KeepImage(ref FrameEntry e)
    {
        uint pfn = AllocateFrame();
        if (pfn == 0)
        {
            return false;
        }

        _memory.Copy(e.Pfn, pfn);
        e.SnapshotPfn = pfn;
        e.SnapshotVersion = e.Version;
        e.SnapshotKind = e.Kind;
        FrameUse use = e.Use & ~FrameUse.WasPinned;
        e.Use = use | (FrameUse)((int)(use & FrameUse.Pinned) << WasPinnedShift);
        return true;
    }

    private void ReleaseImage(ref FrameEntry e)
    {
        if (e.SnapshotPfn != 0)
        {
            FreeFrame(e.SnapshotPfn);
            e.SnapshotPfn = 0;
        }
    }

    /// <summary>Gives an entry, for which there is a gap at <paramref name="root"/>, its place in the heap.</summary>
    private void SiftDown(int entry, int root, int end)
    {
        ulong frame = _entries[entry].Frame;
        for (int child = (2 * root) + 1; child < end; child = (2 * root) + 1)
        {
            if (child + 1 < end && FrameAt(child) < FrameAt(child + 1))
            {
                child++;
            }

            if (FrameAt(child) <= frame)
            {
                break;
            }

            _snapshot[root] = _snapshot[child];
            root = child;
        }

        _snapshot[root] = entry;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong FrameAt(int position) => _entries[_snapshot[position]].Frame;
}
