// SingleLevelStore, part 2: the journal: pages of data that are durable ahead of the next checkpoint, each when its
// order asked for it. Format: Layout/JournalRecord.cs.
//
// A record belongs to the generation that a restart would come back to. Redo puts its page into that generation's
// state, dirty, as if the program had written it right after the restart: so home, log, tags and claims stay as they
// are, and the next checkpoint saves the page like any other.
//
// Invariants (docs/invariants.md):
//  J1 records of a generation are written only while it is the one that every restart comes back to: it is settled,
//     and no snapshot has been taken since. So no two histories ever write records of one generation. Where one
//     could not be read at the mount, none is written before the next generation: a page might be promised that an
//     older record undoes when it can be read again.
//  J2 a record is written only when all before it are on the medium, and its order is answered only when it is, too.
//  J3 a record counts only for the object that the page is in that generation: it has the same version there.

using Eros.Persistence.Base;
using Eros.Persistence.Layout;

namespace Eros.Persistence.Store;

public sealed partial class SingleLevelStore
{
    // The generation in force is settled, and nothing has been tried since (J1).
    private bool _isSettled;

    // A record could not be read at the mount, and a later mount may read it; or a snapshot was taken and given up.
    private bool _isDoubtful;

    // The number of the next record.
    private ulong _nextRecord;

    /// <summary>
    /// Makes the present contents of a page durable at once: a restart comes back to them, if the page is the one that
    /// the newest checkpoint has there (<see cref="FrameTable.HasSavedPage"/>). Ok: they are; a page that is not dirty
    /// always is. NoSpace: only a checkpoint helps. DiskError: they are not known to be. Kernel threads only, the one
    /// that makes checkpoints.
    /// </summary>
    public Outcome Journal(ulong frame)
    {
        if (!_isSettled || _nextRecord == VolumeGeometry.JournalRecords)
        {
            return Outcome.NoSpace;
        }

        PhysicalMemory memory = _volume.Memory;
        FrameTable frames = _volume.Frames;
        uint pfn = _writer.Reserve();
        _volume.CloseGate();
        int entry = frames.Find(frame);
        if (entry == FrameTable.None || !frames.IsWritable(entry))
        {
            _volume.OpenGate();
            return Outcome.Ok;
        }

        JournalledPage page = new() { Frame = frame, Version = frames[entry].Version };
        memory.Copy(frames[entry].Pfn, pfn);
        _volume.OpenGate();
        page.Crc = Crc32C.OfBlock(memory, pfn);
        ulong block = _volume.Geometry.JournalBlock(_nextRecord);
        _writer.Append(block);
        pfn = _writer.Reserve();
        memory.Clear(pfn);
        memory.As<JournalRecord>(pfn).Page = page;
        ulong name = JournalRecord.NameOf(_volume.Id, CommittedGeneration, _nextRecord);
        BlockHeader.Seal(memory, pfn, JournalRecord.MagicValue, name, CommittedGeneration);
        _writer.Append(block + 1);
        Outcome outcome = _writer.FinishAndFlush();
        _nextRecord += outcome == Outcome.Ok ? 1u : 0;
        return outcome;
    }

    /// <summary>
    /// Brings back what was journalled in the generation that has just been mounted; nothing else runs yet. False:
    /// memory is too small. One frame of scratch is the caller's.
    /// </summary>
    /// <remarks>All places are looked at: records behind a damaged one count.</remarks>
    private bool Redo(uint scratch)
    {
        _nextRecord = 0;
        _isDoubtful = false;
        for (ulong number = 0; number < VolumeGeometry.JournalRecords; number++)
        {
            Outcome outcome = Read(number, scratch, out JournalledPage page);
            if (outcome == Outcome.BadBlock)
            {
                continue;
            }

            outcome = outcome == Outcome.Ok ? PutBack(page, scratch) : outcome;
            if (outcome == Outcome.NoMemory)
            {
                return false;
            }

            // A cut leaves at most the last record incomplete: one that is followed by another was damaged later.
            ulong end = outcome == Outcome.Ok ? number : number + 1;
            _isDoubtful |= _nextRecord < end;
            for (; _nextRecord < end; _nextRecord++)
            {
                _volume.Report(StoreMessage.JournalBad, _nextRecord);
            }

            _nextRecord = number + 1;
        }

        return true;
    }

    /// <summary>
    /// Puts the contents in a physical frame in the place of a page's. The page is not read for that: it may be
    /// damaged.
    /// </summary>
    private Outcome PutBack(in JournalledPage page, uint from)
    {
        FrameTable frames = _volume.Frames;
        Outcome outcome = page.Frame < frames.HomeFrames ? _loader.LoadTagBlock(page.Frame) : Outcome.NoObject;
        if (outcome == Outcome.DiskError)
        {
            // The record is good: an error that passes must not cost its page.
            outcome = _loader.LoadTagBlock(page.Frame);
        }

        _volume.CloseGate();
        if (outcome == Outcome.Ok && frames.HasSavedPage(page.Frame, page.Version))
        {
            int entry = frames.Find(page.Frame);
            uint pfn = entry == FrameTable.None ? frames.AllocateFrame() : frames[entry].Pfn;
            if (pfn != 0 && entry == FrameTable.None)
            {
                entry = frames.Insert(page.Frame, FrameKind.Page, page.Version, pfn);
            }

            // The claim fits: all pages of the journal were dirty at once when it was written.
            bool isDirty = entry != FrameTable.None && frames.Overwrite(entry) == Outcome.Ok;
            outcome = isDirty ? Outcome.Ok : Outcome.NoMemory;
            if (isDirty)
            {
                _volume.Memory.Copy(from, pfn);
            }
        }

        _volume.OpenGate();
        return outcome;
    }

    /// <summary>
    /// Reads a record; its page is then in the scratch frame. BadBlock: there is none. DiskError: nobody knows.
    /// </summary>
    private Outcome Read(ulong number, uint scratch, out JournalledPage page)
    {
        ulong block = _volume.Geometry.JournalBlock(number);
        ulong name = JournalRecord.NameOf(_volume.Id, CommittedGeneration, number);
        Outcome outcome = _port.Read(block + 1, scratch, JournalRecord.MagicValue, name, 0);
        page = _volume.Memory.As<JournalRecord>(scratch).Page;
        return outcome == Outcome.Ok ? _port.Read(block, scratch, 0, 0, page.Crc) : outcome;
    }
}
