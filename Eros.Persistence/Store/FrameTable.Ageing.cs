// FrameTable, part 4: what leaves memory, so that the store can be larger.
//
// A second chance: a hand goes round the entries. What it finds used it marks as not used, and what it finds so again,
// leaves. Only what is clean can: the rest waits for a checkpoint, which DirtyPercent makes sure can be made. A tag
// block stays as long as any of its frames (S4).
//
// Used is what Resident has found, and what a page fault has: when a page is marked its entries in page tables must go,
// so that the next use is seen.

using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

public sealed partial class FrameTable
{
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

    private static bool MayLeave(ref readonly FrameEntry e) =>
        e.Flags == FrameFlags.None && e.Pfn != 0 && (e.Kind != FrameKind.Tag || e.SnapshotVersion == 0);
}
