// MirrorRun: one seed on two disks. Some lives of a machine, each ended by a power cut; disks are pulled at any
// request, plugged in again while the machine runs, or at a later boot, stale. Whatever happens, the state is the
// model's, and with one disk that holds everything no operation fails. At the end each disk that is in step is booted
// alone.
//
// Which disk may be pulled is the machine's own word: while both are in step either, else the one that is not; but none
// while the other was pulled and the machine does not know. A disk that was pulled answers again when it has refused a
// request: one that loses its cache between two requests would be noticed by nobody. At times the last disk that holds
// everything is pulled, too, once in a life: an operation may fail from then on, and is the end of that life.

using System;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;

namespace Eros.Tests.Crash;

/// <summary>Makes runs, one after another, with a machine and images that it keeps.</summary>
public sealed class MirrorRun : TwoDiskRun
{
    private const int MostLives = 5;
    private const int MostCycles = 3;
    private const int Changes = 30;
    private const int CutPercent = 80;
    private const int CutInPhasePercent = 60;
    private const int LeaveOutPercent = 30;

    /// <summary>Of the chances to pull the last disk, those that are taken.</summary>
    private const int LastPercent = 40;

    /// <summary>Of the disks that are pulled, those that refuse one request only.</summary>
    private const int BrieflyPercent = 30;

    /// <summary>A recovery takes fewer steps than this, however often it begins anew.</summary>
    private const int MostSteps = 2000;

    // By disk: it was pulled and not put back; which of them holds everything when the power is off.
    private readonly bool[] _isOut = new bool[MirrorRecord.Members];
    private readonly bool[] _isBrief = new bool[MirrorRecord.Members];
    private readonly bool[] _isUnsure = new bool[MirrorRecord.Members];
    private StoreModel _before = new();
    private uint _inStepAtBoot;
    private uint _whole;
    private int _callsToCut;
    private int _planCycle;
    private bool _isNested;
    private bool _isQuiet;
    private bool _isLastPulled;

    public MirrorRun(BaseVolume[] bases, CrashStatistics statistics)
        : base(bases, statistics)
    {
    }

    protected override void Prepare()
    {
        base.Prepare();
        Pair();
        _whole = MirrorRecord.Both;
        _isNested = false;
        Array.Clear(_isOut);
        Array.Clear(_isUnsure);
    }

    protected override string? Go()
    {
        string? error = null;
        for (int life = 1 + Random.Below(MostLives); life > 0 && error == null; life--)
        {
            using StepScope step = History.Begin();
            error = step.IsDone ? Life() : null;
        }

        return error ?? Boot() ?? BringUpToDate() ?? EachAlone();
    }

    private string? Life()
    {
        History.Tell($"a life of the machine");
        return Boot() ?? Live();
    }

    protected override string? Conclude(string? error)
    {
        Statistics.MirrorRuns++;
        return error;
    }

    /// <summary>Power on, with both disks or the one that holds everything, and compare.</summary>
    private string? Boot()
    {
        using StepScope step = History.Begin(isNeeded: true);
        StoreModel model = Machine.Model;
        _before = model.Fork();
        ulong possible = Math.Max(model.Acknowledged, model.Snapshotted);
        bool leavesOut = Random.Chance(LeaveOutPercent);
        int left = _whole == MirrorRecord.Both ? 1 << Random.Below(MirrorRecord.Members) : (int)_whole;
        int place = left >> 1;
        _isOut[0] = leavesOut && place != 0;
        _isOut[1] = leavesOut && place != 1;
        Statistics.Recoveries++;
        Statistics.BootsWithOne += leavesOut ? 1 : 0;
        Statistics.BootsWithStale += !leavesOut && _whole != MirrorRecord.Both ? 1 : 0;
        RecoveryResult result = leavesOut ? Machine.Boot(Disks[place]) : Machine.Boot(Disks[0], Disks[1]);
        string? error = StateChecker.Check(Machine, result, model, possible, Base.Changer);
        if (error == null)
        {
            Machine.Model = model.RestartedAt(result.Generation);
        }

        _inStepAtBoot = Machine.Mirror.InStep;
        string with = leavesOut ? $"with disk {place} alone" : "with both disks";
        History.Tell($"boot {with}: generation {result.Generation}, in step {_inStepAtBoot}");
        return error == null ? null : $"{with}: {error}";
    }

