// MirroredDisk: one volume on two disks, either of which may vanish at any time, come back stale, and is brought up to
// date while everything runs. With one disk it hands on what it is told.
//
// One member, the first, is in step always. Of the other:
//
//             a write or flush fails         answers, and is of this volume
//   in step ───────────────────────▶ lost ───────────────────────────────────▶ copied to
//      ▲                              ▲ │ another's                               │  │
//      │                              │ └──▶ none                a write fails    │  │
//      │                              └───────────────────────────────────────────┘  │
//      └───────────────────────────────────────────────── all is copied, and recorded ┘
//
// Reads go to the first, and where that fails to the other if it is in step. Writes go to both if the other is in step
// or copied to; one is done when it is done everywhere, and it is right when a member that is in step has taken it.
//
// One thread writes, flushes and tends: the checkpointer. It alone changes who is in step, and writes records of that.
// A second one copies (MirroredDisk.Copying.cs). Others read. Each field that several use is one word.
//
// Invariants (docs/invariants.md):
//  D1 a member that has failed is not in step, and the other one's record says so on the medium, before any later write
//     or flush is reported right.
//  D2 members in step differ only in what was written since the last flush that was reported right. So what is read
//     may come from either; before the first write of a boot they are made equal where that matters.
//  D3 a record says of its disk that it holds everything only while it does, or until the other one's record says
//     otherwise, with more events. A member that is copied to says that it does not, before anything is copied.
//  D4 a member that was alone says that it is no longer before the other is told that it is in step again.

using System.Runtime.CompilerServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;

namespace Eros.Persistence.Mirror;

/// <summary>Where a member is that is not the first.</summary>
internal enum OtherMember
{
    /// <summary>There is none, or none that this volume has anything to do with.</summary>
    None,
    Lost,
    CopiedTo,
    InStep,
}

/// <summary>The disk of a machine that may have two. Made once; <see cref="Choose"/> comes first.</summary>
public sealed partial class MirroredDisk : Disk
{
    /// <summary>Frames that two disks need for themselves.</summary>
    public const uint FramesNeeded = DiskTransfer.MaxBlocks + 1;

    /// <summary>Frames that one disk needs, with which nothing is copied.</summary>
    public const uint FramesOfOne = 2;

    /// <summary>Reads of a record after which a doubt is taken for one. <see cref="ReadAgain"/> needs three, but a bad
    /// block takes a disk longer than one that it has just read.</summary>
    private const int ReadsOfDoubt = 1000;

    private readonly PhysicalMemory _memory;
    private readonly StoreObserver _observer;

    // The writing thread's.
    private readonly DiskTransfer _own = new();

    // By member, once they are chosen.
    private Disk? _disk0;
    private Disk? _disk1;

    // What the first one's header says.
    private ulong _volumeId;
    private ulong _blocks;
    private ulong _journal;

    // The count of events, and whether the first one's record has still to be written.
    private ulong _events;
    private bool _mustRecord;
    private bool _isSettled = true;

    // A copy of that record is damaged, and the other one says that the first is alone.
    private bool _isTorn;

    // Who is in step.
    private uint _first;
    private OtherMember _other;

    // Writes that began, and that were waited for.
    private ulong _started;
    private ulong _done;
    private bool _isUnflushed;

    // Members that did not answer a read, or did not take a copy of their record, while something was not flushed; and
    // how often that was so, or seemed to be.
    private uint _suspect;
    private uint _doubts;

    /// <param name="memory">The machine's memory.</param>
    /// <param name="observer">Told of what becomes of the disks.</param>
    /// <param name="first">The first disk.</param>
    /// <param name="second">The second, null when there is none.</param>
    /// <param name="frames">The first of <see cref="FramesNeeded"/> or <see cref="FramesOfOne"/> frames.</param>
    public MirroredDisk(PhysicalMemory memory, StoreObserver observer, Disk first, Disk? second, uint frames)
    {
        _memory = memory;
        _observer = observer;
        _disk0 = first;
        _disk1 = second;
        _own.Frames[0] = frames;
        for (int i = 0; i < DiskTransfer.MaxBlocks; i++)
        {
            _piece.Frames[i] = ++frames;
        }
    }

    public override ulong BlockCount => DiskOf(_first).BlockCount;

    public override int MaxInFlight => DiskOf(_first).MaxInFlight;

