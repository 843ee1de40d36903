// BusyRecording: a machine with workers that keep every service busy, whose writes to its disk are recorded while it
// takes checkpoint after checkpoint; at last its plug is pulled.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Eros.Build.Qemu;

namespace Eros.Build.Plug;

/// <summary>A checkpoint that was acknowledged.</summary>
/// <param name="Generation">Its generation.</param>
/// <param name="LogLength">Bytes of the write log when that was seen.</param>
public readonly record struct Commit(ulong Generation, long LogLength);

/// <summary>What a busy machine wrote.</summary>
/// <param name="Before">The disk as it was before, a file.</param>
/// <param name="Log">The write log, a file.</param>
/// <param name="Commits">The checkpoints that were acknowledged meanwhile, in their order.</param>
public sealed record BusyRecording(string Before, string Log, IReadOnlyList<Commit> Commits)
{
    private const int MostStepsBetween = 12;
    private const int LongestWaitMicroseconds = 400_000;

    private static readonly TimeSpan _spare = TimeSpan.FromMinutes(5);

    /// <summary>Lets the system of <see cref="PlugOptions.Pristine"/> work for so long. Leaves its files in the
    /// folder.</summary>
    /// <exception cref="MachineException">The machine does not do what it is told.</exception>
    public static BusyRecording Make(PlugOptions options, TimeSpan duration, Action<string> progress)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.Folder);
        string disk = Path.Combine(options.Folder, "recorded.img");
        string log = Path.Combine(options.Folder, "recorded.log");
        DiskFile.CopySparse(options.Pristine, disk);
        WriteLog.Create(log);
        var commits = new List<Commit>();
        var random = new Random(options.Seed);
        long start = Stopwatch.GetTimestamp();
        using BootedMachine booted = BootedMachine.Boot(options, Drive.Logged(disk, log), duration + _spare);
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            Work(booted.Witnesses, random);
            booted.Witnesses.Checkpoint(TimeSpan.FromMicroseconds(random.Next(LongestWaitMicroseconds)));
            commits.Add(new Commit(NewestGeneration(booted.Machine.Output), new FileInfo(log).Length));
            progress($"{commits.Count} checkpoints, {new FileInfo(log).Length >> 20} MB");
        }

        if (booted.Complaint is { } complaint)
        {
            throw new MachineException(complaint);
        }

        booted.Machine.Pull();
        return new BusyRecording(options.Pristine, log, commits);
    }

    /// <summary>Null when a disk boots to the prompt, its kernel misses nothing and its workers go on; else what is
    /// wrong. The disk is written to.</summary>
    public static string? ProblemOf(PlugOptions options, string disk)
    {
        try
        {
            using BootedMachine booted = BootedMachine.Boot(options, Drive.File(disk));
            booted.Witnesses.Read();
            booted.Witnesses.WorkersGoOn();
            return booted.Complaint;
        }
        catch (MachineException failure)
        {
            return failure.Message;
        }
    }

    private static void Work(Witnesses witnesses, Random random)
    {
        for (int step = random.Next(MostStepsBetween); step > 0; step--)
        {
            string word = random.Next().ToString();
            switch (random.Next(3))
            {
                case 0:
                    witnesses.Set(word);
                    break;
                case 1:
                    witnesses.Count();
                    break;
                default:
                    witnesses.Note(word);
                    break;
            }
        }
    }

    private static ulong NewestGeneration(string console) =>
        ulong.Parse(Regex.Matches(console, "generation ([0-9]+) committed").Last().Groups[1].ValueSpan);
}