    /// <summary>Cycles until the power goes.</summary>
    private string? Live()
    {
        int cycles = 1 + Random.Below(MostCycles);
        bool isInPhase = Random.Chance(CutInPhasePercent);
        _planCycle = isInPhase ? Random.Below(cycles) : -1;
        _callsToCut = !isInPhase && Random.Chance(CutPercent)
            ? Random.Below(Random.Chance(20) ? 60 : 2500)
            : int.MaxValue;
        Listen();
        string? error = null;
        try
        {
            using StepScope step = History.Begin(isNeeded: true);
            History.Tell($"until the power goes");
            error = Cycles(cycles);
        }
        catch (PowerCutException)
        {
            Statistics.CutsInPhase[(int)Machine.CurrentPhase]++;
        }

        Plan = null;
        Machine.Disk.OnCall = null;
        if (Machine.Second is { } second)
        {
            second.OnCall = null;
        }

        Statistics.Cuts++;
        CutAll();
        _whole = Sound();
        bool isSettled = Machine.Mirror.IsSettled;
        if (!isSettled)
        {
            // Nothing was written, or not all of what comes first: the disks may still differ as they did.
            Machine.Model = _before;
        }

        return error != null ? $"{error} (in step: {_whole})" : isSettled && !_isLastPulled ? CheckReports() : null;
    }

    private string? CheckReports()
    {
        foreach ((StoreMessage message, _, _) in Machine.Reports)
        {
            Statistics.InStepAgain += message == StoreMessage.MirrorInStep ? 1 : 0;
        }

        return StateChecker.CheckReports(Machine);
    }

    private string? Cycles(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Plan = i == _planCycle ? CutPlan.Choose(Random) : null;
            if (Failed(MigrateAndTend(), out string? error))
            {
                return error;
            }

            CopySome(Random.Below(80));
            Machine.RunDomains(Base.Changer, Random, Changes);
            for (int page = Random.Below(4); page > 0; page--)
            {
                Outcome outcome = Machine.JournalAny(Base.Changer, Random);
                if (outcome != Outcome.NoSpace && Failed(outcome, out error))
                {
                    // Nobody knows whether it is on the disk.
                    Machine.Model.UnderWay =
                        Machine.Model.Unsure is [.., var (_, frame, unsure)] ? (frame, unsure) : null;
                    return error;
                }
            }

            if (Failed(Checkpoint(), out error))
            {
                return error;
            }
        }