    /// <summary>Bit m: member m holds everything.</summary>
    public uint InStep
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get => IsPair ? MirrorRecord.Both : _first + 1;
    }

    /// <summary>What has to be done before the first write of this boot is done.</summary>
    public bool IsSettled => _isSettled;

    public override int Copies => IsPair ? 2 : 1;

    /// <summary>Members in step that were silent, or of which a read has failed and nobody has looked why.</summary>
    private uint Doubted
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get
        {
            // In this order: who looks into a failure suspects first.
            uint failed = DiskOf(_first).HasFailed ? _first + 1 : 0;
            failed |= IsPair && _disk1!.HasFailed ? 2u : 0;
            return failed | _suspect;
        }
    }

    private bool IsPair => _other == OtherMember.InStep;

    /// <summary>Bit m: member m gets what is written.</summary>
    private uint Written => _other >= OtherMember.CopiedTo ? MirrorRecord.Both : _first + 1;

    public override void Start(DiskTransfer transfer)
    {
        uint members = StartsAt(transfer);
        transfer.Members = members;
        if ((members & 1) != 0)
        {
            _disk0!.Start(transfer);
        }

        if (members > 1)
        {
            _disk1!.Start(transfer.Twin());
        }
    }

    public override Outcome Wait(DiskTransfer transfer)
    {
        uint members = transfer.Members;
        uint failed = 0;
        if ((members & 1) != 0 && _disk0!.Wait(transfer) != Outcome.Ok)
        {
            failed = 1;
        }

        if (members > 1 && _disk1!.Wait(transfer.Twin()) != Outcome.Ok)
        {
            failed += 2;
        }

        if (transfer.IsWrite)
        {
            _done++;
            transfer.Outcome = Judge(members, failed);
        }
        else
        {
            transfer.Outcome = failed == 0 && members != 0 ? Outcome.Ok : ReadElsewhere(transfer);
        }

        return transfer.Outcome;
    }

    public override Outcome Flush()
    {
        uint members = Settle() ? Written : 0;
        uint failed = 0;
        if ((members & 1) != 0 && _disk0!.Flush() != Outcome.Ok)
        {
            failed |= 1;
        }

        if (members > 1 && _disk1!.Flush() != Outcome.Ok)
        {
            failed |= 2;
        }

        // Who has read meanwhile may be finding out whether it is only a block that is bad: before these reads end.
        // Once nobody has yet to begin with that, no new doubt is about what was flushed.
        uint doubted = Doubted;
        for (int i = 0; doubted != 0 && i < ReadsOfDoubt; i++)
        {
            _isUnflushed &= doubted != _suspect;
            if (!ReadRecord(DiskOf(doubted >> 1), _own, 0))
            {
                break;
            }

            doubted = Doubted;
        }

        if (doubted != 0)
        {
            failed |= doubted;
            DiskOf(doubted >> 1).HasFailed = false;
        }

        _suspect = 0;
        Outcome outcome = Judge(members, failed);
        _isUnflushed = outcome != Outcome.Ok;
        return outcome;
    }

    /// <summary>Does what is for the writing thread to do, which must have no write under way.</summary>
    public override void Tend()
    {
        if (_isSettled)
        {
            uint failed = Mend();
            if (failed != 0)
            {
                Lose(failed);
            }

            if (_isCopied)
            {
                Join();
                _isCopied = false;
            }

            if (_mustRecord)
            {
                Record();
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool Run(Disk disk, DiskTransfer transfer, ulong first, int count, bool isWrite)
    {
        ulong end = disk.BlockCount;
        if (first >= end || end - first < (uint)count)
        {
            return false;
        }

        transfer.FirstBlock = first;
        transfer.Count = count;
        transfer.IsWrite = isWrite;

        disk.Start(transfer);
        return disk.Wait(transfer) == Outcome.Ok;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Disk DiskOf(uint member) => (member == 0 ? _disk0 : _disk1)!;

    /// <summary>Who gets a transfer. Copy 0 is the first's; there is a copy 1 only while both are in step.</summary>
    private uint StartsAt(DiskTransfer transfer)
    {
        if (!transfer.IsWrite)
        {
            return transfer.Copy == 0 ? _first + 1 : IsPair ? 2u : 0;
        }

        // Counted, then compared with the piece and the members: the copying thread does these in the other order.
        bool isSettled = Settle();
        _isUnflushed = true;
        _started++;
        _isSpoilt |= transfer.FirstBlock < _next + (uint)_pieceCount
            && _next < transfer.FirstBlock + (uint)transfer.Count;
        return isSettled ? Written : 0;
    }

    /// <summary>A read has failed: the other member in step is asked, unless this was the one to be read.</summary>
    private Outcome ReadElsewhere(DiskTransfer transfer)
    {
        uint failed = transfer.Members;
        if (failed == 0)
        {
            return Outcome.DiskError;
        }

        ulong first = transfer.FirstBlock;
        int count = transfer.Count;
        uint other = (failed >> 1) ^ 1;
        if (ReadAgain(failed >> 1, transfer, first, count) == Outcome.Ok && (failed & InStep) != 0)
        {
            return Outcome.Ok;
        }

        if (!IsPair || transfer.Copy != 0
            || (!Run(DiskOf(other), transfer, first, count, isWrite: false)
            && ReadAgain(other, transfer, first, count) != Outcome.Ok))
        {
            return Outcome.DiskError;
        }

        NoteBad(first, count, failed, NotRead);
        return Outcome.Ok;
    }

    /// <summary>
    /// A member has not read something. BadBlock: nor does it once more, but it has read its record meanwhile. Ok: now
    /// it has. DiskError: it is silent, or was. If it was silent it may have lost what was written and not flushed.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Outcome ReadAgain(uint member, DiskTransfer transfer, ulong first, int count)
    {
        // First: it may be flushed meanwhile.
        uint suspected = Suspect(member);
        uint doubts = _doubts;
        Disk disk = DiskOf(member);

        // A first copy that cannot be read now, and can be when the second was, was not bad: the disk was silent.
        bool isThere = ReadRecord(disk, transfer, 0)
            || (ReadRecord(disk, transfer, 1) && !ReadRecord(disk, transfer, 0));
        bool isRead = Run(disk, transfer, first, count, isWrite: false);
        disk.HasFailed = false;
        if (isRead || !isThere)
        {
            return isRead ? Outcome.Ok : Outcome.DiskError;
        }

        // In one instruction: others suspect meanwhile.
        uint kept = doubts == _doubts ? ~suspected : uint.MaxValue;
        _suspect &= kept;
        return Outcome.BadBlock;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadRecord(Disk disk, DiskTransfer transfer, int copy) =>
        Run(disk, transfer, MirrorRecord.BlockOf(_blocks, copy), 1, isWrite: false);

    /// <summary>If something is not flushed, the next flush does not count for a member. Returns whom this is
    /// new of.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint Suspect(uint member)
    {
        uint suspected = _isUnflushed ? (member + 1) & InStep & ~_suspect : 0;
        _suspect |= suspected;
        DiskOf(member).HasFailed = false;
        _doubts++;
        return suspected;
    }

    /// <summary>D1: how a write or flush went that <paramref name="members"/> had.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Outcome Judge(uint members, uint failed)
    {
        bool isRight = (members & ~failed & InStep) != 0;

        // Where none that is in step has it, nobody is better than another.
        if (failed != 0 && (isRight || !IsPair))
        {
            Lose(failed);
        }

        return isRight && (!_mustRecord || Record()) ? Outcome.Ok : Outcome.DiskError;
    }

    /// <summary>A member has failed, if it is not the only one in step; it is looked for again.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Lose(uint members)
    {
        if (IsPair)
        {
            _first = members & 1;
            _other = OtherMember.Lost;
            _suspect &= ~members;
            _events++;
            _mustRecord = true;
            _hasToldOfReturn = false;
            _observer.Report(StoreMessage.MirrorLost, members, members ^ MirrorRecord.Both);
        }

        _other = _other == OtherMember.None ? OtherMember.None : OtherMember.Lost;
    }

    /// <summary>Has the first member say that it is alone.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Record()
    {
        _mustRecord = !WriteRecord(_own, _first, _first + 1);
        return !_mustRecord;
    }

    /// <summary>
    /// Writes both copies of a member's record: one is enough, for a block may be bad. But a flush that fails may have
    /// lost what was written before, and so may a disk that did not answer: the next flush does not count for it. The
    /// frame of the transfer is used for it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool WriteRecord(DiskTransfer transfer, uint member, uint inStep)
    {
        uint pfn = transfer.Frames[0];
        _memory.Clear(pfn);
        ref MirrorRecord record = ref _memory.As<MirrorRecord>(pfn);
        record.InStep = inStep;
        record.Member = member;
        BlockHeader.Seal(_memory, pfn, MirrorRecord.MagicValue, _volumeId, _events);
        Disk disk = DiskOf(member);
        bool isWritten = false;
        for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
        {
            if (Run(disk, transfer, MirrorRecord.BlockOf(_blocks, copy), 1, isWrite: true))
            {
                isWritten = true;
                if (disk.Flush() != Outcome.Ok)
                {
                    return false;
                }
            }
            else
            {
                Suspect(member);
            }
        }

        return isWritten;
    }
}
