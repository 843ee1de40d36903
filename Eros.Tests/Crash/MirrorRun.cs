// MirrorRun: one seed on two disks. Some lives of a machine, each ended by a power cut; disks are pulled at any
// request, plugged in again while the machine runs, or at a later boot, stale. Whatever happens, the state is the
// model's, and with one disk that holds everything no operation fails. At the end each disk that is in step is booted
// alone.
//
// Which disk may be pulled is the machine's own word: while both are in step either, else the one that is not; but none
// while the other was pulled and the machine does not know. A disk that was pulled answers again when it has refused a
// request: one that loses its cache between two requests would be noticed by nobody.

using System;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;

namespace Eros.Tests.Crash;

/// <summary>Makes runs, one after another, with a machine and images that it keeps.</summary>
public sealed class MirrorRun : IDisposable
{
    private const int MostLives = 5;
    private const int MostCycles = 3;
    private const int Changes = 30;
    private const int CutPercent = 80;
    private const int CutInPhasePercent = 60;
    private const int LeaveOutPercent = 30;

    /// <summary>Of the disks that are pulled, those that refuse one request only.</summary>
    private const int BrieflyPercent = 30;

    /// <summary>A recovery takes fewer steps than this, however often it begins anew.</summary>
    private const int MostSteps = 2000;

    private readonly BaseVolume[] _bases;
    private readonly LayeredImage[][] _images;
    private readonly SimulatedMachine _machine;
    private readonly CrashStatistics _statistics;
    private BaseVolume _base;
    private LayeredImage[] _disks;
    private SeededRandom _random = new(0);

    // By disk: it was pulled and not put back; which of them holds everything when the power is off.
    private readonly bool[] _isOut = new bool[MirrorRecord.Members];
    private readonly bool[] _isBrief = new bool[MirrorRecord.Members];
    private readonly bool[] _isUnsure = new bool[MirrorRecord.Members];
    private StoreModel _before = new();
    private uint _inStepAtBoot;
    private uint _whole;
    private CutPlan? _plan;
    private int _callsToCut;
    private int _planCycle;
    private bool _isNested;
    private bool _isQuiet;

    public MirrorRun(BaseVolume[] bases, CrashStatistics statistics)
    {
        _bases = bases;
        _base = bases[0];
        _statistics = statistics;
        _images = Array.ConvertAll(bases, one => new LayeredImage[]
        {
            new(one.Image.BlockCount, one.Image),
            new(one.Image.BlockCount, one.Image),
        });
        _disks = _images[0];
        _machine = new SimulatedMachine(CrashRun.MachineFrames, bases[0].Image);
    }

    /// <summary>What its disks have done.</summary>
    public FaultCounts Faults => _machine.Faults;

    public void Dispose() => _machine.Dispose();

    /// <summary>One run; null, or what went wrong.</summary>
    public string? Run(ulong seed)
    {
        Begin(seed);
        string? error = null;
        try
        {
            for (int life = 1 + _random.Below(MostLives); life > 0 && error == null; life--)
            {
                error = Boot() ?? Live();
            }

            error ??= Boot() ?? BringUpToDate() ?? EachAlone();
        }
        catch (Exception exception)
        {
            error ??= exception.Message;
        }

        _statistics.MirrorRuns++;
        return error;
    }

    /// <summary>Has both disks say that both are in step, as whoever makes a mirror does.</summary>
    public static void Pair(PhysicalMemory memory, uint pfn, in VolumeGeometry geometry, ulong id, LayeredImage[] disks)
    {
        for (int member = 0; member < disks.Length; member++)
        {
            memory.Clear(pfn);
            ref MirrorRecord record = ref memory.As<MirrorRecord>(pfn);
            record.InStep = MirrorRecord.Both;
            record.Member = (uint)member;
            BlockHeader.Seal(memory, pfn, MirrorRecord.MagicValue, id, 1);
            for (int copy = 0; copy < VolumeGeometry.Copies; copy++)
            {
                disks[member].Write((int)geometry.MirrorBlock(copy), memory.Bytes(pfn));
            }
        }
    }

    private void Begin(ulong seed)
    {
        _random = new SeededRandom(seed);
        int number = _random.Below(_bases.Length);
        _base = _bases[number];
        _disks = _images[number];
        foreach (LayeredImage disk in _disks)
        {
            disk.Clear();
        }

        Pair(_machine.Memory, (uint)CrashRun.MachineFrames + 1, _base.Geometry, BaseVolume.Id, _disks);
        _machine.Model = _base.Model;
        _whole = MirrorRecord.Both;
        _isNested = false;
        Array.Clear(_isOut);
        Array.Clear(_isUnsure);
    }