        return null;
    }

    private Outcome MigrateAndTend()
    {
        using StepScope step = History.Begin(isNeeded: true);
        Outcome outcome = Migrate();
        if (outcome == Outcome.Ok)
        {
            Machine.Store.Tend();
        }

        History.Tell($"what must be done before changes");
        return outcome;
    }

    /// <summary>True when the life is over: the error is null where the disk that was booted from went before the
    /// other was made equal to it, or the last disk went.</summary>
    private bool Failed(Outcome outcome, out string? error)
    {
        bool isExcused = _isLastPulled || (_isUnsure[0] && !Machine.Mirror.IsSettled);
        error = outcome == Outcome.Ok || isExcused ? null : $"{outcome} with a disk that is in step";
        Statistics.GoneAtBoot += outcome != Outcome.Ok && isExcused ? 1 : 0;
        return outcome != Outcome.Ok;
    }

    private void CopySome(int steps)
    {
        using StepScope step = History.Begin();
        if (step.IsDone)
        {
            History.Tell($"{steps} pieces are copied to a disk that is not in step, if one is");
            CopyOn(steps);
        }
    }

    private void CopyOn(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            _isNested = true;
            Machine.Mirror.Work();
            _isNested = false;
            Machine.Store.Tend();
        }
    }

    private void Listen()
    {
        _isQuiet = false;
        _isLastPulled = false;
        _isNested = false;
        Array.Clear(_isUnsure);
        Machine.Disk.OnCall = Called;
        Machine.OnPhase = phase => Plan?.Enter(phase);
        if (Machine.Second is { } second)
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

        Plan?.Count();
        if (--_callsToCut < 0)
        {
            throw new PowerCutException();
        }

        if (Machine.Second != null)
        {
            PutBackBrief();
            if (Random.Below(400) < 3)
            {
                PullOrPutBack();
            }
        }

        if (!_isNested)
        {
            _isNested = true;
            if (Random.Chance(20))
            {
                Machine.RunDomains(Base.Changer, Random, Random.Below(3));
            }

            for (int i = Random.Below(4); i > 0; i--)
            {
                Machine.Mirror.Work();
            }

            _isNested = false;
        }
    }

    private void PutBackBrief()
    {
        for (int number = 0; number < MirrorRecord.Members; number++)
        {
            CrashDisk disk = number == 0 ? Machine.Disk : Machine.Second!;
            if (_isBrief[number] && disk.IsGone && disk.HasRefused)
            {
                disk.ComeBack();
            }
        }
    }

    private void PullOrPutBack()
    {
        using StepScope step = History.Begin();
        if (!step.IsDone)
        {
            return;
        }

        int number = Random.Below(MirrorRecord.Members);
        CrashDisk disk = number == 0 ? Machine.Disk : Machine.Second!;
        if (disk.IsGone)
        {
            if (disk.HasRefused)
            {
                History.Tell($"disk {number} is put back");
                disk.ComeBack();
            }
        }
        else if ((Sound() & ~(1u << number)) != 0)
        {
            Statistics.Pulled++;
            History.Tell($"disk {number} is pulled");
            _isUnsure[number] = true;
            Pull(disk, number);
        }
        else if (!_isLastPulled && Sound() == Machine.Mirror.InStep && Sound() == 1u << number
            && Random.Chance(LastPercent))
        {
            Statistics.PulledLast++;
            History.Tell($"disk {number} is pulled, the last one that holds everything");
            _isLastPulled = true;
            Pull(disk, number);
        }
    }

    private void Pull(CrashDisk disk, int number)
    {
        _isBrief[number] = Random.Chance(BrieflyPercent);
        disk.Vanish(CutPattern.Choose(Random, disk.PendingCount));
    }

    /// <summary>The disks that hold everything for sure.</summary>
    private uint Sound()
    {
        uint inStep = Confirmed(Machine.Mirror.InStep);
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
        int lost = Machine.Reports.FindLastIndex(report => report.Message == StoreMessage.MirrorLost);
        int joined = Machine.Reports.FindLastIndex(report => report.Message == StoreMessage.MirrorInStep);
        return inStep != MirrorRecord.Both || joined > lost ? inStep
            : lost >= 0 ? (uint)Machine.Reports[lost].Second
            : _inStepAtBoot;
    }

    /// <summary>Nothing happens any more until all disks that are there are in step.</summary>
    private string? BringUpToDate()
    {
        using StepScope step = History.Begin(isNeeded: true);
        History.Tell($"all disks that are there are brought up to date, and a checkpoint");
        _isQuiet = true;
        Machine.OnPhase = null;
        Outcome outcome = Machine.Store.Migrate();
        for (int i = 0; i < MostSteps && Machine.Second != null && outcome == Outcome.Ok; i++)
        {
            CopyOn(1);
            if (Machine.Mirror.InStep == MirrorRecord.Both)
            {
                break;
            }
        }

        Machine.RunDomains(Base.Changer, Random, Changes);
        outcome = outcome == Outcome.Ok ? Machine.Store.Checkpoint() : outcome;
        bool isInStep = Machine.Second == null || Machine.Mirror.InStep == MirrorRecord.Both;
        return outcome != Outcome.Ok ? "the last checkpoint failed"
            : isInStep ? CheckReports()
            : "the disks are not in step at the end";
    }

    /// <summary>The power goes with everything that is not flushed; each disk that is in step is enough.</summary>
    private string? EachAlone()
    {
        StoreModel model = Machine.Model;
        uint inStep = Machine.Mirror.InStep;
        bool hasTwo = Machine.Second != null;
        for (int number = 0; number < MirrorRecord.Members; number++)
        {
            if (hasTwo ? ((inStep >> number) & 1) == 0 : _isOut[number])
            {
                continue;
            }

            Statistics.Recoveries++;
            Machine.Model = model.Fork();
            RecoveryResult result = Machine.Boot(Disks[number]);
            string? error = StateChecker.Check(Machine, result, Machine.Model, model.Acknowledged, Base.Changer);
            if (error != null)
            {
                return $"disk {number} alone, at the end: {error}";
            }
        }

        return null;
    }
}
