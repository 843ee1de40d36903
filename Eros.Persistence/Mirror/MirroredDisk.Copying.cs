// MirroredDisk, part 2: what is copied from one member to the other: all of the volume to one that is behind, while
// writes go on; the headers and the journal at the first write after a boot; single blocks that one of two cannot read.
//
// The copying thread takes a piece at a time. It waits until the writes are done that were under way when it began, and
// does the piece again if one has begun meanwhile that touches it: that one goes to both members, but nobody knows in
// which turn. No write ever waits for a copy.

using System;
using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Persistence.Mirror;

public sealed partial class MirroredDisk
{
    /// <summary>A lost member is looked for at each so manyth call of <see cref="Work"/>.</summary>
    private const uint LooksApart = 8;

    /// <summary>Stretches that are remembered to be mended; others are found bad again. More than the blocks of the
    /// journal and the headers: those that the mount finds bad are not found again, but copied.</summary>
    private const uint MostBad = 256;

    /// <summary>Blocks of checkpoint headers and of the mark at either end, behind the volume header.</summary>
    private const ulong Slots = VolumeGeometry.EndBlocks - 2;

    /// <summary>The bits of an entry of them below its block: member, count, and whether a read failed.</summary>
    private const int PlaceBits = 9;
    private const uint NotRead = 1u << (PlaceBits - 1);

    // The copying thread's, or the writing one's while both are in step.
    private readonly DiskTransfer _piece = new();

    // Where a read failed or was wrong and the other member was right: block, count, member. Two threads that note
    // something at once may lose one of them.
    private readonly ulong[] _bad = new ulong[MostBad];
    private uint _badNext;

    // The piece begins at _next.
    private ulong _next;
    private int _pieceCount;
    private bool _isSpoilt;
    private ulong _barrier;
    private bool _isCopied;
    private uint _looks;
    private bool _hasToldOfReturn;

    /// <summary>A member is being copied to.</summary>
    public bool IsCopying => _other == OtherMember.CopiedTo;

    /// <summary>All is copied: <see cref="Tend"/> has to be called.</summary>
    public bool IsCopied => _isCopied;

    /// <summary>
    /// A step of bringing a member up to date, or of looking for one that is lost: not before the first one has written
    /// that it is alone, for until then the lost one may be all that is left. False: nothing can be done for a while.
    /// Called by the copying thread.
    /// </summary>
    public bool Work()
    {
        if (!_isSettled || _isCopied)
        {
            return false;
        }

        return IsCopying ? CopyOn()
            : _other == OtherMember.Lost && !_mustRecord && _looks++ % LooksApart == 0 && TakeBack();
    }

    public override void Mend(ulong block, int copy) => NoteBad(block, 1, (uint)copy + 1, 0);

    /// <summary>Takes the next piece, or another try at the same.</summary>
    private bool CopyOn()
    {
        int count = PieceAt(ref _next, _blocks);
        if (count == 0)
        {
            _isCopied = true;
            return false;
        }

        if (_pieceCount == 0 || _isSpoilt)
        {
            // In this order: a write that begins in between is either waited for, or spoils the piece.
            _isSpoilt = false;
            _pieceCount = count;
            _barrier = _started;
        }

        if (_done < _barrier)
        {
            return false;
        }

        uint failed = Copy(_first, _first ^ 1, _next, count);
        bool isSilent = failed == _first + 1;
        if (failed != 0 && !isSilent)
        {
            _other = OtherMember.Lost;
        }

        _next += _isSpoilt || isSilent ? 0u : (uint)count;
        _pieceCount = 0;
        return !isSilent;
    }

    /// <summary>Looks whether the lost member answers, and is one that can be brought up to date.</summary>
    private bool TakeBack()
    {
        uint number = _first ^ 1;
        MirrorMember found = default;
        found.Read(_memory, DiskOf(number), _piece);
        bool isOurs = found.Kind is MirrorKind.Paired or MirrorKind.Unfinished && found.VolumeId == _volumeId
            && found.Number != _first && found.Events <= _events;
        if (found.IsUnreadable || (isOurs && !WriteRecord(_piece, number, _first + 1)))
        {
            return false;
        }

        _next = 0;
        _pieceCount = 0;
        _other = isOurs ? OtherMember.CopiedTo : OtherMember.None;
        if (!isOurs || !_hasToldOfReturn)
        {
            _hasToldOfReturn = true;
            _observer.Report(isOurs ? StoreMessage.MirrorBack : StoreMessage.MirrorForeign, number + 1, 0);
        }

        return isOurs;
    }

    /// <summary>D4: the member that all was copied to is in step, unless it fails meanwhile, or the other one may have
    /// lost something that was copied over since.</summary>
    private void Join()
    {
        uint number = _first ^ 1;
        bool isFlushed = IsCopying && _suspect == 0 && DiskOf(number).Flush() == Outcome.Ok;
        if (isFlushed)
        {
            _events++;
            _mustRecord = !WriteRecord(_own, _first, MirrorRecord.Both);
        }

        if (!isFlushed || _mustRecord)
        {
            Lose(0);
            return;
        }

        _first = 0;
        _other = OtherMember.InStep;
        if (WriteRecord(_own, number, MirrorRecord.Both))
        {
            _observer.Report(StoreMessage.MirrorInStep, number + 1, 0);
        }
        else
        {
            Lose(number + 1);
        }
    }