    /// <summary>Power on, with both disks or the one that holds everything, and compare.</summary>
    private string? Boot()
    {
        StoreModel model = _machine.Model;
        _before = model.Fork();
        ulong possible = Math.Max(model.Acknowledged, model.Snapshotted);
        bool leavesOut = _random.Chance(LeaveOutPercent);
        int left = _whole == MirrorRecord.Both ? 1 << _random.Below(MirrorRecord.Members) : (int)_whole;
        int place = left >> 1;
        _isOut[0] = leavesOut && place != 0;
        _isOut[1] = leavesOut && place != 1;
        _statistics.Recoveries++;
        _statistics.BootsWithOne += leavesOut ? 1 : 0;
        _statistics.BootsWithStale += !leavesOut && _whole != MirrorRecord.Both ? 1 : 0;
        RecoveryResult result = leavesOut ? _machine.Boot(_disks[place]) : _machine.Boot(_disks[0], _disks[1]);
        string? error = StateChecker.Check(_machine, result, model, possible, _base.Changer);
        if (error == null)
        {
            _machine.Model = model.RestartedAt(result.Generation);
        }

        _inStepAtBoot = _machine.Mirror.InStep;
        return error == null ? null : $"{(leavesOut ? $"with disk {place} alone" : "with both disks")}: {error}";
    }

    /// <summary>Cycles until the power goes.</summary>
    private string? Live()
    {
        int cycles = 1 + _random.Below(MostCycles);
        bool isInPhase = _random.Chance(CutInPhasePercent);
        _planCycle = isInPhase ? _random.Below(cycles) : -1;
        _callsToCut = !isInPhase && _random.Chance(CutPercent)
            ? _random.Below(_random.Chance(20) ? 60 : 2500)
            : int.MaxValue;
        Listen();
        string? error = null;
        try
        {
            error = Cycles(cycles);
        }
        catch (PowerCutException)
        {
            _statistics.CutsInPhase[(int)_machine.CurrentPhase]++;
        }

        _plan = null;
        _machine.Disk.OnCall = null;
        _statistics.Cuts++;
        Cut(_machine.Disk);
        if (_machine.Second is { } second)
        {
            second.OnCall = null;
            Cut(second);
        }

        _whole = Sound();
        bool isSettled = _machine.Mirror.IsSettled;
        if (!isSettled)
        {
            // Nothing was written, or not all of what comes first: the disks may still differ as they did.
            _machine.Model = _before;
        }

        return error != null ? $"{error} (in step: {_whole})" : isSettled ? CheckReports() : null;
    }

    private void Cut(CrashDisk disk)
    {
        if (!disk.IsGone)
        {
            disk.Cut(disk.Image, CutPattern.Choose(_random, disk.PendingCount));
        }
    }

    private string? CheckReports()
    {
        foreach ((StoreMessage message, _, _) in _machine.Reports)
        {
            _statistics.InStepAgain += message == StoreMessage.MirrorInStep ? 1 : 0;
        }

        return StateChecker.CheckReports(_machine);
    }

    private string? Cycles(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _plan = i == _planCycle ? CutPlan.Choose(_random) : null;
            if (Failed(_machine.Store.Migrate(), out string? error))
            {
                return error;
            }

            _machine.Store.Tend();
            CopyOn(_random.Below(80));
            _machine.RunDomains(_base.Changer, _random, Changes);
            for (int page = _random.Below(4); page > 0; page--)
            {
                ulong frame = _base.Changer.Frames[_random.Below(_base.Changer.Frames.Length)];
                Outcome outcome = _machine.Journal(frame);
                if (outcome != Outcome.NoSpace && Failed(outcome, out error))
                {
                    return error;
                }
            }

            if (Failed(_machine.Store.Checkpoint(), out error))
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>True when the life is over: the error is null where the disk that was booted from went before the
    /// other was made equal to it.</summary>
    private bool Failed(Outcome outcome, out string? error)
    {
        bool isExcused = _isUnsure[0] && !_machine.Mirror.IsSettled;
        error = outcome == Outcome.Ok || isExcused ? null : $"{outcome} with a disk that is in step";
        _statistics.GoneAtBoot += outcome != Outcome.Ok && isExcused ? 1 : 0;
        return outcome != Outcome.Ok;
    }

    private void CopyOn(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            _isNested = true;
            _machine.Mirror.Work();
            _isNested = false;
            _machine.Store.Tend();
        }
    }

    private void Listen()
    {
        _isQuiet = false;
        _isNested = false;
        Array.Clear(_isUnsure);
        _machine.Disk.OnCall = Called;
        _machine.OnPhase = phase => _plan?.Enter(phase);
        if (_machine.Second is { } second)
        {
            second.OnCall = Called;
        }
    }

