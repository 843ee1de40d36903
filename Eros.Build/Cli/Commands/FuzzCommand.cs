using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Eros.Build.Cli.Building;
using Eros.Build.Cli.Setup;
using Eros.Build.Plug;
using Eros.Kernel.Protocol;
using Eros.Tests.Fuzz;
using Eros.Tests.Fuzz.Flips;
using Eros.Tests.Fuzz.Hostile;
using Eros.Tests.Fuzz.Pressure;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros fuzz`.</summary>
internal static class FuzzCommand
{
    /// <summary>Progress is told so many times.</summary>
    private const int Tellings = 20;

    /// <summary>From so many steps on, every order must have been reached.</summary>
    private const long LongRun = 1_000_000;

    private const string OfModel = """
        A step is one thing that a process does or that happens to it, random, but mostly one that makes sense. It is
        done to a kernel in a simulated machine and to a model of it; after each, they are compared.
        """;

    private const string OfCrowd = """
        Domains invoke with every register at random, on capabilities of all kinds and on bits that are none; their
        spaces are tangled, and what they use is destroyed. Bystanders and the kernel's invariants are looked at on the
        way.
        """;

    private const string OfRealCrowd = """
        Domains in a machine under QEMU invoke with every register at random, on what anybody can be given, and on
        diminished capabilities of bystanders. Whoever of them cannot go on begins anew, and the bystanders are looked
        at. Everybody else is at work meanwhile, and is looked at in the end.
        """;

    private const string OfPressure = """
        Domains on a kernel with its pager and checkpointer use four times the memory that there is, and as little log;
        the disk takes its time. All that they read and send each other is compared with what they wrote, and what is on
        the disk in the end. Nobody may wait without end.
        """;

    private const string OfGraphs = """
        Random worlds of capabilities, each with a constructor. The constructor's own judgement is compared with a
        search for all who can come to write where.
        """;

    internal static Command Create(Tree tree, Screen screen)
    {
        var model = new Option<bool>("--model") { Description = "Compare the kernel with a model, step by step" };
        var steps = Count<long>("--steps", "How many, with --model", 200_000);
        var hostile = new Option<bool>("--hostile") { Description = "Have hostile domains try everything" };
        var real = new Option<bool>("--real") { Description = "With --hostile: on the real kernel, in a machine" };
        var invocations = Count<long>("--invocations", "How many, with --hostile", 200_000);
        var confinement = new Option<bool>("--confinement") { Description = "Judge constructors in random worlds" };
        var graphs = Count<int>("--graphs", "How many worlds, with --confinement", 20_000);
        var flips = new Option<int?>("--flips")
        {
            Description = "Flip so many bits in memory, and see what becomes of them",
            HelpName = "N",
        };
        var pressure = new Option<bool>("--pressure") { Description = "Run domains short of memory and log" };
        var runs = Count<int>("--runs", "How many machines, with --pressure", 1000);
        var seed = Count<ulong>("--seed", "Seed of the first machine or world; each further one has the next", 1);
        var replay = new Option<string?>("--replay")
        {
            Description = "Do the steps of a script that --model printed",
            HelpName = "FILE",
        };
        var command = new Command("fuzz", "Do random things to a kernel, and see whether it stays right")
        {
            model, steps, hostile, real, invocations, confinement, graphs, flips, pressure, runs,
            seed, replay,
        };
        // Each task, with the options that only it has.
        (Option Task, Option[] Own)[] tasks =
        [
            (model, [steps, seed]),
            (hostile, [real, invocations, seed]),
            (confinement, [graphs, seed]),
            (flips, [seed]),
            (pressure, [runs, seed]),
            (replay, []),
        ];
        command.SetAction(parsed =>
        {
            CheckTask(parsed, tasks);
            ulong first = parsed.GetValue(seed);
            long mostSteps = Limits.AtLeast(1, parsed.GetValue(steps), "--steps");
            long mostInvocations = Limits.AtLeast(1, parsed.GetValue(invocations), "--invocations");
            int mostRuns = Limits.AtLeast(1, parsed.GetValue(runs), "--runs");
            int mostGraphs = Limits.AtLeast(1, parsed.GetValue(graphs), "--graphs");
            return parsed.GetValue(replay) is { } file ? Replay(screen, file)
                : parsed.GetValue(real) ? RunReal(tree, screen, first, mostInvocations)
                : parsed.GetValue(hostile) ? RunHostile(screen, first, mostInvocations)
                : parsed.GetValue(flips) is { } count ? RunFlips(screen, first, Limits.AtLeast(1, count, "--flips"))
                : parsed.GetValue(pressure) ? RunPressure(screen, first, mostRuns)
                : parsed.GetValue(confinement) ? RunConfinement(tree, screen, first, mostGraphs)
                : RunModel(screen, first, mostSteps);
        });
        return command;
    }

    private static Option<T> Count<T>(string name, string description, T usual) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual };

    /// <summary>One task is asked for, and nothing that belongs to another.</summary>
    private static void CheckTask(ParseResult parsed, (Option Task, Option[] Own)[] tasks)
    {
        bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };
        (Option Task, Option[] Own)[] asked = [.. tasks.Where(one => IsGiven(one.Task))];
        if (asked.Length == 0)
        {
            throw new UserError(
                "say what to do: --model, --hostile, --confinement, --flips N, --pressure or --replay FILE.");
        }

        if (asked.Length > 1)
        {
            throw new UserError($"{asked[0].Task.Name} and {asked[1].Task.Name} are two tasks; leave one of them out.");
        }

        foreach (Option option in tasks.SelectMany(one => one.Own).Where(IsGiven).Except(asked[0].Own))
        {
            string[] owners = [.. tasks.Where(one => one.Own.Contains(option)).Select(one => one.Task.Name)];
            throw new UserError(
                $"{option.Name} goes with {string.Join(", ", owners)}, not with {asked[0].Task.Name}; leave it out.");
        }
    }

    private static int Replay(Screen screen, string file)
    {
        if (!File.Exists(file))
        {
            throw new UserError($"there is no file {file}.");
        }

        try
        {
            (string script, string? what) = ModelCampaign.Replay(File.ReadAllText(file));
            screen.Output.WriteLine(script + (what == null ? "no difference" : $"WRONG {what}"));
            return what == null ? 0 : 1;
        }
        catch (ScriptException e)
        {
            throw new UserError($"{file}, {e.Message}.");
        }
    }

    private static int RunModel(Screen screen, ulong seed, long steps)
    {
        screen.Output.WriteLine(OfModel);
        ModelOutcome outcome = screen.Step(
            $"{steps} steps from seed {seed}",
            progress => ModelCampaign.Run(new ModelSettings
            {
                Seed = seed,
                Steps = steps,
                Progress = Throttle(steps, progress),
            }));
        screen.Output.WriteLine(outcome.Coverage.ToString());
        string[] missing = [.. outcome.Coverage.Missing().Order()];
        Tell(screen, "not reached", missing);
        Tell(screen, "not modelled yet", [.. Coverage.Unmodelled()]);
        screen.Output.WriteLine(outcome.Coverage.Steps);
        screen.Output.WriteLine($"{outcome.Steps} steps on {outcome.Machines} machines");
        if (outcome.Failure is { } failure)
        {
            screen.Output.WriteLine($"WRONG seed {failure.Seed}: {failure.What}\n{failure.Script}");
            screen.Output.WriteLine($"      again: ./eros fuzz --model --seed {failure.Seed} --steps 2000");
            return 1;
        }

        screen.Output.WriteLine("0 differences");
        return steps >= LongRun && missing.Length > 0 ? 1 : 0;
    }

    private static int RunHostile(Screen screen, ulong seed, long invocations)
    {
        screen.Output.WriteLine(OfCrowd);
        HostileOutcome outcome = screen.Step(
            $"{invocations} invocations from seed {seed}",
            progress => HostileCampaign.Run(new HostileSettings
            {
                Seed = seed,
                Invocations = invocations,
                Progress = Throttle(invocations, progress),
            }));
        foreach ((ulong failed, string what) in outcome.Failures)
        {
            screen.Output.WriteLine($"WRONG seed {failed}: {what}");
            screen.Output.WriteLine($"      again: ./eros fuzz --hostile --seed {failed} --invocations 10000");
        }

        // Processes answer whatever word they were sent.
        ILookup<bool, KeyValuePair<Result, long>> answers = outcome.Answers.ToLookup(one => Enum.IsDefined(one.Key));
        Tell(screen, "answers",
            [
                .. answers[true].OrderByDescending(one => one.Value).Select(one => $"{one.Key} {one.Value}"),
                $"others {answers[false].Sum(one => one.Value)}",
            ]);
        screen.Output.WriteLine($"""
            {outcome.Invocations} invocations on {outcome.Machines} machines
            {outcome.Failures.Count} wrong: kernel stopped, invariant broken, or bystander changed
            """);
        return outcome.Failures.Count == 0 ? 0 : 1;
    }

    private static int RunReal(Tree tree, Screen screen, ulong seed, long invocations)
    {
        screen.Output.WriteLine(OfRealCrowd);
        new Installer(screen).InstallMissing();
        new Builder(tree, screen).BuildImages();
        CrowdReport report = screen.Step(
            $"{invocations} invocations from seed {seed}",
            _ => CrowdRun.Run(
                new PlugOptions
                {
                    Kernel = tree.Kernel,
                    Pristine = tree.Bustling,
                    Folder = Path.Combine(tree.Artifacts, "crowd"),
                    Pulls = 1,
                    Seed = (int)seed,
                },
                invocations));
        screen.Output.Write(Coverage.TableOf(report.Counts));
        screen.Output.WriteLine($"{report.Summary}\n{report.Wrong.Count} wrong: {string.Join("; ", report.Wrong)}");
        return report.Wrong.Count == 0 ? 0 : 1;
    }

    /// <summary>A program of its own does it, because this one is not linked with the domains.</summary>
    private static int RunConfinement(Tree tree, Screen screen, ulong seed, int graphs)
    {
        screen.Output.WriteLine(OfGraphs);
        ChildResult judged = screen.Step(
            $"{graphs} graphs from seed {seed}",
            progress => Child.Run(
                tree.Root, progress, "dotnet", "run", "-c", Builder.Configuration, "--project",
                "Eros.Tests/Confinement", "--", $"{graphs}", $"{seed}"));
        screen.Output.Write(judged.Output);
        return judged.ExitCode;
    }

    private static int RunFlips(Screen screen, ulong seed, int flips)
    {
        IReadOnlyList<FlipRow> rows = screen.Step(
            $"{flips} flipped bits from seed {seed}",
            progress => FlipCampaign.Run(seed, flips, Throttle(flips, progress)));
        screen.Output.WriteLine($"{"",-18}{"detected",10}{"harmless",10}{"unnoticed",10}{"rate",10}");
        foreach (FlipRow row in rows)
        {
            string note = row.IsCovered ? "" : "   not covered";
            string rate = string.Create(CultureInfo.InvariantCulture, $"{100 * row.Rate:0.0} %");
            screen.Output.WriteLine(
                $"{row.Target,-18}{row.Detected,10}{row.Harmless,10}{row.Undetected.Count,10}{rate,10}{note}");
        }

        screen.Output.WriteLine("rate: detected, of those that were not harmless");

        (ulong Seed, string What)[] wrong = [.. rows.Where(row => row.IsCovered).SelectMany(row => row.Undetected)];
        foreach ((ulong failed, string what) in wrong)
        {
            screen.Output.WriteLine($"WRONG seed {failed}: {what}");
            screen.Output.WriteLine($"      again: ./eros fuzz --flips 1 --seed {failed}");
        }

        screen.Output.WriteLine($"{wrong.Length} wrong: covered, and committed unnoticed");
        return wrong.Length == 0 ? 0 : 1;
    }

    private static int RunPressure(Screen screen, ulong seed, int runs)
    {
        screen.Output.WriteLine(OfPressure);
        PressureStatistics statistics = screen.Step(
            $"{runs} machines from seed {seed}",
            progress =>
            {
                Action<long> throttle = Throttle(runs, progress);
                return PressureCampaign.Run(new() { Seed = seed, Runs = runs, Progress = done => throttle(done) });
            });
        foreach ((ulong failed, string what) in statistics.Failures)
        {
            screen.Output.WriteLine($"WRONG seed {failed}: {what}");
            screen.Output.WriteLine($"      again: ./eros fuzz --pressure --runs 1 --seed {failed}");
        }

        screen.Output.WriteLine($"""
            {statistics.Runs} machines, {statistics.Actions} accesses and messages, {statistics.Checkpoints} checkpoints
            {statistics.Transfers} transfers of the disk, {statistics.WaitsForRoom} waits for room
            {statistics.RunsShortOfMemory} machines had all memory in use, {statistics.RunsOutOfLog} no log to claim
            {statistics.Loads} loads, {statistics.LoadsOfPinned} of pinned pages; {statistics.RunsPinned} machines had
            pinned pages, {statistics.RunsOverpinned} so many that none stays
            {statistics.Failures.Count} wrong: nobody goes on, what is read or saved is not what was written, or a
            pinned page is loaded twice
            """);
        return statistics.Failures.Count == 0 ? 0 : 1;
    }

    private static void Tell(Screen screen, string what, string[] orders)
    {
        if (orders.Length > 0)
        {
            screen.Output.WriteLine($"{what}: {string.Join(", ", orders)}");
        }
    }

    private static Action<long> Throttle(long total, Action<string> progress)
    {
        int told = 0;
        return done =>
        {
            int part = (int)(Math.Min(done, total) * Tellings / total);
            if (Interlocked.Exchange(ref told, part) < part)
            {
                progress($"{100 * part / Tellings} %");
            }
        };
    }
}
