// ByteFuzz: one byte of a volume is changed. Mounting succeeds on what else there is, or refuses with the reason; what
// is then loaded, migrated and saved is right or is told to be damaged; and nothing stops, runs on for ever or reaches
// beyond the disk.
//
// With the checksum left wrong, all of that is known from the model. With the checksums mended the byte is believed,
// and what it says may be false: then the rest is demanded, and that the second reader takes it for the same.

using System;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Tests.Reading;

namespace Eros.Tests.Crash.Bytes;

/// <summary>Tries changes on one volume, with a machine that it keeps.</summary>
public sealed class ByteFuzz(FuzzedVolume volume) : IDisposable
{
    /// <summary>Blocks that all of a try may read and write: many times what one needs.</summary>
    private const int MostBlocks = 20_000;

    private const int Changes = 8;

    private readonly FuzzedVolume _volume = volume;
    private readonly LayeredImage _image = new(volume.Image.BlockCount, volume.Image);
    private readonly SimulatedMachine _machine = new(FuzzedVolume.MachineFrames, volume.Image);
    private int _blocks;

    /// <summary>Tries that ended in a mounted volume.</summary>
    public int Mounted { get; private set; }

    /// <summary>Tries whose volume was refused.</summary>
    public int Refused { get; private set; }

    public void Dispose() => _machine.Dispose();

    /// <summary>Tries a change; null, or what is wrong.</summary>
    public string? Try(in ByteChange change)
    {
        _image.Clear();
        _blocks = 0;
        _volume.Apply(change, _image);
        try
        {
            return change.IsMended ? TryBelieved(change) : TryDetected(change);
        }
        catch (Exception exception)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }

    private RecoveryResult Boot()
    {
        RecoveryResult result = _machine.Boot(_image, fails: Count);
        Mounted += result.IsMounted ? 1 : 0;
        Refused += result.IsMounted ? 0 : 1;
        return result;
    }

    private bool Count((ulong Block, bool IsWrite) request)
    {
        if (++_blocks > MostBlocks)
        {
            throw new InvalidOperationException($"the disk is used on and on, at last block {request.Block}");
        }

        return false;
    }

    private string? TryDetected(in ByteChange change)
    {
        VolumePart part = change.Where.Part;
        bool isOfJournal = part is VolumePart.JournalRecord or VolumePart.JournalledPage;
        StoreModel model = isOfJournal ? _volume.WithoutRecord(change.Where.Name) : _volume.Model;
        RecoveryResult result = Boot();
        if (!result.IsMounted)
        {
            return $"refused: {result.Refusal}";
        }

        bool mayMiss = part is VolumePart.HomeTags or VolumePart.HomePot
            or VolumePart.LoggedPot or VolumePart.LoggedProcess;
        string? error = CheckTold(change.Where)
            ?? StateChecker.CheckDamaged(_machine, result, model, mayMiss, _volume.Changer);
        if (error != null)
        {
            return error;
        }

        _machine.Model = model.RestartedAt(result.Generation);
        var random = new SeededRandom((ulong)change.Offset);
        Demand(_machine.Store.Migrate() == Outcome.Ok, "it cannot be migrated");
        for (int i = 0; i < Changes; i++)
        {
            _volume.Changer.Change(_machine, random);
        }

        Demand(_machine.Store.Checkpoint() == Outcome.Ok, "it cannot be saved");
        return StateChecker.CheckDamaged(_machine, Boot(), _machine.Model, mayMiss, _volume.Changer);
    }

    /// <summary>Damage is not passed over in silence, but where it cannot be told from a cut or is not looked
    /// at.</summary>
    private string? CheckTold(in DamagedBlock where)
    {
        (StoreMessage Message, ulong First)? told = where.Part switch
        {
            VolumePart.VolumeHeader => (StoreMessage.VolumeHeaderCopyBad, where.Block == 0 ? 0u : 1u),
            VolumePart.CheckpointHeader => (StoreMessage.HeaderCopyBad, (ulong)where.Block),
            VolumePart.Mark => (StoreMessage.MarkCopyBad, (ulong)where.Block),
            VolumePart.JournalRecord or VolumePart.JournalledPage when where.Name != FuzzedVolume.Journalled - 1 =>
                (StoreMessage.JournalBad, where.Name),
            _ => null,
        };
        return told is var (message, first)
            && !_machine.Reports.Exists(report => report.Message == message && report.First == first)
                ? $"nothing was said of {message} ({first})"
                : null;
    }

    private string? TryBelieved(in ByteChange change)
    {
        RecoveryResult result = Boot();
        string? error = CheckAll(result);
        if (error != null || !result.IsMounted)
        {
            Demand(result.IsMounted || _machine.Disk.BlocksWritten == 0, "a refused volume was written to");
            return error;
        }

        var random = new SeededRandom((ulong)change.Offset);
        Demand(_machine.Store.Migrate() == Outcome.Ok, "it cannot be migrated");
        for (int i = 0; i < Changes; i++)
        {
            ChangeBlindly(random);
        }

        Demand(_machine.Store.Checkpoint() == Outcome.Ok, "it cannot be saved");
        ulong saved = _machine.Store.CommittedGeneration;
        Demand(_machine.Store.Migrate() == Outcome.Ok, "what was saved cannot be migrated");
        result = Boot();
        Demand(result.IsMounted && result.Generation == saved, $"what was saved is refused: {result.Refusal}");
        return CheckAll(result);
    }

    /// <summary>The second reader finds the same; all home frames are loaded for that.</summary>
    private string? CheckAll(in RecoveryResult result)
    {
        VolumeReader reader = _machine.ReadAgain();
        string? error = ReaderComparison.CheckRoot(_machine.Store, _machine.Frames, result, reader);
        for (ulong frame = 0; result.IsMounted && error == null && frame < _machine.Frames.HomeFrames; frame++)
        {
            error = ReaderComparison.CheckFrame(_machine.Frames, _machine.Entry(frame), frame, reader);
        }

        return error;
    }

    /// <summary>Changes an object as what it is, whatever it should be.</summary>
    private void ChangeBlindly(SeededRandom random)
    {
        FrameTable frames = _machine.Frames;
        ulong frame = _volume.Changer.Frames[random.Below(_volume.Changer.Frames.Length)];
        int entry = frame < frames.HomeFrames ? _machine.Entry(frame) : FrameTable.None;
        if (entry == FrameTable.None || frames.MakeDirty(entry) != Outcome.Ok)
        {
            return;
        }

        FrameKind kind = random.Chance(30) ? (FrameKind)(1 + random.Below(3)) : frames[entry].Kind;
        if (frames.CheckCreate(entry, kind, 0) == Outcome.Ok && random.Chance(50))
        {
            frames.Create(entry, kind, 0);
        }
        else if (frames[entry].Kind == FrameKind.Page)
        {
            _machine.Words(entry)[random.Below(FrameModel.Words)] = random.Next();
        }
    }

    private static void Demand(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(what);
        }
    }
}
