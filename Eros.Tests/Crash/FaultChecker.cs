// FaultChecker: what a machine may come back to when its disk did worse than a disk may. Whatever it did:
//
//  1 nothing stops or hangs, and the second reader finds the same on that disk;
//  2 a volume is refused only for what was done to it: its headers, or the log of its newest generation;
//  3 what is mounted is one generation of the model: its time, epoch and process list. It is the newest, unless the
//    disk lost or spoilt what said so;
//  4 an object that cannot be loaded was told, and its home block, its tag block or its image in the log was hurt: no
//    more of them are missing than blocks were hurt;
//  5 any other is exactly as it was in that generation. A page that was journalled may be as it was before where the
//    journal was hurt.
//
// One thing is not seen (docs/open.md). A tag block at home is read again when it has been written; but a disk that
// lies shows what it will lose, and of two disks one answers. One that was not written though the disk said so is
// intact, and older than the header says; or newer, where the header is what was lost. A frame that is as old fits it,
// and so does one whose image is null now: its home block was not written. Such an object may be as it was in another
// generation, but only under a tag block that the disk did not write.

using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;

namespace Eros.Tests.Crash;

/// <summary>Checks what comes back in one run.</summary>
public sealed class FaultChecker
{
    private readonly SimulatedMachine _machine;
    private readonly Dictionary<ulong, List<ModelState>> _saved = [];
    private readonly HashSet<ulong> _lost = [];
    private VolumeGeometry _geometry;
    private ObjectChanger _changer;
    private int _missingFromLog;
    private bool _wasHeaderHurt;
    private bool _hasLied;
    private bool _hasTwo;

    public FaultChecker(SimulatedMachine machine, BaseVolume volume)
    {
        _machine = machine;
        _geometry = volume.Geometry;
        _changer = volume.Changer;
    }

    /// <summary>Blocks that do not hold what the store was told that they do.</summary>
    public HashSet<int> Hurt { get; } = [];

    /// <summary>Blocks that the disk did not write, perhaps, though it said so.</summary>
    public HashSet<int> Unsaved { get; } = [];

    /// <summary>Objects that were missing, and that were of another generation, at the last check; and whether an older
    /// generation came back.</summary>
    public int Missing { get; private set; }
    public int Strange { get; private set; }
    public bool IsOlder { get; private set; }

    /// <summary>What could not be read can be read again. Records of the journal, too: they count again. And a header
    /// that a boot could not read, if that boot wrote nothing.</summary>
    public void Heal()
    {
        _wasHeaderHurt = IsHeaderHurt();
        Hurt.RemoveWhere(block => !IsJournal((ulong)block));
    }

    /// <summary>A new run, on a disk that says that it has flushed what it has not, or on two disks.</summary>
    public void Begin(BaseVolume volume, bool hasLied, bool hasTwo)
    {
        (_hasLied, _hasTwo) = (hasLied, hasTwo);
        (_geometry, _changer) = (volume.Geometry, volume.Changer);
        _saved.Clear();
        _lost.Clear();
        Hurt.Clear();
        Unsaved.Clear();
        _wasHeaderHurt = false;
    }

    /// <summary>What the model has saved may come back one day; what migration left out may be missing.</summary>
    public void Remember()
    {
        StoreModel model = _machine.Model;
        foreach (ulong generation in model.Generations)
        {
            ModelState state = model.At(generation)!;
            List<ModelState> states = _saved.TryGetValue(generation, out List<ModelState>? some) ? some : [];
            _saved[generation] = states;
            states.Remove(state);
            states.Add(state);
        }

        foreach ((StoreMessage message, _, ulong second) in _machine.Reports)
        {
            if (message == StoreMessage.LogBlockBad)
            {
                _lost.Add(new Oid(second).Frame);
            }
        }
    }

    /// <summary>Null when the machine may have come back as it has; its model then goes on from there.</summary>
    public string? Check(in RecoveryResult result)
    {
        StoreModel model = _machine.Model;
        (Missing, Strange, IsOlder, _missingFromLog) = (0, 0, false, 0);
        if (!result.IsMounted)
        {
            return CheckRefusal(result) ?? StateChecker.CheckReading(_machine, result, _changer);
        }

        IsOlder = result.Generation != model.Acknowledged && result.Generation != model.Snapshotted;
        ModelState? state = model.At(result.Generation)
            ?? (_saved.TryGetValue(result.Generation, out List<ModelState>? states) ? states[^1] : null);
        if (state == null || (IsOlder && !_wasHeaderHurt && !IsHeaderHurt()))
        {
            return $"came back to generation {result.Generation}, not to {model.Acknowledged} or {model.Snapshotted}";
        }

        string? error = StateChecker.CheckRoot(_machine, result, state);
        ModelState found = state.Copy();
        if (model.UnderWay is var (underWay, captured))
        {
            model.Unsure.Add((model.Acknowledged, underWay, captured));
        }

        ulong generation = result.Generation;
        List<(ulong Frame, FrameModel Page)> unsure =
            [.. model.Unsure.Where(one => one.Generation == generation).Select(one => (one.Frame, one.Page))];
        foreach (ulong frame in _changer.Frames)
        {
            error ??= CheckFrame(frame, state, found, unsure);
        }

        error ??= StateChecker.CheckReading(_machine, result, _changer);
        if (error == null)
        {
            found.Replaced.AddRange(state.Replaced);
            _machine.Model = StoreModel.Restarted(result.Generation, found);
        }

        return error;
    }

