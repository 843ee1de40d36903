// CrashRun: one seed. A volume with a past is mounted; three checkpoints with their migrations, while domains run on;
// in the fourth the power goes. What comes back is compared with the model; the machine goes on, loses its power again
// at times, takes one more checkpoint, and that is recovered and compared. At last a bit of the volume is flipped, and
// nothing wrong may be believed.

using System;
using System.Runtime.InteropServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;

namespace Eros.Tests.Crash;

/// <summary>Makes runs, one after another, with a machine and images that it keeps.</summary>
public sealed class CrashRun : IDisposable
{
    /// <summary>
    /// Physical frames of a simulated machine: the store takes nearly 400, the objects 244; what may be dirty at one
    /// time runs out, and so does what is left for images of the snapshot.
    /// </summary>
    public const int MachineFrames = 720;

    private const int WholeCycles = 3;
    private const int DirtyPerCycle = 72;
    private const int SecondCutPercent = 25;
    private const int DamagePercent = 25;
    private const int LookBackPercent = 10;

    /// <summary>Writes of a migration, of several generations at times, in which the power goes again.</summary>
    private const int MostMigrated = 500;
    private const int MostJournalled = 8;

    private readonly BaseVolume[] _bases;
    private readonly LayeredImage?[] _images;
    private readonly CutExplorer?[] _explorers;
    private readonly OlderGenerations?[] _older;
    private readonly SimulatedMachine _machine;
    private readonly CrashStatistics _statistics;
    private readonly int[] _saved = new int[(int)FrameKind.Tag + 1];
    private BaseVolume _base;
    private LayeredImage _image;
    private SeededRandom _random = new(0);
    private CutPlan? _plan;
    private int _lastLogBlock;
    private bool _hasWrapped;
    private bool _isCutTwice;
    private bool _isMounted;

    public CrashRun(BaseVolume[] bases, CrashStatistics statistics)
    {
        _bases = bases;
        _statistics = statistics;
        _images = new LayeredImage?[bases.Length];
        _explorers = new CutExplorer?[bases.Length];
        _older = new OlderGenerations?[bases.Length];
        _base = bases[0];
        _image = bases[0].Image;
        _machine = new SimulatedMachine(MachineFrames, _image);
    }

    /// <summary>What its disks have done.</summary>
    public FaultCounts Faults => _machine.Faults;

    public void Dispose()
    {
        _machine.Dispose();
        foreach (CutExplorer? explorer in _explorers)
        {
            explorer?.Dispose();
        }

        foreach (OlderGenerations? older in _older)
        {
            older?.Dispose();
        }
    }

    /// <summary>One run; null, or what went wrong.</summary>
    public string? Run(ulong seed)
    {
        Begin(seed);
        string? error;
        try
        {
            error = FirstLife() ?? SecondLife() ?? LastCheckpoint() ?? Damage();
        }
        catch (Exception exception)
        {
            error = exception.Message;
        }

        _statistics.EndRun(_saved, _hasWrapped);
        return error;
    }

    /// <summary>
    /// One run without a cut, in which every cut is tried at every <paramref name="share"/>th write from <paramref
    /// name="part"/> on.
    /// </summary>
    public string? RunCutEvery(ulong seed, int part, int share)
    {
        Begin(seed);
        int number = Array.IndexOf(_bases, _base);
        CutExplorer explorer = _explorers[number] ??= new CutExplorer(_image, _base.Changer);
        (int cuts, int recoveries) = (explorer.Cuts, explorer.Recoveries);
        string? error = null;
        int writes = 0;
        try
        {
            error = Boot();
            Listen(null);
            _machine.Disk.OnWrite = block =>
            {
                NoteWrite(block);
                if (error == null && writes++ % share == part)
                {
                    int before = explorer.Cuts;
                    error = explorer.Explore(_machine.Disk, _machine.Model, Possible(), seed + (ulong)writes);
                    _statistics.CutsInPhase[(int)_machine.CurrentPhase] += explorer.Cuts - before;
                }
            };
            error ??= Cycles(WholeCycles + 1);
        }
        catch (Exception exception)
        {
            error ??= exception.Message;
        }

        _statistics.Cuts += explorer.Cuts - cuts;
        _statistics.Recoveries += explorer.Recoveries - recoveries;
        if (part == 0)
        {
            _statistics.Writes.Add(writes);
            _statistics.EndRun(_saved, _hasWrapped);
        }

        return error;
    }

