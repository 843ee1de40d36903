// SeededRun: one seed, whatever kind of run it is. A used volume, lives of a machine on it, and what comes back is
// compared with the model. All that happens by chance is drawn from one stream, and what could be left out is a step
// of the history.

using System;
using Eros.Persistence.Base;

namespace Eros.Tests.Crash;

/// <summary>Makes runs of one kind, one after another, with a machine and images that it keeps.</summary>
public abstract class SeededRun : IDisposable
{
    /// <summary>
    /// Physical frames of a simulated machine: the store takes nearly 400, the objects 244; what may be dirty at one
    /// time runs out, and so does what is left for images of the snapshot.
    /// </summary>
    public const int MachineFrames = 720;

    private readonly BaseVolume[] _bases;

    protected SeededRun(BaseVolume[] bases, CrashStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(bases);
        _bases = bases;
        Base = bases[0];
        Statistics = statistics;
        Machine = new SimulatedMachine(MachineFrames, bases[0].Image);
    }

    /// <summary>What its disks have done.</summary>
    public FaultCounts Faults => Machine.Faults;

    /// <summary>The steps of its runs.</summary>
    public History History => Machine.History;

    protected CrashStatistics Statistics { get; }

    protected SimulatedMachine Machine { get; }

    /// <summary>The volume that the run began with, and which of them it is.</summary>
    protected BaseVolume Base { get; private set; }
    protected int BaseNumber { get; private set; }

    /// <summary>The run's seed, and all of its chance.</summary>
    protected ulong Seed { get; private set; }
    protected SeededRandom Random { get; private set; } = new(0);

    /// <summary>When the power is to go; null: it is not.</summary>
    protected CutPlan? Plan { get; set; }

    /// <summary>One run; null, or what went wrong.</summary>
    public string? Run(ulong seed)
    {
        Begin(seed);
        string? error;
        try
        {
            error = Go();
        }
        catch (Exception exception)
        {
            error = exception.Message;
        }

        return Conclude(error);
    }

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing) => Machine.Dispose();

    /// <summary>The machine is off, and its disk is one of the used volumes.</summary>
    protected void Begin(ulong seed)
    {
        Seed = seed;
        Random = new SeededRandom(seed);
        History.Follow(Random);
        BaseNumber = Random.Below(_bases.Length);
        Base = _bases[BaseNumber];
        Machine.Model = Base.Model;
        Plan = null;
        Prepare();
    }

    /// <summary>What is in the log comes home, as far as it must.</summary>
    protected Outcome Migrate()
    {
        using StepScope step = History.Begin(isNeeded: true);
        History.Tell($"migration");
        return Machine.Store.Migrate();
    }

    /// <summary>A checkpoint; Ok when it is left out.</summary>
    protected Outcome Checkpoint()
    {
        using StepScope step = History.Begin();
        if (!step.IsDone)
        {
            return Outcome.Ok;
        }

        History.Tell($"checkpoint: generation {Machine.Store.CommittedGeneration + 1}");
        return Machine.Store.Checkpoint();
    }

    /// <summary>Whatever this kind of run begins with.</summary>
    protected abstract void Prepare();

    /// <summary>The run; null, or what went wrong. What it throws went wrong, too.</summary>
    protected abstract string? Go();

    /// <summary>Counts the run, and says of which kind what went wrong is.</summary>
    protected abstract string? Conclude(string? error);
}
