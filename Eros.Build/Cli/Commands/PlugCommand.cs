using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using Eros.Build.Cli.Building;
using Eros.Build.Cli.Setup;
using Eros.Build.Plug;
using Eros.Build.Qemu;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros plug`.</summary>
internal static class PlugCommand
{
    internal static Command Create(Tree tree, Screen screen)
    {
        var pulls = new Option<int>("--pulls")
        {
            Description = "How often",
            HelpName = "N",
            DefaultValueFactory = _ => 20,
        };
        var seed = new Option<int>("--seed")
        {
            Description = "Chooses moments and what a cut leaves",
            HelpName = "N",
            DefaultValueFactory = _ => Random.Shared.Next(),
        };
        var kernel = new Option<string?>("--kernel")
        {
            Description = "Another kernel than the tree's",
            HelpName = "FILE.elf",
        };
        var replay = new Option<double?>("--replay-minutes")
        {
            Description = "Instead, let it work so long on a disk of 64 MB, and replay all that it wrote",
            HelpName = "M",
        };
        var mirror = new Option<bool>("--mirror")
        {
            Description = "On two disks, which are pulled, too, and come back, live or at a later boot",
        };
        var command = new Command("plug", "Pull the plug of a machine in every phase, and look at what comes back")
        {
            pulls, seed, kernel, mirror, replay,
        };
        command.SetAction(parsed =>
        {
            var options = new PlugOptions
            {
                Kernel = Paths.Existing(parsed.GetValue(kernel), "--kernel") ?? tree.Kernel,
                Pristine = tree.Bustling,
                Folder = Path.Combine(tree.Artifacts, "plug"),
                Pulls = Limits.AtLeast(1, parsed.GetValue(pulls), "--pulls"),
                Seed = parsed.GetValue(seed),
            };
            new Installer(screen).InstallMissing();
            new Builder(tree, screen).BuildImages();
            if (parsed.GetValue(replay) is double minutes)
            {
                string small = PlugReplay.Compose(tree, options.Folder);
                return PlugReplay.Run(screen, options with { Pristine = small }, TimeSpan.FromMinutes(minutes));
            }

            bool isMirror = parsed.GetValue(mirror);
            PlugReport report = screen.Step(
                $"pulling the plug {options.Pulls} times",
                progress => isMirror
                    ? new MirrorPlugRun(options).Run(Tell(options, progress))
                    : new PlugRun(options).Run(Tell(options, progress)));
            return Show(screen, options, report, isMirror);
        });
        return command;
    }

    private static Action<PlugReport> Tell(PlugOptions options, Action<string> progress) => report =>
        progress($"{report.Pulls} of {options.Pulls} pulls, {report.Replays} replays, {report.Wrong.Count} wrong");

    private static int Show(Screen screen, PlugOptions options, PlugReport report, bool isMirror)
    {
        foreach (WrongPull wrong in report.Wrong)
        {
            screen.Output.WriteLine($"WRONG after pull {wrong.Pull}, {wrong.What}: {wrong.Problem}");
        }

        string phases = string.Join(", ", options.Phases.Select(phase => $"{Name(phase)} {report.PullsIn(phase)}"));
        screen.Output.WriteLine($"{report.Pulls} pulls: {phases}; seed {options.Seed}");
        screen.Output.WriteLine(isMirror
            ? $"{report.DisksPulled} disks pulled, {report.DisksInStepAgain} in step again, live; boots "
                + $"with one disk {report.BootsWithOne}, with a stale one {report.BootsWithStale}"
            : $"{report.Replays} replays of the write log, with {report.UnflushedWrites} unflushed "
                + "writes dropped, torn or reordered");
        screen.Output.WriteLine($"kernel entry to prompt: median {report.MedianResume.TotalMilliseconds:F0} ms, "
            + $"worst {report.WorstResume.TotalMilliseconds:F0} ms, of {report.Resumes.Count} resumes");
        Show(screen, report.UnderWay);
        MachineMark[] missed = [.. options.Phases.Where(phase => report.PullsIn(phase) < options.LeastPerPhase)];
        foreach (MachineMark phase in missed)
        {
            screen.Output.WriteLine($"MISSED {Name(phase)}: fewer than {options.LeastPerPhase} pulls were in it");
        }

        string where = report.Wrong.Count == 0 ? "" : $"; their disks are in {options.Folder}";
        screen.Output.WriteLine($"{report.Wrong.Count} wrong{where}");
        return report.Wrong.Count == 0 && missed.Length == 0 ? 0 : 1;
    }

    private static void Show(Screen screen, UnderWay underWay)
    {
        screen.Output.WriteLine($"under way in the {underWay.States} states that came back:");
        foreach ((string task, int count, string steps) in underWay.Operations)
        {
            screen.Output.WriteLine($"  {count,5} of {task} workers: {steps}");
        }

        string inside = string.Join(", ", underWay.Inside.Select(one => $"{one.Key} {one.Value}"));
        screen.Output.WriteLine($"  domains in the middle of a request: {inside}");
        screen.Output.WriteLine($"  {underWay.Calls} calls of products not answered yet; {underWay.Bytes} bytes in "
            + $"pipes, in {underWay.WithBytes} states");
    }

    private static string Name(MachineMark phase) => phase.ToString().ToLowerInvariant();
}