    private void Begin(ulong seed)
    {
        _random = new SeededRandom(seed);
        int number = _random.Below(_bases.Length);
        _base = _bases[number];
        _image = _images[number] ??= new LayeredImage(_base.Image.BlockCount, _base.Image);
        _image.Clear();
        _machine.Model = _base.Model;
        _machine.Reports.Clear();
        _hasWrapped = false;
        Array.Clear(_saved);
        _lastLogBlock = 0;
    }

    /// <summary>
    /// Power on, and compare; nothing may have been reported before. The model goes on from what came back.
    /// </summary>
    private string? Boot()
    {
        StoreModel model = _machine.Model;
        ulong possible = Possible();
        _statistics.Refusals += _machine.Refusals;
        _statistics.Recoveries++;
        string? error = StateChecker.CheckReports(_machine);
        _machine.MostKept = _random.Chance(30) ? 0 : (ulong)_random.Below(CheckpointHeader.MaxUnmigrated);
        RecoveryResult result = _machine.Boot(_image);
        error ??= StateChecker.Check(_machine, result, model, possible, _base.Changer);
        if (error == null)
        {
            _machine.Model = model.RestartedAt(result.Generation);
            error = LookBack(LookBackPercent);
        }

        return error;
    }

    /// <summary>The newest generation that may be on the disk: its header may be before it is acknowledged.</summary>
    private ulong Possible() => _machine.CurrentPhase >= StorePhase.Commit
        ? _machine.Model.Snapshotted
        : _machine.Model.Acknowledged;

    private string? FirstLife()
    {
        _machine.OnPhase = null;
        string? error = Boot();
        if (error != null)
        {
            return error;
        }

        Listen(null);
        error = Cycles(WholeCycles);
        if (error != null)
        {
            return error;
        }

        CutDuring(CutPlan.Choose(_random), () => Cycles(1));
        _statistics.Writes.Add(_machine.Disk.BlocksWritten);
        return Boot();
    }

    /// <summary>In some of the runs, boots an older generation of the volume that was just mounted.</summary>
    private string? LookBack(int percent)
    {
        if (!_random.Chance(percent))
        {
            return null;
        }

        OlderGenerations older = _older[Array.IndexOf(_bases, _base)] ??= new OlderGenerations(_image);
        int before = older.Booted;
        string? error = older.Check(_machine.Model, _base.Changer, _random);
        _statistics.Older += older.Booted - before;
        return error;
    }

    private string? SecondLife()
    {
        Listen(null);
        _isCutTwice = _random.Chance(SecondCutPercent);
        if (!_isCutTwice)
        {
            return Cycles(0);
        }

        CutDuring(new CutPlan(StorePhase.Migrate, _random.Below(MostMigrated)), () => Cycles(0));

        // Here, if ever, home has what is newer than the oldest in the log.
        string? error = Boot() ?? LookBack(100);
        Listen(null);
        return error ?? Cycles(0);
    }

    /// <summary>One more checkpoint; then the power goes with everything that is not flushed.</summary>
    private string? LastCheckpoint()
    {
        if (!GoOn(8) || (_random.Chance(50) && _machine.Store.Migrate() != Outcome.Ok))
        {
            return "the last checkpoint failed";
        }

        // Here, too, if what came home before the second cut was forgotten after it.
        return !JournalSome() ? "a page could not be journalled" : Boot() ?? LookBack(_isCutTwice ? 100 : 0);
    }