    /// <summary>At each request to a disk: the power goes, a disk is pulled or put back, a piece is copied, domains go
    /// on.</summary>
    private void Called()
    {
        if (_isQuiet)
        {
            return;
        }

        _plan?.Count();
        if (--_callsToCut < 0)
        {
            throw new PowerCutException();
        }

        if (_machine.Second != null)
        {
            PutBackBrief();
            if (_random.Below(400) < 3)
            {
                PullOrPutBack();
            }
        }

        if (!_isNested)
        {
            _isNested = true;
            if (_random.Chance(20))
            {
                _machine.RunDomains(_base.Changer, _random, _random.Below(3));
            }

            for (int i = _random.Below(4); i > 0; i--)
            {
                _machine.Mirror.Work();
            }

            _isNested = false;
        }
    }

    private void PutBackBrief()
    {
        for (int number = 0; number < MirrorRecord.Members; number++)
        {
            CrashDisk disk = number == 0 ? _machine.Disk : _machine.Second!;
            if (_isBrief[number] && disk.IsGone && disk.HasRefused)
            {
                disk.ComeBack();
            }
        }
    }

    private void PullOrPutBack()
    {
        int number = _random.Below(MirrorRecord.Members);
        CrashDisk disk = number == 0 ? _machine.Disk : _machine.Second!;
        if (disk.IsGone)
        {
            if (disk.HasRefused)
            {
                disk.ComeBack();
            }
        }
        else if ((Sound() & ~(1u << number)) != 0)
        {
            _statistics.Pulled++;
            _isUnsure[number] = true;
            _isBrief[number] = _random.Chance(BrieflyPercent);
            disk.Vanish(CutPattern.Choose(_random, disk.PendingCount));
        }
    }

    /// <summary>The disks that hold everything for sure.</summary>
    private uint Sound()
    {
        uint inStep = Confirmed(_machine.Mirror.InStep);
        uint sound = inStep;
        for (int number = 0; number < MirrorRecord.Members; number++)
        {
            // What is no longer in step was noticed.
            uint bit = 1u << number;
            _isUnsure[number] &= (inStep & bit) != 0;
            sound &= _isUnsure[number] ? ~bit : uint.MaxValue;
        }

        return sound;
    }

    /// <summary>A disk that was brought up to date counts when that is told: its own record is the last to be
    /// written.</summary>
    private uint Confirmed(uint inStep)
    {
        int lost = _machine.Reports.FindLastIndex(report => report.Message == StoreMessage.MirrorLost);
        int joined = _machine.Reports.FindLastIndex(report => report.Message == StoreMessage.MirrorInStep);
        return inStep != MirrorRecord.Both || joined > lost ? inStep
            : lost >= 0 ? (uint)_machine.Reports[lost].Second
            : _inStepAtBoot;
    }

    /// <summary>Nothing happens any more until all disks that are there are in step.</summary>
    private string? BringUpToDate()
    {
        _isQuiet = true;
        _machine.OnPhase = null;
        Outcome outcome = _machine.Store.Migrate();
        for (int i = 0; i < MostSteps && _machine.Second != null && outcome == Outcome.Ok; i++)
        {
            CopyOn(1);
            if (_machine.Mirror.InStep == MirrorRecord.Both)
            {
                break;
            }
        }

        _machine.RunDomains(_base.Changer, _random, Changes);
        outcome = outcome == Outcome.Ok ? _machine.Store.Checkpoint() : outcome;
        bool isInStep = _machine.Second == null || _machine.Mirror.InStep == MirrorRecord.Both;
        return outcome != Outcome.Ok ? "the last checkpoint failed"
            : isInStep ? CheckReports()
            : "the disks are not in step at the end";
    }

    /// <summary>The power goes with everything that is not flushed; each disk that is in step is enough.</summary>
    private string? EachAlone()
    {
        StoreModel model = _machine.Model;
        uint inStep = _machine.Mirror.InStep;
        bool hasTwo = _machine.Second != null;
        for (int number = 0; number < MirrorRecord.Members; number++)
        {
            if (hasTwo ? ((inStep >> number) & 1) == 0 : _isOut[number])
            {
                continue;
            }

            _statistics.Recoveries++;
            _machine.Model = model.Fork();
            RecoveryResult result = _machine.Boot(_disks[number]);
            string? error = StateChecker.Check(_machine, result, _machine.Model, model.Acknowledged, _base.Changer);
            if (error != null)
            {
                return $"disk {number} alone, at the end: {error}";
            }
        }

        return null;
    }
}
