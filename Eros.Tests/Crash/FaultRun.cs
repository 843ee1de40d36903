// FaultRun: one seed on a disk that does one bad thing (DiskFault.cs) in one life of the machine, once or all the time.
// Then the power goes. What comes back is held against FaultChecker.cs; the machine goes on with a disk that behaves,
// takes one more checkpoint, and that is recovered and held against it, too.
//
// Errors of writes and flushes, and a disk that vanishes, cost nothing: no block is hurt then, and the state is exact.
// With two disks one of them misdirects a write, or rots, and the other one serves.

using System;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;

namespace Eros.Tests.Crash;

/// <summary>Makes runs, one after another, with a machine and images that it keeps.</summary>
public sealed class FaultRun : TwoDiskRun
{
    private const int MostCycles = 3;
    private const int Changes = 30;
    private const int CutPercent = 80;
    private const int MirrorPercent = 50;
    private const int HeadersPercent = 20;

    /// <summary>A store that meets an error tries again; with errors now and then it gets on.</summary>
    private const int MostTries = 40;

    private static readonly DiskFault[] _kinds =
    [
        DiskFault.ReadError, DiskFault.WriteError, DiskFault.FlushError, DiskFault.Vanish,
        DiskFault.Rot, DiskFault.Misdirect, DiskFault.Misdirect, DiskFault.Lie, DiskFault.Lie,
    ];

    private readonly ObjectChanger[] _ofOneCluster;
    private readonly FaultChecker _checker;
    private ObjectChanger _changer;
    private DiskFault _kind;
    private bool _hasTwo;
    private bool _isNarrow;
    private bool _isOver;
    private int _until;
    private Predicate<(ulong Block, bool IsWrite)>? _failsAtBoot;

    public FaultRun(BaseVolume[] bases, CrashStatistics statistics)
        : base(bases, statistics)
    {
        _ofOneCluster = Array.ConvertAll(bases, one => new ObjectChanger(
            Array.FindAll(one.Changer.Frames.ToArray(), frame => frame < TagBlock.FramesPerCluster)));
        _changer = bases[0].Changer;
        _checker = new FaultChecker(Machine, bases[0]);
    }

    /// <summary>What the disk does; null: anything, by the seed.</summary>
    public DiskFault? Only { get; init; }

    protected override void Prepare()
    {
        base.Prepare();
        _kind = Only ?? _kinds[Random.Below(_kinds.Length)];
        _hasTwo = _kind is DiskFault.Misdirect or DiskFault.Rot && Random.Chance(MirrorPercent);
        if (_hasTwo)
        {
            Pair();
        }

        Machine.MostKept = Random.Chance(50) ? 0 : (ulong)Random.Below(CheckpointHeader.MaxUnmigrated);
        Machine.Reports.Clear();
        Machine.OnPhase = null;
        _isNarrow = Random.Chance(50);
        _isOver = false;
        _failsAtBoot = null;
        _checker.Begin(Base, _kind == DiskFault.Lie, _hasTwo);
    }

    protected override string? Go()
    {
        string? error = Boot(null) ?? Live(isBad: true) ?? Boot(_failsAtBoot);
        return error != null || _isOver ? error : Live(isBad: _failsAtBoot != null) ?? LastBoot();
    }

    protected override string? Conclude(string? error)
    {
        Statistics.FaultRuns++;
        return error == null ? null : $"{_kind}{(_hasTwo ? " on one of two disks" : "")}: {error}";
    }

    /// <summary>The disk is as good as any.</summary>
    private string? LastBoot()
    {
        if (_failsAtBoot != null)
        {
            _checker.Remember();
            _checker.Heal();
        }

        return Boot(null);
    }

    private string? Boot(Predicate<(ulong Block, bool IsWrite)>? fails)
    {
        using StepScope step = History.Begin(isNeeded: true);
        _checker.Remember();
        RecoveryResult result = _hasTwo
            ? Machine.Boot(Disks[0], Disks[1])
            : Machine.Boot(Disks[0], fails: fails);
        string? error = _checker.Check(result);
        Statistics.Recoveries++;
        Statistics.FaultRefusals += result.IsMounted ? 0 : 1;
        Statistics.FaultOlder += _checker.IsOlder ? 1 : 0;
        Statistics.FaultMissing += _checker.Missing;
        Statistics.FaultStrange += _checker.Strange;
        _isOver = !result.IsMounted || _checker.Strange != 0;
        History.Tell($"boot: {(result.IsMounted ? $"generation {result.Generation}" : $"refused, {result.Refusal}")}");
        return error;
    }

