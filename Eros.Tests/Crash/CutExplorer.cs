// CutExplorer: at one instant of a run, the ways in which the power can go. For each, a machine of its own recovers and
// is compared with the model; where all are tried, it takes one more checkpoint, and recovers that.

using System;
using Eros.Persistence.Base;
using Eros.Persistence.Recovery;

namespace Eros.Tests.Crash;

/// <summary>Explores the cuts of a disk. Keeps its machine.</summary>
public sealed class CutExplorer(LayeredImage durable, ObjectChanger changer) : IDisposable
{
    private const int Subsets = 16;

    private readonly LayeredImage _image = new(durable.BlockCount, durable);
    private readonly SimulatedMachine _machine = new(SeededRun.MachineFrames, durable);
    private readonly ObjectChanger _changer = changer;

    /// <summary>Cuts tried and recoveries made.</summary>
    public int Cuts { get; private set; }
    public int Recoveries { get; private set; }

    public void Dispose() => _machine.Dispose();

    /// <summary>Tries all cuts of <paramref name="disk"/> as it stands; the first error, or null.</summary>
    public string? Explore(CrashDisk disk, StoreModel model, ulong possible, ulong seed)
    {
        string? error = TryAndGoOn("all kept", CutPattern.KeepAll) ?? TryAndGoOn("all dropped", CutPattern.DropAll);
        for (int i = 0; i < disk.PendingCount && error == null; i++)
        {
            error = TryAndGoOn($"write {i} dropped", CutPattern.DropOne(i));
            for (int sector = 1; sector < CutPattern.Sectors && error == null; sector++)
            {
                error = TryAndGoOn($"write {i} torn at {sector}", CutPattern.Tear(i, sector));
            }
        }

        for (int i = 0; i < Subsets && error == null; i++)
        {
            error = TryAndGoOn($"subset {i}", CutPattern.Subset(seed + (ulong)i));
        }

        return error;

        string? TryAndGoOn(string what, Func<int, int, bool> pattern) =>
            Try(disk, model, possible, what, pattern, new SeededRandom(seed));
    }

    /// <summary>Tries some cuts by chance, and only recovers; the first error, or null.</summary>
    public string? ExploreSome(CrashDisk disk, StoreModel model, ulong possible, ulong seed, int count)
    {
        var random = new SeededRandom(seed);
        string? error = null;
        for (int i = 0; i < count && error == null; i++)
        {
            Func<int, int, bool> pattern = CutPattern.Choose(random, disk.PendingCount);
            error = Try(disk, model, possible, $"another cut there, {i}", pattern, goOn: null);
        }

        return error;
    }

    private string? Try(
        CrashDisk disk,
        StoreModel model,
        ulong possible,
        string what,
        Func<int, int, bool> pattern,
        SeededRandom? goOn)
    {
        Cuts++;
        _image.Clear();
        _machine.Reports.Clear();
        disk.Cut(_image, pattern);
        string? error;
        try
        {
            error = Recover(model.Fork(), possible) ?? (goOn == null ? null : GoOn(goOn));
        }
        catch (Exception exception)
        {
            error = exception.Message;
        }

        return error == null ? null : $"{what}: {error}";
    }

    private string? Recover(StoreModel model, ulong possible)
    {
        Recoveries++;
        _machine.Model = model;
        string? error = StateChecker.CheckReports(_machine);
        RecoveryResult result = _machine.Boot(_image);
        error ??= StateChecker.Check(_machine, result, model, possible, _changer);
        if (error == null)
        {
            _machine.Model = model.RestartedAt(result.Generation);
        }

        return error;
    }

    private string? GoOn(SeededRandom random)
    {
        if (_machine.Store.Migrate() != Outcome.Ok)
        {
            return "migration after the cut failed";
        }

        for (int i = 0; i < 4; i++)
        {
            _changer.Change(_machine, random);
        }

        if (_machine.Store.Checkpoint() != Outcome.Ok)
        {
            return "checkpoint after the cut failed";
        }

        return Recover(_machine.Model, _machine.Model.Acknowledged);
    }
}
