// MirroredDisk, part 3: which disks hold the volume, and which of them everything (MirrorTable).

using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Persistence.Mirror;

public sealed partial class MirroredDisk
{
    /// <summary>
    /// Reads what the disks say of themselves. None: from now on this is the volume that they hold, or, where they hold
    /// none, the first of them. Else why neither is used. Writes nothing.
    /// </summary>
    public StoreMessage Choose()
    {
        MirrorMember first = default;
        MirrorMember second = default;
        first.Read(_memory, _disk0!, _piece);
        if (_disk1 is { } disk)
        {
            second.Read(_memory, disk, _piece);
        }

        if (first.Kind != MirrorKind.None && second.Kind != MirrorKind.None)
        {
            if (first.VolumeId != second.VolumeId || first.Number == second.Number)
            {
                second = default;
            }
            else if (first.Number == 1 || second.Number == 0)
            {
                return StoreMessage.MirrorOrder;
            }
        }

        int order = first.Events > second.Events ? 1 : first.Events < second.Events ? -1 : 0;
        MirrorAction action = MirrorTable.Decide(first.Kind, second.Kind, order);
        if (action >= MirrorAction.RefuseUnfinished)
        {
            return action == MirrorAction.RefuseSplit ? StoreMessage.MirrorSplit : StoreMessage.MirrorUnfinished;
        }

        _other = action == MirrorAction.Both ? OtherMember.InStep : OtherMember.None;
        if (action == MirrorAction.Second)
        {
            Use(second, first, 1);
        }
        else if (first.Kind != MirrorKind.None)
        {
            Use(first, second, 0);
        }

        return StoreMessage.None;
    }

    /// <summary>Runs from the disk in a place; the other is in step, or behind, or something else.</summary>
    private void Use(in MirrorMember whole, in MirrorMember other, uint place)
    {
        if (whole.Number != place)
        {
            (_disk0, _disk1) = (_disk1, _disk0);
        }

        _first = whole.Number;
        _volumeId = whole.VolumeId;
        _blocks = whole.Blocks;
        _journal = whole.Journal;
        _events = whole.Events > other.Events ? whole.Events : other.Events;
        _isTorn = whole.IsTorn && whole.Kind == MirrorKind.Alone;
        if (whole.IsTorn)
        {
            _observer.Report(StoreMessage.MirrorRecordBad, 0, 0);
        }

        if (!IsPair)
        {
            UseAlone(whole, other);
        }

        // Until the volume is mounted, and written to, nobody knows that this disk is better than the other.
        _isSettled = false;
    }

    private void UseAlone(in MirrorMember whole, in MirrorMember other)
    {
        uint number = _first ^ 1;
        bool isThere = (number == 0 ? _disk0 : _disk1) != null;
        if (whole.Kind == MirrorKind.Paired)
        {
            _events++;
            _mustRecord = true;
        }

        if (other.Kind != MirrorKind.None || other.IsUnreadable)
        {
            _other = OtherMember.Lost;
        }
        else if (isThere)
        {
            _observer.Report(StoreMessage.MirrorForeign, number + 1, 0);
            return;
        }

        if (whole.Kind == MirrorKind.Paired && (other.Kind == MirrorKind.None || other.IsUnreadable))
        {
            _observer.Report(StoreMessage.MirrorLost, number + 1, _first + 1);
        }
    }
}
