// CrashRun: one seed. A volume with a past is mounted; three checkpoints with their migrations, while domains run on;
// in the fourth the power goes. What comes back is compared with the model, and so is what comes back on a machine
// beside this one for which other parts of what was not flushed are left; the machine goes on, loses its power again at
// times, takes one more checkpoint, and that is recovered and compared. At last a bit of the volume is flipped, and
// nothing wrong may be believed.

using System;
using System.Runtime.InteropServices;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;

namespace Eros.Tests.Crash;

/// <summary>Makes runs, one after another, with a machine and images that it keeps.</summary>
public sealed class CrashRun : SeededRun
{
    private const int WholeCycles = 3;
    private const int DirtyPerCycle = 72;
    private const int SecondCutPercent = 25;
    private const int DamagePercent = 25;
    private const int LookBackPercent = 10;

    /// <summary>Writes of a migration, of several generations at times, in which the power goes again.</summary>
    private const int MostMigrated = 500;
    private const int MostJournalled = 8;

    /// <summary>Other things that each cut leaves, for a machine beside this one.</summary>
    private const int OtherCuts = 12;

    private readonly LayeredImage?[] _images;
    private readonly CutExplorer?[] _explorers;
    private readonly OlderGenerations?[] _older;
    private readonly int[] _saved = new int[(int)FrameKind.Tag + 1];
    private LayeredImage _image;
    private int _lastLogBlock;
    private bool _hasWrapped;
    private bool _isCutTwice;
    private bool _isMounted;

    public CrashRun(BaseVolume[] bases, CrashStatistics statistics)
        : base(bases, statistics)
    {
        _images = new LayeredImage?[bases.Length];
        _explorers = new CutExplorer?[bases.Length];
        _older = new OlderGenerations?[bases.Length];
        _image = bases[0].Image;
    }

    /// <summary>
    /// One run without a cut, in which every cut is tried at every <paramref name="share"/>th write from <paramref
    /// name="part"/> on.
    /// </summary>
    public string? RunCutEvery(ulong seed, int part, int share)
    {
        Begin(seed);
        CutExplorer explorer = _explorers[BaseNumber] ??= new CutExplorer(_image, Base.Changer);
        (int cuts, int recoveries) = (explorer.Cuts, explorer.Recoveries);
        string? error = null;
        int writes = 0;
        try
        {
            error = Boot();
            Listen(null);
            Machine.Disk.OnWrite = block =>
            {
                NoteWrite(block);
                if (error == null && writes++ % share == part)
                {
                    int before = explorer.Cuts;
                    error = explorer.Explore(Machine.Disk, Machine.Model, Possible(), seed + (ulong)writes);
                    Statistics.CutsInPhase[(int)Machine.CurrentPhase] += explorer.Cuts - before;
                }
            };
            error ??= Cycles(WholeCycles + 1);
        }
        catch (Exception exception)
        {
            error ??= exception.Message;
        }

        Statistics.Cuts += explorer.Cuts - cuts;
        Statistics.Recoveries += explorer.Recoveries - recoveries;
        if (part == 0)
        {
            Statistics.Writes.Add(writes);
            Statistics.EndRun(_saved, _hasWrapped);
        }

        return error;
    }

    protected override void Dispose(bool isDisposing)
    {
        base.Dispose(isDisposing);
        foreach (CutExplorer? explorer in _explorers)
        {
            explorer?.Dispose();
        }

        foreach (OlderGenerations? older in _older)
        {
            older?.Dispose();
        }
    }

    protected override void Prepare()
    {
        _image = _images[BaseNumber] ??= new LayeredImage(Base.Image.BlockCount, Base.Image);
        _image.Clear();
        Machine.Reports.Clear();
        _hasWrapped = false;
        Array.Clear(_saved);
        _lastLogBlock = 0;
    }

    protected override string? Go() => FirstLife() ?? SecondLife() ?? LastCheckpoint() ?? Damage();

    protected override string? Conclude(string? error)
    {
        Statistics.EndRun(_saved, _hasWrapped);
        return error;
    }

    /// <summary>
    /// Power on, and compare; nothing may have been reported before. The model goes on from what came back.
    /// </summary>
    private string? Boot()
    {
        using StepScope step = History.Begin(isNeeded: true);
        StoreModel model = Machine.Model;
        ulong possible = Possible();
        Statistics.Refusals += Machine.Refusals;
        Statistics.Recoveries++;
        string? error = StateChecker.CheckReports(Machine);
        Machine.MostKept = Random.Chance(30) ? 0 : (ulong)Random.Below(CheckpointHeader.MaxUnmigrated);
        RecoveryResult result = Machine.Boot(_image);
        History.Tell($"boot: {(result.IsMounted ? $"generation {result.Generation}" : $"refused, {result.Refusal}")}");
        error ??= StateChecker.Check(Machine, result, model, possible, Base.Changer);
        if (error == null)
        {
            Machine.Model = model.RestartedAt(result.Generation);
            error = LookBack(LookBackPercent);
        }

        return error;
    }