    private string? Live(bool isBad)
    {
        if (isBad && _failsAtBoot == null)
        {
            Spoil();
        }

        int cycles = 1 + Random.Below(MostCycles);
        bool isCut = Random.Chance(CutPercent);
        string? error = null;
        try
        {
            using StepScope step = History.Begin(isNeeded: true);
            History.Tell($"until the power goes");
            for (int i = 0; i < cycles && error == null; i++)
            {
                error = Cycle(isFirst: i == 0, isCut: isCut && i == cycles - 1, isBad);
            }
        }
        catch (PowerCutException)
        {
        }

        Listen(null);
        Statistics.Cuts++;
        Statistics.CutsInPhase[(int)Machine.CurrentPhase]++;
        Machine.Disk.AddUnsaved(_checker.Unsaved);
        CutAll();
        return error;
    }

    /// <summary>Null when the cycle is done, or the life is over because the disk fails for good.</summary>
    private string? Cycle(bool isFirst, bool isCut, bool isBad)
    {
        using StepScope step = History.Begin();
        if (!step.IsDone)
        {
            return null;
        }

        // What has gone wrong at home in the first cycle is not written again in those that follow.
        History.Tell($"changes, and a checkpoint");
        _changer = _isNarrow && !isFirst ? _ofOneCluster[BaseNumber] : Base.Changer;
        Listen(isCut ? CutPlan.Choose(Random) : null);
        if (!Insist(Machine.Store.Migrate, isBad, isNeeded: true, out string? error))
        {
            return error;
        }

        Machine.RunDomains(_changer, Random, Changes);
        for (int page = Random.Below(4); page > 0; page--)
        {
            if (Machine.JournalAny(_changer, Random) == Outcome.DiskError && !isBad)
            {
                return "a page could not be journalled";
            }
        }

        Insist(Machine.Store.Checkpoint, isBad, isNeeded: false, out error);
        _checker.Remember();
        return error;
    }

    /// <summary>Has something done, again and again: the disk is bad, or it was, and what it has hurt is
    /// found.</summary>
    private bool Insist(Func<Outcome> what, bool isBad, bool isNeeded, out string? error)
    {
        error = null;
        using StepScope step = History.Begin(isNeeded);
        if (!step.IsDone)
        {
            return true;
        }

        History.Tell($"{(isNeeded ? "migration" : "checkpoint")}, until it is done");
        for (int i = 0; i < MostTries && !Machine.Disk.IsGone; i++)
        {
            if (what() == Outcome.Ok)
            {
                return true;
            }
        }

        error = isBad && _kind is not (DiskFault.Misdirect or DiskFault.Rot or DiskFault.Lie)
            ? null
            : "a checkpoint or migration failed";
        return false;
    }

    /// <summary>Lets the domains run while the disk works, and counts towards the cut.</summary>
    private void Listen(CutPlan? plan)
    {
        Plan = plan;
        Machine.RunDomainsMeanwhile(_changer, Random, plan);
        Machine.Disk.OnWrite = _ => Plan?.Count();
        Machine.OnPhase = phase => Plan?.Enter(phase);
    }

    private void Spoil()
    {
        using StepScope step = History.Begin();
        if (!step.IsDone)
        {
            return;
        }

        History.Tell($"from here on the disk is bad: {_kind}");
        CrashDisk disk = _hasTwo && Random.Chance(50) ? Machine.Second! : Machine.Disk;
        int percent = 1 + Random.Below(5);
        switch (_kind)
        {
            case DiskFault.ReadError:
                SpoilReads(disk);
                break;
            case DiskFault.WriteError:
                disk.Fails = request => request.IsWrite && Random.Chance(percent);
                break;
            case DiskFault.FlushError:
                disk.FailsFlushOf = _ => Random.Below(400) < percent;
                break;
            case DiskFault.Vanish:
                _until = Random.Below(600);
                disk.Fails = _ => --_until == 0 && Vanish(disk);
                break;
            case DiskFault.Rot:
                Rot(disk);
                break;
            case DiskFault.Misdirect:
                _until = 1 + Random.Below(Random.Chance(50) ? 20 : 400);
                bool isOfFew = Random.Chance(50);
                disk.Misdirects = block => (isOfFew && !IsSpecial(block)) || --_until != 0 ? block : Elsewhere(block);
                break;
            case DiskFault.Lie:
                int share = Random.Chance(30) ? 100 : 20 + Random.Below(70);
                disk.Lies = () => Random.Chance(share);
                break;
        }
    }

