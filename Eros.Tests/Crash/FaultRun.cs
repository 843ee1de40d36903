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
public sealed class FaultRun : IDisposable
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

    private readonly BaseVolume[] _bases;
    private readonly ObjectChanger[] _ofOneCluster;
    private readonly LayeredImage[][] _images;
    private readonly SimulatedMachine _machine;
    private readonly FaultChecker _checker;
    private readonly CrashStatistics _statistics;
    private BaseVolume _base;
    private LayeredImage[] _disks;
    private ObjectChanger _changer;
    private SeededRandom _random = new(0);
    private CutPlan? _plan;
    private DiskFault _kind;
    private bool _hasTwo;
    private bool _isNarrow;
    private bool _isOver;
    private int _until;
    private Predicate<(ulong Block, bool IsWrite)>? _failsAtBoot;

    public FaultRun(BaseVolume[] bases, CrashStatistics statistics)
    {
        _bases = bases;
        _base = bases[0];
        _ofOneCluster = Array.ConvertAll(bases, one => new ObjectChanger(
            Array.FindAll(one.Changer.Frames.ToArray(), frame => frame < TagBlock.FramesPerCluster)));
        _changer = bases[0].Changer;
        _statistics = statistics;
        _images = Array.ConvertAll(bases, one => new LayeredImage[]
        {
            new(one.Image.BlockCount, one.Image),
            new(one.Image.BlockCount, one.Image),
        });
        _disks = _images[0];
        _machine = new SimulatedMachine(CrashRun.MachineFrames, bases[0].Image);
        _checker = new FaultChecker(_machine, bases[0]);
    }

    /// <summary>What its disks have done.</summary>
    public FaultCounts Faults => _machine.Faults;

    public void Dispose() => _machine.Dispose();

    /// <summary>One run, with any fault or with one; null, or what went wrong.</summary>
    public string? Run(ulong seed, DiskFault? only = null)
    {
        Begin(seed, only);
        string? error;
        try
        {
            error = Boot(null) ?? Live(isBad: true) ?? Boot(_failsAtBoot);
            error = error != null || _isOver ? error : Live(isBad: _failsAtBoot != null) ?? LastBoot();
        }
        catch (Exception exception)
        {
            error = exception.Message;
        }

        _statistics.FaultRuns++;
        return error == null ? null : $"{_kind}{(_hasTwo ? " on one of two disks" : "")}: {error}";
    }

    private void Begin(ulong seed, DiskFault? only)
    {
        _random = new SeededRandom(seed);
        int number = _random.Below(_bases.Length);
        _base = _bases[number];
        _disks = _images[number];
        foreach (LayeredImage disk in _disks)
        {
            disk.Clear();
        }

        _kind = only ?? _kinds[_random.Below(_kinds.Length)];
        _hasTwo = _kind is DiskFault.Misdirect or DiskFault.Rot && _random.Chance(MirrorPercent);
        if (_hasTwo)
        {
            MirrorRun.Pair(_machine.Memory, (uint)CrashRun.MachineFrames + 1, _base.Geometry, BaseVolume.Id, _disks);
        }

        _machine.Model = _base.Model;
        _machine.MostKept = _random.Chance(50) ? 0 : (ulong)_random.Below(CheckpointHeader.MaxUnmigrated);
        _machine.Reports.Clear();
        _machine.OnPhase = null;
        _plan = null;
        _isNarrow = _random.Chance(50);
        _isOver = false;
        _failsAtBoot = null;
        _checker.Begin(_base, _kind == DiskFault.Lie, _hasTwo);
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
        _checker.Remember();
        RecoveryResult result = _hasTwo
            ? _machine.Boot(_disks[0], _disks[1])
            : _machine.Boot(_disks[0], fails: fails);
        string? error = _checker.Check(result);
        _statistics.Recoveries++;
        _statistics.FaultRefusals += result.IsMounted ? 0 : 1;
        _statistics.FaultOlder += _checker.IsOlder ? 1 : 0;
        _statistics.FaultMissing += _checker.Missing;
        _statistics.FaultStrange += _checker.Strange;
        _isOver = !result.IsMounted || _checker.Strange != 0;
        return error;
    }

    private string? Live(bool isBad)
    {
        if (isBad && _failsAtBoot == null)
        {
            Spoil();
        }

        int cycles = 1 + _random.Below(MostCycles);
        bool isCut = _random.Chance(CutPercent);
        string? error = null;
        try
        {
            for (int i = 0; i < cycles && error == null; i++)
            {
                // What has gone wrong at home in the first cycle is not written again in those that follow.
                bool isNarrow = _isNarrow && i != 0;
                _changer = isNarrow ? _ofOneCluster[Array.IndexOf(_bases, _base)] : _base.Changer;
                Listen(isCut && i == cycles - 1 ? CutPlan.Choose(_random) : null);
                error = Cycle(isBad);
            }
        }
        catch (PowerCutException)
        {
        }

        Listen(null);
        _statistics.Cuts++;
        _statistics.CutsInPhase[(int)_machine.CurrentPhase]++;
        _machine.Disk.AddUnsaved(_checker.Unsaved);
        Cut(_machine.Disk);
        if (_machine.Second is { } second)
        {
            Cut(second);
        }

        return error;
    }

    private void Cut(CrashDisk disk)
    {
        if (!disk.IsGone)
        {
            disk.Cut(disk.Image, CutPattern.Choose(_random, disk.PendingCount));
        }
    }

    /// <summary>Null when the cycle is done, or the life is over because the disk fails for good.</summary>
    private string? Cycle(bool isBad)
    {
        if (!Insist(_machine.Store.Migrate, isBad, out string? error))
        {
            return error;
        }

        _machine.RunDomains(_changer, _random, Changes);
        for (int page = _random.Below(4); page > 0; page--)
        {
            ulong frame = _changer.Frames[_random.Below(_changer.Frames.Length)];
            Outcome outcome = _machine.Journal(frame);
            if (outcome == Outcome.DiskError && !isBad)
            {
                return "a page could not be journalled";
            }
        }

        Insist(_machine.Store.Checkpoint, isBad, out error);
        _checker.Remember();
        return error;
    }

    /// <summary>Has something done, again and again: the disk is bad, or it was, and what it has hurt is
    /// found.</summary>
    private bool Insist(Func<Outcome> what, bool isBad, out string? error)
    {
        error = null;
        for (int i = 0; i < MostTries && !_machine.Disk.IsGone; i++)
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
        _plan = plan;
        _machine.RunDomainsMeanwhile(_changer, _random, plan);
        _machine.Disk.OnWrite = _ => _plan?.Count();
        _machine.OnPhase = phase => _plan?.Enter(phase);
    }

    private void Spoil()
    {
        CrashDisk disk = _hasTwo && _random.Chance(50) ? _machine.Second! : _machine.Disk;
        int percent = 1 + _random.Below(5);
        switch (_kind)
        {
            case DiskFault.ReadError:
                SpoilReads(disk);
                break;
            case DiskFault.WriteError:
                disk.Fails = request => request.IsWrite && _random.Chance(percent);
                break;
            case DiskFault.FlushError:
                disk.FailsFlushOf = _ => _random.Below(400) < percent;
                break;
            case DiskFault.Vanish:
                _until = _random.Below(600);
                disk.Fails = _ => --_until == 0 && Vanish(disk);
                break;
            case DiskFault.Rot:
                Rot(disk);
                break;
            case DiskFault.Misdirect:
                _until = 1 + _random.Below(_random.Chance(50) ? 20 : 400);
                bool isOfFew = _random.Chance(50);
                disk.Misdirects = block => (isOfFew && !IsSpecial(block)) || --_until != 0 ? block : Elsewhere(block);
                break;
            case DiskFault.Lie:
                int share = _random.Chance(30) ? 100 : 20 + _random.Below(70);
                disk.Lies = () => _random.Chance(share);
                break;
        }
    }

    /// <summary>Some requests fail, and all that touch one block, or both copies of a checkpoint header; those may be
    /// so at the next boot, too.</summary>
    private void SpoilReads(CrashDisk disk)
    {
        int bad = ChooseBlock();
        int other = bad;
        if (_random.Chance(HeadersPercent))
        {
            bad = (int)_base.Geometry.CheckpointHeaderBlock((ulong)_random.Below(2), 0);
            other = (int)_base.Geometry.Blocks - 1 - bad;
        }

        bool isOften = _random.Chance(50);
        _checker.Hurt.Add(bad);
        _checker.Hurt.Add(other);
        if (_random.Chance(50))
        {
            _failsAtBoot = request => !request.IsWrite && ((int)request.Block == bad || (int)request.Block == other);
        }

        disk.Fails = request => !request.IsWrite
            && ((int)request.Block == bad || (int)request.Block == other || (isOften && _random.Below(1000) < 5));
    }

    private bool Vanish(CrashDisk disk)
    {
        disk.Vanish(CutPattern.Choose(_random, disk.PendingCount));
        return true;
    }

    /// <summary>A bit, a sector or the whole of a block changes.</summary>
    private void Rot(CrashDisk disk)
    {
        int block = ChooseBlock();
        Span<byte> bytes = disk.Image.Writable(block);
        int at = _random.Below(CutPattern.Sectors) * CrashDisk.SectorBytes;
        switch (_random.Below(3))
        {
            case 0:
                bytes[at + _random.Below(CrashDisk.SectorBytes)] ^= (byte)(1 << _random.Below(8));
                break;
            case 1:
                bytes.Slice(at, CrashDisk.SectorBytes).Clear();
                break;
            default:
                bytes.Fill((byte)_random.Next());
                break;
        }

        _machine.Faults.Count(DiskFault.Rot);
        _checker.Hurt.Add(block);
    }

    private int Elsewhere(int block)
    {
        int last = _base.Image.BlockCount - 1;
        int elsewhere = _random.Chance(40) ? Math.Clamp(block + _random.Below(17) - 8, 0, last) : ChooseBlock();
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
        VolumeGeometry geometry = _base.Geometry;
        int end = _random.Below(VolumeGeometry.EndBlocks);
        int inJournal = _random.Below((int)VolumeGeometry.JournalBlocks);
        int cluster = _random.Below((int)geometry.Clusters);
        return _random.Below(8) switch
        {
            0 => _random.Chance(50) ? end : (int)geometry.Blocks - 1 - end,
            1 => (int)geometry.JournalBlock(0) + inJournal,
            2 => (int)geometry.HomeFirst + (cluster * (int)(TagBlock.FramesPerCluster + 1)),
            _ => _random.Below(_base.Image.BlockCount),
        };
    }

    /// <summary>True for the headers, the journal and the tag blocks at home.</summary>
    private bool IsSpecial(int number)
    {
        VolumeGeometry geometry = _base.Geometry;
        ulong block = (ulong)number;
        ulong home = block - geometry.HomeFirst;
        return block < geometry.LogFirst || block >= geometry.Blocks - VolumeGeometry.EndBlocks
            || block - geometry.JournalBlock(0) < VolumeGeometry.JournalBlocks
            || (block >= geometry.HomeFirst && home % (TagBlock.FramesPerCluster + 1) == 0);
    }
}