    /// <summary>
    /// Before the first write of a boot. False: a disk does not take what has to be written first. Where that is the
    /// one that the mount has read, the other cannot stand in for it until they are equal: it may be a write ahead. A
    /// restart will take it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Settle()
    {
        if (!_isSettled)
        {
            uint failed = Mend();
            uint unequal = IsPair && failed != 2 ? Level() : 0;
            bool isEqual = unequal == 0 || (unequal == 2 && failed == 0);
            failed |= unequal;
            if (isEqual && failed != 0)
            {
                Lose(failed);
            }

            // Nothing depends on the second copy of a record that says the same.
            if (_isTorn)
            {
                _isTorn = false;
                WriteRecord(_own, _first, _first + 1);
            }

            _isSettled = isEqual && (!_mustRecord || Record());
        }

        return _isSettled;
    }

    /// <summary>
    /// D2: makes equal what a power cut may have left different, and what the mount has read: checkpoint headers, marks
    /// and journal. The log of the mounted generation has been flushed, and it will be migrated again. Returns who
    /// fails.
    /// </summary>
    /// <remarks>Volume headers are the same from the beginning: one that is wrong is not to become two.</remarks>
    private uint Level()
    {
        uint failed = Level(1, Slots);
        failed = failed == 0 ? Level(_journal, VolumeGeometry.JournalBlocks) : failed;
        failed = failed == 0 ? Level(_blocks - 1 - Slots, Slots) : failed;

        // The first one has something to flush where it was mended.
        return failed != 0 ? failed : _disk0!.Flush() != Outcome.Ok ? 1u : _disk1!.Flush() == Outcome.Ok ? 0u : 2;
    }

    /// <summary>Copies a stretch, but what the first one had wrong and does not take: that was read from the
    /// other.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint Level(ulong block, ulong count)
    {
        uint failed = 0;
        for (ulong end = block + count; failed == 0 && block < end; block++)
        {
            failed = IsNotedBad(block) ? 0 : Copy(0, 1, block, 1);
        }

        return failed;
    }

    private bool IsLevelled(ulong block) =>
        block - 1 < Slots || block - _journal < VolumeGeometry.JournalBlocks || _blocks - 2 - block < Slots;

    private bool IsNotedBad(ulong block)
    {
        foreach (ulong bad in _bad)
        {
            if (block - (bad >> PlaceBits) < (bad & (NotRead - 1)) >> 1)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Writes again what one of two members in step could not read, or had wrong. Nobody has looked whether the other
    /// one has right what was not read, so it is tried again first; but not where the mount has gone by what it read of
    /// the other one, which may be a write ahead. Returns who fails.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint Mend()
    {
        uint failed = 0;
        for (int i = 0; i < MostBad; i++)
        {
            ulong bad = _bad[i];
            uint member = (uint)bad & 1;
            ulong block = bad >> PlaceBits;
            for (uint left = IsPair ? ((uint)bad & (NotRead - 1)) >> 1 : 0; left != 0 && failed == 0; left--, block++)
            {
                bool mayRead = (bad & NotRead) != 0 && (_isSettled || !IsLevelled(block));
                bool isRead = mayRead && (Run(DiskOf(member), _piece, block, 1, isWrite: false)
                    || ReadAgain(member, _piece, block, 1) == Outcome.Ok);
                failed = isRead ? 0 : Copy(member ^ 1, member, block, 1);
            }

            _bad[i] = failed == 0 ? 0 : bad;
        }

        return failed;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NoteBad(ulong block, int count, uint members, uint why) =>
        _bad[_badNext++ % MostBad] = (block << PlaceBits) | why | ((uint)count << 1) | (members >> 1);

    /// <summary>The blocks of the piece that begins at the first block from <paramref name="block"/> on that is no
    /// record; 0: none is left.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int PieceAt(ref ulong block, ulong end)
    {
        ulong first = MirrorRecord.BlockOf(_blocks, 0);
        ulong second = MirrorRecord.BlockOf(_blocks, 1);
        block += block == first || block == second ? 1u : 0;
        ulong stop = block < first ? first : block < second ? second : end;
        stop = Math.Min(Math.Min(stop, end), block + DiskTransfer.MaxBlocks);
        return block < stop ? (int)(stop - block) : 0;
    }

    /// <summary>
    /// Copies a piece; returns the member that fails, or 0. What cannot be read becomes, on a member that is behind,
    /// what is no block of any kind, so that nothing older is ever taken for it. On one in step it stays, but where
    /// both have to be made equal that is a failure, except for a page of the journal: no record tells of it, or the
    /// mount would have read it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint Copy(uint from, uint to, ulong first, int count)
    {
        if (!Run(DiskOf(from), _piece, first, count, isWrite: false))
        {
            Outcome again = ReadAgain(from, _piece, first, count);
            if (again == Outcome.BadBlock && count != 1)
            {
                uint failed = 0;
                for (int i = 0; i < count && failed == 0; i++)
                {
                    failed = Copy(from, to, first + (uint)i, 1);
                }

                return failed;
            }

            if (again != Outcome.Ok && IsPair)
            {
                ulong place = first - _journal;
                bool isPage = place < VolumeGeometry.JournalBlocks && place % 2 == 0;
                return _isSettled || (isPage && again == Outcome.BadBlock) ? 0 : from + 1;
            }

            if (again == Outcome.DiskError)
            {
                return from + 1;
            }

            if (again == Outcome.BadBlock)
            {
                _memory.Bytes(_piece.Frames[0]).Fill(byte.MaxValue);
            }
        }

        return Run(DiskOf(to), _piece, first, count, isWrite: true) ? 0 : to + 1;
    }
}