    /// <summary>The newest generation that may be on the disk: its header may be before it is acknowledged.</summary>
    private ulong Possible() => Machine.CurrentPhase >= StorePhase.Commit
        ? Machine.Model.Snapshotted
        : Machine.Model.Acknowledged;

    private string? FirstLife()
    {
        Machine.OnPhase = null;
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

        error = CutDuring(CutPlan.Choose(Random), () => Cycles(1));
        Statistics.Writes.Add(Machine.Disk.BlocksWritten);
        return error ?? Boot();
    }

    /// <summary>In some of the runs, boots an older generation of the volume that was just mounted.</summary>
    private string? LookBack(int percent)
    {
        if (!Random.Chance(percent))
        {
            return null;
        }

        using StepScope step = History.Begin();
        if (!step.IsDone)
        {
            return null;
        }

        History.Tell($"an older generation is booted");
        OlderGenerations older = _older[BaseNumber] ??= new OlderGenerations(_image);
        int before = older.Booted;
        string? error = older.Check(Machine.Model, Base.Changer, Random);
        Statistics.Older += older.Booted - before;
        return error;
    }

    private string? SecondLife()
    {
        Listen(null);
        _isCutTwice = Random.Chance(SecondCutPercent);
        if (!_isCutTwice)
        {
            return Cycles(0);
        }

        string? error = CutDuring(new CutPlan(StorePhase.Migrate, Random.Below(MostMigrated)), () => Cycles(0));

        // Here, if ever, home has what is newer than the oldest in the log.
        error ??= Boot() ?? LookBack(100);
        Listen(null);
        return error ?? Cycles(0);
    }