    private string? CheckRefusal(in RecoveryResult result)
    {
        bool isOfLog = result.Refusal == StoreMessage.GenerationBad && HasHurt(IsLog);
        bool isOfHeaders = result.Refusal is StoreMessage.MigrationBegun or StoreMessage.MarksBad && IsHeaderHurt();
        bool isClean = _machine.Disk.BlocksWritten == 0;
        return (isOfLog || isOfHeaders) && isClean
            ? null
            : $"refused: {result.Refusal} ({result.First}, {result.Second})";
    }

    private string? CheckFrame(
        ulong frame, ModelState state, ModelState found, List<(ulong Frame, FrameModel Page)> unsure)
    {
        int entry = _machine.Entry(frame);
        if (entry == FrameTable.None)
        {
            Missing++;
            return !StateChecker.IsReported(_machine, frame) ? $"frame {frame} is missing without a word"
                : MayMiss(frame) ? null
                : $"frame {frame} is missing, and nothing of it was hurt";
        }

        string? difference = Compare(entry, frame, state[frame]);
        if (difference == null || Takes(unsure, entry, frame, found))
        {
            return null;
        }

        if (HasHurt(IsJournal) && Takes(state.Replaced, entry, frame, found))
        {
            return null;
        }

        return IsStrange(entry, frame) ? null : difference;
    }

    private string? Compare(int entry, ulong frame, FrameModel model)
    {
        ref FrameEntry e = ref _machine.Frames[entry];
        return model.Compare(e.Kind, e.Version, frame, _machine.Words(entry));
    }

    /// <summary>True when the frame is one of these; it is then what has been found.</summary>
    private bool Takes(List<(ulong Frame, FrameModel Page)> pages, int entry, ulong frame, ModelState found)
    {
        foreach ((ulong of, FrameModel page) in pages)
        {
            if (of == frame && Compare(entry, frame, page) == null)
            {
                // With a record that can be read again it may be what it should be.
                found.Replaced.Add((frame, found[frame]));
                found.Frames[frame] = page.Pinned(found[frame].IsPinned);
                return true;
            }
        }

        return false;
    }

    /// <summary>True when the frame is as in another generation, and its tag block may be another's, too.</summary>
    private bool IsStrange(int entry, ulong frame)
    {
        if (!(_hasLied || _hasTwo) || !Unsaved.Contains(TagBlockOf(frame)))
        {
            return false;
        }

        bool isSaved = _saved.Values.Any(states => states.Exists(state => Compare(entry, frame, state[frame]) == null));
        Strange += isSaved ? 1 : 0;
        return isSaved;
    }

    private bool MayMiss(ulong frame)
    {
        if (_machine.Second != null)
        {
            // The other disk has it, if only its tags are asked for.
            return Unsaved.Contains(TagBlockOf(frame));
        }

        if (_lost.Contains(frame) || IsHurt((int)_geometry.HomeBlock(frame)) || IsHurt(TagBlockOf(frame)))
        {
            return true;
        }

        return ++_missingFromLog <= CountHurt(IsLog);
    }

    private int TagBlockOf(ulong frame) =>
        (int)_geometry.HomeBlock(frame - (frame % TagBlock.FramesPerCluster)) - 1;

    private bool IsHurt(int block) => Hurt.Contains(block) || Unsaved.Contains(block);

    private int CountHurt(Predicate<ulong> isOf) =>
        Hurt.Count(block => isOf((ulong)block)) + Unsaved.Count(block => isOf((ulong)block));

    private bool HasHurt(Predicate<ulong> isOf) => CountHurt(isOf) != 0;

    /// <summary>What says which generation is the newest, or holds it.</summary>
    private bool IsHeaderHurt() => HasHurt(block =>
        block < _geometry.JournalBlock(0) || block >= _geometry.Blocks - VolumeGeometry.EndBlocks);

    private bool IsLog(ulong block) => block - _geometry.LogFirst < _geometry.LogBlocks;

    private bool IsJournal(ulong block) => block - _geometry.JournalBlock(0) < VolumeGeometry.JournalBlocks;
}
