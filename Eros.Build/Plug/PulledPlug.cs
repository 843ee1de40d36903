// PulledPlug: one session that ends with a pulled plug: some commands, an acknowledged checkpoint, more commands, and a
// second checkpoint in one phase of which the plug is pulled. For the phase between checkpoints there is no second one.

using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Eros.Build.Qemu;

namespace Eros.Build.Plug;

/// <summary>What one pull left behind.</summary>
/// <param name="Phase">The phase in which the plug was pulled.</param>
/// <param name="Expected">What the disk, and replays of its log, may come back as.</param>
internal sealed record PulledPlug(MachineMark Phase, Expectation Expected)
{
    private const int MostSteps = 3;
    private const int LongestDelayMicroseconds = 4000;

    /// <summary>Of a checkpoint, in the machine's time: enough for a constructor's product and its end.</summary>
    private const int LongestWaitMicroseconds = 20_000;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>Marks of one checkpoint, in order: as many must pass as stand up to the phase.</summary>
    private static readonly MachineMark[] _order =
        [MachineMark.Snapshot, MachineMark.Stabilise, MachineMark.Commit, MachineMark.Migrate];

    /// <summary>Drives a machine that is in the newest state of <paramref name="expected"/>, and pulls its plug in
    /// <paramref name="phase"/>, or close to it: the result says where.</summary>
    /// <param name="booted">The machine.</param>
    /// <param name="expected">What is known of its state.</param>
    /// <param name="phase">Where to pull.</param>
    /// <param name="log">The write log; null: there is none.</param>
    /// <param name="random">Chooses the rest.</param>
    /// <param name="disturb">Called before each checkpoint: what it begins goes on during that.</param>
    /// <exception cref="MachineException">The machine does not do what it is told.</exception>
    internal static PulledPlug Pull(
        BootedMachine booted,
        Expectation expected,
        MachineMark phase,
        string? log,
        Random random,
        Action? disturb = null)
    {
        Work(booted.Witnesses, expected, random);
        disturb?.Invoke();
        Checkpoint(booted, expected, log, Wait(random));
        Work(booted.Witnesses, expected, random);
        disturb?.Invoke();
        if (phase == MachineMark.Idle)
        {
            Delay(random);
            booted.Machine.Pull();
        }
        else
        {
            PullInCheckpoint(booted, expected, Array.IndexOf(_order, phase) + 1, random);
        }

        return new PulledPlug(LastMark(booted.Port), expected);
    }

    private static void Work(Witnesses witnesses, Expectation expected, Random random)
    {
        for (int step = random.Next(MostSteps); step >= 0; step--)
        {
            string value = random.Next().ToString();
            witnesses.Set(value);
            expected.Became(expected.Now with { Value = value });
            expected.Became(expected.Now with { Count = witnesses.Count() });
        }
    }

    /// <summary>One checkpoint from the request until everything is home.</summary>
    private static void Checkpoint(BootedMachine booted, Expectation expected, string? log, TimeSpan wait)
    {
        int marks = booted.Port.Marks.Count;
        Progress progress = booted.Witnesses.Progress();
        booted.Witnesses.Checkpoint(wait);
        expected.Acknowledged(progress, log == null ? 0 : new FileInfo(log).Length);
        if (!booted.Port.WaitFor(MachineMark.Migrate, marks, _patience)
            || !booted.Port.WaitFor(MachineMark.Idle, LastOf(booted.Port, MachineMark.Migrate), _patience))
        {
            throw new MachineException("A checkpoint was acknowledged and never marked as home.");
        }
    }

    private static int LastOf(DebugPort port, MachineMark mark) => port.Marks.ToList().LastIndexOf(mark);

    private static void PullInCheckpoint(BootedMachine booted, Expectation expected, int marks, Random random)
    {
        Progress progress = booted.Witnesses.Progress();
        int before = booted.Machine.Output.Length;
        booted.Port.Arm(marks);
        booted.Machine.Type(Witnesses.CheckpointCommand(Wait(random)) + "\r");
        if (!booted.Port.WaitUntilFull(_patience))
        {
            throw new MachineException("A checkpoint was asked for and its phases were not marked.");
        }

        Delay(random);
        booted.Machine.Pull();
        booted.Port.Release();
        if (booted.Machine.Output[before..].Contains(" committed", StringComparison.Ordinal))
        {
            expected.Acknowledged(progress, long.MaxValue);
        }
    }

    private static TimeSpan Wait(Random random) =>
        TimeSpan.FromMicroseconds(random.Next(LongestWaitMicroseconds));

    /// <summary>Half of the pulls come at once.</summary>
    private static void Delay(Random random)
    {
        int microseconds = random.Next(-LongestDelayMicroseconds, LongestDelayMicroseconds);
        TimeSpan delay = TimeSpan.FromMicroseconds(Math.Max(0, microseconds));
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < delay)
        {
        }
    }

    /// <summary>The phase that the machine was last in; before the first checkpoint of a boot that is idle.</summary>
    private static MachineMark LastMark(DebugPort port) =>
        port.Marks is [.., var last] && last != MachineMark.Entry ? last : MachineMark.Idle;
}
