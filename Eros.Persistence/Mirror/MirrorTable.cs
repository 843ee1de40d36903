// MirrorTable: which disk a machine with two disks runs from, and what becomes of the other.
//
//   first       second      events              then
//   none        none                            the first, whatever it holds
//   unfinished  none                            refuse; the same the other way round, and both unfinished
//   any other   none, unfinished                the first; the second is brought up to date if it is a member
//   paired      paired      the same            both
//   paired      paired      first has more      the first; the second is brought up to date
//   alone       paired      first has more      the same
//   alone       paired      first has no more   refuse: what the second knows has never been
//   alone       alone                           refuse: each has gone on without the other
// and the same with the disks exchanged.
//
// Why the rows are right: a member that goes on alone says so on its own disk, with more events than were before, and
// stops saying so before the other is told that it is in step again (MirroredDisk). So of two records of which one is
// paired, the one that was written later has more events.

using System.Runtime.CompilerServices;

namespace Eros.Persistence.Mirror;

/// <summary>What a disk says of itself.</summary>
public enum MirrorKind : byte
{
    /// <summary>It holds no volume, or not this one.</summary>
    None,

    /// <summary>It alone holds everything, or was never mirrored.</summary>
    Alone,

    /// <summary>Both hold everything.</summary>
    Paired,

    /// <summary>It is being made a copy of the other, or its record is damaged.</summary>
    Unfinished,
    Count,
}

/// <summary>What is to be done.</summary>
public enum MirrorAction : byte
{
    First,
    Second,
    Both,
    RefuseUnfinished,
    RefuseSplit,
}

/// <summary>The cases.</summary>
public static class MirrorTable
{
    /// <summary>What is to be done with two disks.</summary>
    /// <param name="first">What the first says.</param>
    /// <param name="second">What the second says.</param>
    /// <param name="order">Events of the first, compared with those of the second: below 0, 0, above 0.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static MirrorAction Decide(MirrorKind first, MirrorKind second, int order)
    {
        if (second is MirrorKind.None or MirrorKind.Unfinished)
        {
            bool isWhole = first is MirrorKind.Alone or MirrorKind.Paired;
            bool isEmpty = first == MirrorKind.None && second == MirrorKind.None;
            return isWhole || isEmpty ? MirrorAction.First : MirrorAction.RefuseUnfinished;
        }

        if (first is MirrorKind.None or MirrorKind.Unfinished)
        {
            return MirrorAction.Second;
        }

        if (first == MirrorKind.Paired && second == MirrorKind.Paired && order == 0)
        {
            return MirrorAction.Both;
        }

        // The one with more events was written later; a paired one that was is not what the other has come from.
        MirrorKind later = order > 0 ? first : order < 0 ? second : MirrorKind.Paired;
        MirrorKind earlier = order > 0 ? second : order < 0 ? first : MirrorKind.Alone;
        return earlier == MirrorKind.Alone ? MirrorAction.RefuseSplit
            : order > 0 ? MirrorAction.First : MirrorAction.Second;
    }
}
