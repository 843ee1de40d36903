using System;
using System.IO;
using Eros.Build.Cli.Building;
using Eros.Build.Plug;
using Eros.Build.Volume;
using Eros.Tests.Replay;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros plug --replay-minutes`: one long run, whose write log is replayed with thousands of cuts.</summary>
internal static class PlugReplay
{
    private const int Megabytes = 64;

    /// <summary>Composes the busy system on a small volume, so that its log is soon written over.</summary>
    internal static string Compose(Tree tree, string folder)
    {
        Directory.CreateDirectory(folder);
        string volume = Path.Combine(folder, "small.img");
        VolumeComposer.Compose(tree, volume, Megabytes, isBustling: true);
        return volume;
    }

    /// <summary>Records and replays; the exit code.</summary>
    internal static int Run(Screen screen, PlugOptions options, TimeSpan duration)
    {
        BusyRecording recording = screen.Step(
            $"{duration.TotalMinutes} minutes of work on a disk of {Megabytes} MB, seed {options.Seed}",
            progress => BusyRecording.Make(options, duration, Seldom(progress)));
        ReplayReport report = screen.Step("replaying the write log", progress =>
        {
            var settings = new ReplaySettings { Seed = options.Seed };
            using var replay = new LogReplay(recording, settings, (cut, home) => ProblemOf(options, cut, home));
            return replay.Run(progress);
        });
        Show(screen, options, report);
        return report.Wrong.Count == 0 ? 0 : 1;
    }

    /// <summary>What `./eros inspect --verify` finds on a disk that was recovered and brought home, or what is wrong
    /// when it is booted as the cut left it.</summary>
    internal static string? ProblemOf(PlugOptions options, string cut, string home)
    {
        VolumeReport report = VolumeInspector.Inspect(home, verify: true);
        return report.Refusal
            ?? (report.Errors.Count != 0 ? report.Errors[0].Text : BusyRecording.ProblemOf(options, cut));
    }

    private static Action<string> Seldom(Action<string> progress)
    {
        const int OneIn = 10;
        int calls = 0;
        return how =>
        {
            if (calls++ % OneIn == 0)
            {
                progress(how);
            }
        };
    }

    private static void Show(Screen screen, PlugOptions options, ReplayReport report)
    {
        foreach (string wrong in report.Wrong)
        {
            screen.Output.WriteLine($"WRONG {wrong}");
        }

        screen.Output.WriteLine($"""
            {report.Entries} entries of the write log, {report.Commits} checkpoints acknowledged; seed {options.Seed}
            recovered: {report.Flushes} flush boundaries, {report.Prefixes} prefixes between, {report.Subsets} subsets
            {report.Unflushed} unflushed blocks kept, dropped or torn in the subsets
            {report.Generations.Count} generations came back; {report.Frames} frames read as by the second reader
            {report.Migrated} brought home and recovered again; {report.Booted} verified and booted
            {report.Recoveries / report.Elapsed.TotalSeconds:F0} recoveries per second
            {report.Wrong.Count} wrong
            """);
    }
}