    /// <summary>One more checkpoint; then the power goes with everything that is not flushed.</summary>
    private string? LastCheckpoint()
    {
        if (!GoOn(8) || (Random.Chance(50) && Migrate() != Outcome.Ok))
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
        if (!Random.Chance(DamagePercent))
        {
            return null;
        }

        using StepScope step = History.Begin();
        if (!step.IsDone)
        {
            return null;
        }

        Statistics.Flips++;
        Machine.Faults.Count(DiskFault.Rot);
        StoreModel model = Machine.Model;
        VolumeGeometry geometry = Machine.Store.Geometry;
        (int Block, int Other, StoreMessage Refusal) damage = Random.Below(100) switch
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
        History.Tell($"a bit flips in block {damage.Block}{(damage.Other < 0 ? "" : $", and in {damage.Other}")}");
        FlipBit(damage.Block);
        if (damage.Other >= 0)
        {
            FlipBit(damage.Other);
        }

        string? error = BootDamaged(model, damage.Refusal);
        if (error == null && _isMounted)
        {
            Machine.Model = model.RestartedAt(Machine.Store.CommittedGeneration);
            error = GoOn(6) ? BootDamaged(Machine.Model, StoreMessage.None) : "migration or checkpoint failed";
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
        int bit = Random.Below(8 * PhysicalMemory.FrameBytes);
        _image.Writable(block)[bit / 8] ^= (byte)(1 << (bit % 8));
    }

    /// <summary>
    /// Mounts a damaged volume. It may be refused only where both copies of something are damaged, with that reason,
    /// and only where nothing older can be used.
    /// </summary>
    private string? BootDamaged(StoreModel model, StoreMessage refusal)
    {
        RecoveryResult result = Machine.Boot(_image);
        _isMounted = result.IsMounted;
        if (result.IsMounted)
        {
            bool mayMiss = refusal == StoreMessage.None;
            return StateChecker.CheckDamaged(Machine, result, model, mayMiss, Base.Changer);
        }

        bool isClear = refusal != StoreMessage.None && result.Refusal == refusal && Machine.Disk.BlocksWritten == 0;
        return isClear ? StateChecker.CheckReading(Machine, result, Base.Changer) : $"refused with {result.Refusal}";
    }

    /// <summary>
    /// A block that is not all zero, so that the bit matters; at times one of the headers, or of the tag blocks in the
    /// log. None of the journal: its last record, when it is damaged, cannot be told from one that a cut left
    /// incomplete.
    /// </summary>
    private int ChooseBlock()
    {
        VolumeGeometry geometry = Machine.Store.Geometry;
        if (Random.Chance(10))
        {
            return ChooseTagBlock(geometry);
        }

        bool isAtEnd = Random.Chance(30);
        while (true)
        {
            int block = Random.Below(isAtEnd ? 2 * VolumeGeometry.EndBlocks : _image.BlockCount);
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
        ulong position = (ulong)Random.Below((int)geometry.LogBlocks);
        while (MemoryMarshal.Read<uint>(_image.Read((int)geometry.LogBlock(position))[4..]) != TagBlock.MagicValue)
        {
            position++;
        }

        return (int)geometry.LogBlock(position);
    }

    /// <summary>Where the volume is damaged, a generation may have to be brought home twice.</summary>
    private bool MigrateAll()
    {
        using StepScope step = History.Begin(isNeeded: true);
        History.Tell($"migration, until it is done");
        for (int tries = 0; tries <= CheckpointHeader.MaxUnmigrated; tries++)
        {
            if (Machine.Store.Migrate() == Outcome.Ok)
            {
                return true;
            }
        }

        return false;
    }

    private bool GoOn(int changes)
    {
        if (!MigrateAll())
        {
            return false;
        }

        for (int i = 0; i < changes; i++)
        {
            Base.Changer.Change(Machine, Random);
        }

        return JournalSome() && Checkpoint() == Outcome.Ok;
    }

    /// <summary>Changes some pages, and journals each. False when that failed.</summary>
    private bool JournalSome()
    {
        bool isDone = true;
        for (int i = Random.Below(MostJournalled + 1); i > 0 && isDone; i--)
        {
            using StepScope step = History.Begin();
            isDone = !step.IsDone || JournalOne();
        }

        return isDone;
    }

    private bool JournalOne()
    {
        ulong frame = ChoosePage();
        Base.Changer.Change(Machine, Random, frame);
        Action? meanwhile = Random.Chance(30) ? () => Base.Changer.Change(Machine, Random, frame) : null;
        int before = Machine.Journalled;
        Outcome outcome = Machine.Journal(frame, meanwhile);
        Statistics.Journalled += Machine.Journalled - before;
        return outcome is Outcome.Ok or Outcome.NoSpace;
    }

    /// <summary>A page that the newest checkpoint has; if there are few, another frame.</summary>
    private ulong ChoosePage()
    {
        ulong frame = 0;
        for (int tries = 0; tries < 20; tries++)
        {
            frame = Base.Changer.Frames[Random.Below(Base.Changer.Frames.Length)];
            int entry = Machine.Entry(frame);
            if (entry >= 0 && Machine.Frames.HasSavedPage(frame, Machine.Frames[entry].Version))
            {
                break;
            }
        }

        return frame;
    }

    private string? Cycles(int count)
    {
        if (Migrate() != Outcome.Ok)
        {
            return "the first migration failed";
        }

        for (int i = 0; i < count; i++)
        {
            ChangeMany();
            if (!JournalSome())
            {
                return "a page could not be journalled";
            }

            if (Checkpoint() != Outcome.Ok || Migrate() != Outcome.Ok)
            {
                return $"checkpoint {i} failed";
            }
        }

        return null;
    }

    private void ChangeMany()
    {
        using StepScope step = History.Begin();
        if (!step.IsDone)
        {
            return;
        }

        History.Tell($"many changes");
        int tries = 4 * DirtyPerCycle;
        for (; Machine.Frames.DirtyCount < DirtyPerCycle && tries > 0; tries--)
        {
            Base.Changer.Change(Machine, Random);
        }
    }

    private string? CutDuring(CutPlan plan, Func<string?> what)
    {
        Listen(plan);
        try
        {
            using StepScope life = History.Begin(isNeeded: true);
            History.Tell($"until the power goes");
            what();
        }
        catch (PowerCutException)
        {
        }

        Listen(null);
        string? error = ExploreOthers();
        Statistics.Cuts++;
        Statistics.CutsInPhase[(int)Machine.CurrentPhase]++;
        using StepScope step = History.Begin(isNeeded: true);
        History.Tell($"the power goes: phase {Machine.CurrentPhase}, {Machine.Disk.PendingCount} writes not flushed");
        Machine.Disk.Cut(_image, CutPattern.Choose(Random, Machine.Disk.PendingCount));
        return error;
    }

    /// <summary>Their chance is their own: what the run does does not depend on them.</summary>
    private string? ExploreOthers()
    {
        CutExplorer explorer = _explorers[BaseNumber] ??= new CutExplorer(_image, Base.Changer);
        (int cuts, int recoveries) = (explorer.Cuts, explorer.Recoveries);
        ulong seed = Seed ^ (ulong)Machine.Disk.BlocksWritten;
        string? error = explorer.ExploreSome(Machine.Disk, Machine.Model, Possible(), seed, OtherCuts);
        Statistics.Cuts += explorer.Cuts - cuts;
        Statistics.CutsInPhase[(int)Machine.CurrentPhase] += explorer.Cuts - cuts;
        Statistics.Recoveries += explorer.Recoveries - recoveries;
        return error;
    }

    /// <summary>Lets the domains run while the disk works, and counts towards the cut.</summary>
    private void Listen(CutPlan? plan)
    {
        Plan = plan;
        Machine.RunDomainsMeanwhile(Base.Changer, Random, plan);
        Machine.Disk.OnWrite = NoteWrite;
        Machine.OnPhase = EnterPhase;
    }

    private void NoteWrite(int block)
    {
        VolumeGeometry geometry = Machine.Store.Geometry;
        if ((ulong)block >= geometry.LogFirst && (ulong)block < geometry.JournalBlock(0))
        {
            _hasWrapped |= block < _lastLogBlock;
            _lastLogBlock = block;
        }

        Plan?.Count();
    }

    private void EnterPhase(StorePhase phase)
    {
        if (phase == StorePhase.Commit)
        {
            foreach (int entry in Machine.Frames.Snapshot)
            {
                _saved[(int)Machine.Frames[entry].Kind]++;
            }
        }

        Plan?.Enter(phase);
    }
}
