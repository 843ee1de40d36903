// FrameTable, part 4: what leaves memory, so that the store can be larger.
//
// A second chance: a hand goes round the entries. What it finds used it marks as not used, and what it finds so again,
// leaves. Only what is clean can: the rest waits for a checkpoint, which DirtyPercent makes sure can be made. A tag
// block stays as long as any of its frames (S4).
//
// Used is what Resident has found, and what a page fault has: when a page is marked its entries in page tables must go,
// so that the next use is seen.
//
// A pinned frame does not leave. It is dirtied, saved and clean like any other. The pin is a part of the frame's tag,
// and so of each generation: after a restart, what is loaded is pinned again. The seven nodes of a pot share their
// frame's. It ends with any object of the frame: it does not outlive the capabilities by which it could be taken back.
//
// Invariants (docs/invariants.md):
//  S7 PinnedFrames counts the frames of the volume that are pinned, in memory or not. What is pinned leaves only while
//     they are more than PinLimit: on a machine with less memory than they were pinned on.

using System.Runtime.CompilerServices;
using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

public sealed partial class FrameTable
{
    /// <summary>From <see cref="FrameUse.Pinned"/> to <see cref="FrameUse.WasPinned"/>.</summary>
    private const int WasPinnedShift = 1;

    private int _hand;

    /// <summary>
    /// The hand goes on by up to <paramref name="steps"/> entries, which says then how many are left, to the first that
    /// may leave. That one has been
    /// marked as not used, or, where it was so already, is to <paramref name="leaves"/>: by <see cref="Remove"/>. <see
    /// cref="None"/>: there was none.
    /// </summary>
    public int FindLeaver(ref int steps, out bool leaves)
    {
        leaves = false;
        while (steps > 0)
        {
            steps--;
            _hand = _hand + 1 < _entries.Length ? _hand + 1 : 0;
            ref FrameEntry e = ref _entries[_hand];
            if (HasTags && MayLeave(in e))
            {
                leaves = (e.Use & FrameUse.Recent) == 0;
                e.Use &= ~FrameUse.Recent;
                return _hand;
            }
        }

        return None;
    }

    /// <summary>Home frames of the volume that are pinned. Set when it is mounted.</summary>
    public uint PinnedFrames { get; set; }

    /// <summary>The most that may be.</summary>
    public uint PinLimit { get; private set; }

    /// <summary>True when the frame is pinned.</summary>
    public bool IsPinned(int entry) => (_entries[entry].Use & FrameUse.Pinned) != 0;

    /// <summary>Pins a frame, or takes that back. Where that is a change, it is dirty.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void SetPinned(int entry, bool isPinned)
    {
        if (IsPinned(entry) != isPinned)
        {
            PinnedFrames += isPinned ? 1 : uint.MaxValue;
            _entries[entry].Use ^= FrameUse.Pinned;
        }
    }

    /// <summary>The pin of a frame at the snapshot, for its tag. Valid until the gate opens.</summary>
    public TagFlags SnapshotPin(int entry)
    {
        ref FrameEntry e = ref _entries[entry];
        int pin = (int)e.Use >> (e.SnapshotPfn != 0 ? WasPinnedShift : 0);
        return (TagFlags)pin & TagFlags.Pinned;
    }

    private bool MayLeave(ref readonly FrameEntry e) =>
        e.Flags == FrameFlags.None && e.Pfn != 0 && (e.Kind != FrameKind.Tag || e.SnapshotVersion == 0)
        && ((e.Use & FrameUse.Pinned) == 0 || PinnedFrames > PinLimit);
}