    /// <summary>
    /// Damages the volume: a bit of any block, or of both copies of the newest checkpoint header or generation header.
    /// Nothing wrong may be believed after that, nor after one more migration and checkpoint.
    /// </summary>
    private string? Damage()
    {
        if (!_random.Chance(DamagePercent))
        {
            return null;
        }

        _statistics.Flips++;
        _machine.Faults.Count(DiskFault.Rot);
        StoreModel model = _machine.Model;
        VolumeGeometry geometry = _machine.Store.Geometry;
        (int Block, int Other, StoreMessage Refusal) damage = _random.Below(100) switch
        {
            < 20 => (
                (int)geometry.CheckpointHeaderBlock(model.Acknowledged, 0),
                (int)geometry.CheckpointHeaderBlock(model.Acknowledged, 1),
                StoreMessage.MigrationBegun),
            < 40 => (
                (int)geometry.LogBlock(RootPosition(geometry, model.Acknowledged)),
                (int)geometry.LogBlock(RootPosition(geometry, model.Acknowledged) - 1),
                StoreMessage.GenerationBad),
            _ => (ChooseBlock(), -1, StoreMessage.None),
        };
        FlipBit(damage.Block);
        if (damage.Other >= 0)
        {
            FlipBit(damage.Other);
        }

        string? error = BootDamaged(model, damage.Refusal);
        if (error == null && _isMounted)
        {
            _machine.Model = model.RestartedAt(_machine.Store.CommittedGeneration);
            error = GoOn(6) ? BootDamaged(_machine.Model, StoreMessage.None) : "migration or checkpoint failed";
        }

        return error == null ? null : $"block {damage.Block} damaged: {error}";
    }

    /// <summary>The position of the second header of a generation, by its checkpoint header.</summary>
    private ulong RootPosition(in VolumeGeometry geometry, ulong generation)
    {
        ReadOnlySpan<byte> block = _image.Read((int)geometry.CheckpointHeaderBlock(generation, 0));
        return MemoryMarshal.Read<CheckpointHeader>(block).LogEnd - 1;
    }

    private void FlipBit(int block)
    {
        int bit = _random.Below(8 * PhysicalMemory.FrameBytes);
        _image.Writable(block)[bit / 8] ^= (byte)(1 << (bit % 8));
    }

    /// <summary>
    /// Mounts a damaged volume. It may be refused only where both copies of something are damaged, with that reason,
    /// and only where nothing older can be used.
    /// </summary>
    private string? BootDamaged(StoreModel model, StoreMessage refusal)
    {
        RecoveryResult result = _machine.Boot(_image);
        _isMounted = result.IsMounted;
        if (result.IsMounted)
        {
            bool mayMiss = refusal == StoreMessage.None;
            return StateChecker.CheckDamaged(_machine, result, model, mayMiss, _base.Changer);
        }

        bool isClear = refusal != StoreMessage.None && result.Refusal == refusal && _machine.Disk.BlocksWritten == 0;
        return isClear ? StateChecker.CheckReading(_machine, result, _base.Changer) : $"refused with {result.Refusal}";
    }

    /// <summary>
    /// A block that is not all zero, so that the bit matters; at times one of the headers, or of the tag blocks in the
    /// log. None of the journal: its last record, when it is damaged, cannot be told from one that a cut left
    /// incomplete.
    /// </summary>
    private int ChooseBlock()
    {
        VolumeGeometry geometry = _machine.Store.Geometry;
        if (_random.Chance(10))
        {
            return ChooseTagBlock(geometry);
        }

        bool isAtEnd = _random.Chance(30);
        while (true)
        {
            int block = _random.Below(isAtEnd ? 2 * VolumeGeometry.EndBlocks : _image.BlockCount);
            block = isAtEnd && block >= VolumeGeometry.EndBlocks ? _image.BlockCount - 1 - (block / 2) : block;
            bool isJournal = (ulong)block - geometry.JournalBlock(0) < VolumeGeometry.JournalBlocks;
            if (!isJournal && _image.Read(block).ContainsAnyExcept((byte)0))
            {
                return block;
            }
        }
    }

    /// <summary>The next tag block in the log, from any position on. All generations have some.</summary>
    private int ChooseTagBlock(in VolumeGeometry geometry)
    {
        ulong position = (ulong)_random.Below((int)geometry.LogBlocks);
        while (MemoryMarshal.Read<uint>(_image.Read((int)geometry.LogBlock(position))[4..]) != TagBlock.MagicValue)
        {
            position++;
        }

        return (int)geometry.LogBlock(position);
    }