    /// <summary>Some requests fail, and all that touch one block, or both copies of a checkpoint header; those may be
    /// so at the next boot, too.</summary>
    private void SpoilReads(CrashDisk disk)
    {
        int bad = ChooseBlock();
        int other = bad;
        if (Random.Chance(HeadersPercent))
        {
            bad = (int)Base.Geometry.CheckpointHeaderBlock((ulong)Random.Below(2), 0);
            other = (int)Base.Geometry.Blocks - 1 - bad;
        }

        bool isOften = Random.Chance(50);
        _checker.Hurt.Add(bad);
        _checker.Hurt.Add(other);
        if (Random.Chance(50))
        {
            _failsAtBoot = request => !request.IsWrite && ((int)request.Block == bad || (int)request.Block == other);
        }

        disk.Fails = request => !request.IsWrite
            && ((int)request.Block == bad || (int)request.Block == other || (isOften && Random.Below(1000) < 5));
    }

    private bool Vanish(CrashDisk disk)
    {
        disk.Vanish(CutPattern.Choose(Random, disk.PendingCount));
        return true;
    }

    /// <summary>A bit, a sector or the whole of a block changes.</summary>
    private void Rot(CrashDisk disk)
    {
        int block = ChooseBlock();
        Span<byte> bytes = disk.Image.Writable(block);
        int at = Random.Below(CutPattern.Sectors) * CrashDisk.SectorBytes;
        switch (Random.Below(3))
        {
            case 0:
                bytes[at + Random.Below(CrashDisk.SectorBytes)] ^= (byte)(1 << Random.Below(8));
                break;
            case 1:
                bytes.Slice(at, CrashDisk.SectorBytes).Clear();
                break;
            default:
                bytes.Fill((byte)Random.Next());
                break;
        }

        Machine.Faults.Count(DiskFault.Rot);
        _checker.Hurt.Add(block);
    }

    private int Elsewhere(int block)
    {
        int last = Base.Image.BlockCount - 1;
        int elsewhere = Random.Chance(40) ? Math.Clamp(block + Random.Below(17) - 8, 0, last) : ChooseBlock();
        if (elsewhere != block)
        {
            _checker.Unsaved.Add(block);
            _checker.Hurt.Add(elsewhere);
        }

        return elsewhere;
    }

    /// <summary>Any block; often one of those that much depends on.</summary>
    private int ChooseBlock()
    {
        VolumeGeometry geometry = Base.Geometry;
        int end = Random.Below(VolumeGeometry.EndBlocks);
        int inJournal = Random.Below((int)VolumeGeometry.JournalBlocks);
        int cluster = Random.Below((int)geometry.Clusters);
        return Random.Below(8) switch
        {
            0 => Random.Chance(50) ? end : (int)geometry.Blocks - 1 - end,
            1 => (int)geometry.JournalBlock(0) + inJournal,
            2 => (int)geometry.HomeFirst + (cluster * (int)(TagBlock.FramesPerCluster + 1)),
            _ => Random.Below(Base.Image.BlockCount),
        };
    }

    /// <summary>True for the headers, the journal and the tag blocks at home.</summary>
    private bool IsSpecial(int number)
    {
        VolumeGeometry geometry = Base.Geometry;
        ulong block = (ulong)number;
        ulong home = block - geometry.HomeFirst;
        return block < geometry.LogFirst || block >= geometry.Blocks - VolumeGeometry.EndBlocks
            || block - geometry.JournalBlock(0) < VolumeGeometry.JournalBlocks
            || (block >= geometry.HomeFirst && home % (TagBlock.FramesPerCluster + 1) == 0);
    }
}
