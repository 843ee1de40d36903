// PullingRun: what runs of pulls have in common: how often, what of a wrong one is kept, and how a machine that has
// come back is judged.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Qemu;

namespace Eros.Build.Plug;

/// <summary>A run of pulls, with one disk or two.</summary>
public abstract class PullingRun
{
    protected PullingRun(PlugOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        Random = new Random(options.Seed);
    }

    private protected PlugOptions Options { get; }

    private protected Random Random { get; }

    private protected PlugReport Report { get; } = new();

    /// <summary>What is kept of a wrong pull: disks and logs, of those that are there.</summary>
    private protected abstract IEnumerable<string> Files { get; }

    /// <summary>Something was wrong, and that is enough.</summary>
    private protected bool HasEnded => Options.EndsWhenWrong && Report.Wrong.Count > 0;

    /// <summary>Pulls the plug as often as was asked, and some more where a phase was missed.</summary>
    /// <param name="progress">Called with the report after each pull.</param>
    public PlugReport Run(Action<PlugReport> progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        Directory.CreateDirectory(Options.Folder);
        Renew();
        for (int pull = 0; pull < Options.Pulls && !HasEnded; pull++)
        {
            PullOnce(Options.Phases[pull % Options.Phases.Count]);
            progress(Report);
        }

        for (int extra = 0; extra < Options.ExtraPulls && !HasEnded && Missed() is { } phase; extra++)
        {
            PullOnce(phase);
            progress(Report);
        }

        End();
        return Report;
    }

    /// <summary>Boots, judges, has the machine work, and pulls the plug in a phase.</summary>
    private protected abstract void PullOnce(MachineMark phase);

    /// <summary>Makes the disks anew.</summary>
    private protected abstract void Renew();

    /// <summary>The last look at the disks.</summary>
    private protected abstract void End();

    /// <summary>Counts what is under way in the state that a disk comes back to.</summary>
    private protected void Look(string disk)
    {
        if (SavedBustle.Read(disk) is { } saved)
        {
            Report.UnderWay.Add(saved);
            if (BustleJudge.Complaint(saved.Workers) is { } complaint)
            {
                throw new MachineException($"on the disk: {complaint}");
            }
        }
    }

    /// <summary>Judges the state of a machine that has booted, and ends it where that is wrong.</summary>
    private protected BootedMachine Examine(
        BootedMachine booted, Expectation? expected, out Expectation found, long logLength = long.MaxValue)
    {
        try
        {
            ShellState state = booted.Witnesses.Read();
            Progress progress = booted.Witnesses.Progress();
            if ((booted.Complaint ?? expected?.Judge(state, progress, logLength)) is { } problem)
            {
                throw new MachineException(problem);
            }

            booted.Witnesses.WorkersGoOn();

            found = new Expectation(state, expected);
            found.Became(state with { Count = state.Count + 1 });
            if (!booted.IsFirstBoot)
            {
                Report.Resumed(booted.Resume);
            }

            return booted;
        }
        catch (MachineException)
        {
            booted.Dispose();
            throw;
        }
    }

    /// <summary>Does something that may go wrong, by a <see cref="MachineException"/>; then keeps what it went wrong
    /// on.</summary>
    private protected void Try(string what, Action action)
    {
        try
        {
            action();
        }
        catch (MachineException e)
        {
            Report.Failed(new WrongPull(Report.Pulls, what, e.Message));
            Keep();
        }
    }

    /// <summary>Puts the disks of a failure where the next pull does not overwrite them.</summary>
    private void Keep()
    {
        string folder = Path.Combine(Options.Folder, $"wrong-{Report.Wrong.Count}");
        Directory.CreateDirectory(folder);
        foreach (string file in Files.Where(File.Exists))
        {
            DiskFile.CopySparse(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    private MachineMark? Missed()
    {
        MachineMark[] missed = [.. Options.Phases.Where(phase => Report.PullsIn(phase) < Options.LeastPerPhase)];
        return missed.Length == 0 ? null : missed[0];
    }
}