    /// <summary>Where the volume is damaged, a generation may have to be brought home twice.</summary>
    private bool Migrate()
    {
        for (int tries = 0; tries <= CheckpointHeader.MaxUnmigrated; tries++)
        {
            if (_machine.Store.Migrate() == Outcome.Ok)
            {
                return true;
            }
        }

        return false;
    }

    private bool GoOn(int changes)
    {
        if (!Migrate())
        {
            return false;
        }

        for (int i = 0; i < changes; i++)
        {
            _base.Changer.Change(_machine, _random);
        }

        return JournalSome() && _machine.Store.Checkpoint() == Outcome.Ok;
    }

    /// <summary>Changes some pages, and journals each. False when that failed.</summary>
    private bool JournalSome()
    {
        bool isDone = true;
        for (int i = _random.Below(MostJournalled + 1); i > 0 && isDone; i--)
        {
            ulong frame = ChoosePage();
            _base.Changer.Change(_machine, _random, frame);
            Action? meanwhile = _random.Chance(30) ? () => _base.Changer.Change(_machine, _random, frame) : null;
            int before = _machine.Journalled;
            isDone = _machine.Journal(frame, meanwhile) is Outcome.Ok or Outcome.NoSpace;
            _statistics.Journalled += _machine.Journalled - before;
        }

        return isDone;
    }

    /// <summary>A page that the newest checkpoint has; if there are few, another frame.</summary>
    private ulong ChoosePage()
    {
        ulong frame = 0;
        for (int tries = 0; tries < 20; tries++)
        {
            frame = _base.Changer.Frames[_random.Below(_base.Changer.Frames.Length)];
            int entry = _machine.Entry(frame);
            if (entry >= 0 && _machine.Frames.HasSavedPage(frame, _machine.Frames[entry].Version))
            {
                break;
            }
        }

        return frame;
    }

    private string? Cycles(int count)
    {
        if (_machine.Store.Migrate() != Outcome.Ok)
        {
            return "the first migration failed";
        }

        for (int i = 0; i < count; i++)
        {
            for (int tries = 0; _machine.Frames.DirtyCount < DirtyPerCycle && tries < 4 * DirtyPerCycle; tries++)
            {
                _base.Changer.Change(_machine, _random);
            }

            if (!JournalSome())
            {
                return "a page could not be journalled";
            }

            if (_machine.Store.Checkpoint() != Outcome.Ok || _machine.Store.Migrate() != Outcome.Ok)
            {
                return $"checkpoint {i} failed";
            }
        }

        return null;
    }

    private void CutDuring(CutPlan plan, Func<string?> what)
    {
        Listen(plan);
        try
        {
            what();
        }
        catch (PowerCutException)
        {
        }

        Listen(null);
        _statistics.Cuts++;
        _statistics.CutsInPhase[(int)_machine.CurrentPhase]++;
        _machine.Disk.Cut(_image, CutPattern.Choose(_random, _machine.Disk.PendingCount));
    }

    /// <summary>Lets the domains run while the disk works, and counts towards the cut.</summary>
    private void Listen(CutPlan? plan)
    {
        _plan = plan;
        _machine.RunDomainsMeanwhile(_base.Changer, _random, plan);
        _machine.Disk.OnWrite = NoteWrite;
        _machine.OnPhase = EnterPhase;
    }

    private void NoteWrite(int block)
    {
        VolumeGeometry geometry = _machine.Store.Geometry;
        if ((ulong)block >= geometry.LogFirst && (ulong)block < geometry.JournalBlock(0))
        {
            _hasWrapped |= block < _lastLogBlock;
            _lastLogBlock = block;
        }

        _plan?.Count();
    }

    private void EnterPhase(StorePhase phase)
    {
        if (phase == StorePhase.Commit)
        {
            foreach (int entry in _machine.Frames.Snapshot)
            {
                _saved[(int)_machine.Frames[entry].Kind]++;
            }
        }

        _plan?.Enter(phase);
    }
}
