using System;
using System.CommandLine;
using System.Linq;
using System.Threading;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Tests.Crash;
using Eros.Tests.Crash.Bytes;
using Eros.Tests.Fuzz.Cuts;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros crash`.</summary>
internal static class CrashCommand
{
    /// <summary>Progress is told so many times.</summary>
    private const int Steps = 20;

    private static readonly FrameKind[] _kinds = [FrameKind.Page, FrameKind.Pot, FrameKind.Process];

    private const int DefaultRuns = 1000;
    private const int DefaultRunsOfEveryCut = 2;

    private const string Explanation = """
        A run is one seed: a used volume, three checkpoints with their migrations while domains change objects of all
        kinds, a power cut, recovery compared with a model, one more checkpoint, and that recovered and compared. One
        run in four is on two disks instead: they are pulled at any request and come back, live or at a later boot. One
        in four has a disk that does worse than a disk may: it rots, misdirects a write, lies about flushes, fails
        reads, writes or flushes, or vanishes; then nothing may be lost without a word. One run in ten is made with a
        whole kernel: its processes do random things, calls, waits and keepers are under way at the cut, and kernel and
        model go on side by side from what comes back. What goes wrong without a kernel is shrunk: steps are left out
        as long as something still goes wrong, and what is left is listed.
        """;

    /// <summary>So many runs of the store to one of a whole kernel, which takes so much longer.</summary>
    private const int RunsToOneOfKernel = 10;

    private const string EveryCut = """
        The power is cut at every write, in every way: all that is not flushed kept, all dropped, each write dropped,
        each torn at each 512 bytes, and 16 subsets by seed.
        """;

    internal static Command Create(Screen screen)
    {
        var seed = new Option<ulong>("--seed")
        {
            Description = "Seed of the first run; each further run has the next",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var runs = new Option<int?>("--runs")
        {
            Description = $"How many; {DefaultRuns} if nothing is said, {DefaultRunsOfEveryCut} with --cut-every",
            HelpName = "N",
        };
        var cutEvery = new Option<bool>("--cut-every")
        {
            Description = "In each run, cut at every write in every way, instead of once",
        };
        var bytes = new Option<int?>("--bytes")
        {
            Description = "Instead, change every STEPth byte of headers, directories, tags, pots and journal",
            HelpName = "STEP",
        };
        var steps = new Option<string?>("--steps")
        {
            Description = "Instead, repeat the run with this seed with no other steps than these: 3,7.2-5,9.1.4",
            HelpName = "LIST",
        };
        var command = new Command("crash", "Cut the power of a simulated machine, and compare what it recovers")
        {
            seed, runs, cutEvery, bytes, steps,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(bytes) is int step)
            {
                return DamageBytes(screen, parsed.GetValue(seed), Limits.AtLeast(1, step, "--bytes"));
            }

            bool every = parsed.GetValue(cutEvery);
            if (parsed.GetValue(steps) is { } list)
            {
                return every || parsed.GetValue(runs) != null
                    ? throw new UserError("--steps repeats a part of one run; leave --runs and --cut-every out.")
                    : Repeat(screen, parsed.GetValue(seed), list);
            }

            int count = parsed.GetValue(runs) ?? (every ? DefaultRunsOfEveryCut : DefaultRuns);
            return Run(screen, new CrashSettings
            {
                Seed = parsed.GetValue(seed),
                Runs = Limits.AtLeast(1, count, "--runs"),
                CutEvery = every,
                Shrinks = true,
            });
        });
        return command;
    }

    /// <summary>Two volumes, byte by byte.</summary>
    private static int DamageBytes(Screen screen, ulong seed, int step)
    {
        ByteStatistics statistics = screen.Step(
            $"every {step}th byte of two volumes from seed {seed}, with its checksum wrong and mended",
            _ => ByteCampaign.Run(seed, step));
        foreach ((ByteChange change, string what) in statistics.Failures)
        {
            screen.Output.WriteLine($"WRONG {change}: {what}");
        }

        string parts = string.Join(", ", Enum.GetValues<VolumePart>().Select(
            part => $"{part} {statistics.OfPart[(int)part]}"));
        screen.Output.WriteLine($"""
            {statistics.Tries} bytes changed: {parts}
            {statistics.Mounted} mounts, {statistics.Refused} refusals
            {statistics.Failures.Count} wrong: stopped, passed over, or read otherwise by the second reader
            """);
        return statistics.Failures.Count == 0 ? 0 : 1;
    }

    private static int Repeat(Screen screen, ulong seed, string steps)
    {
        ShrunkRun run = CrashCampaign.Repeat(new CrashSettings { Seed = seed }, steps)
            ?? throw new UserError($"--steps takes steps of the run with seed {seed}, as 3,7.2-5,9.1.4; not {steps}.");
        screen.Output.WriteLine($"{run.Least} of {run.Whole} steps of the run with seed {seed}, and what they need:");
        Tell(screen, run);
        screen.Output.WriteLine(run.What == null ? "nothing goes wrong" : $"WRONG: {run.What}");
        return run.What == null ? 0 : 1;
    }

    private static void Tell(Screen screen, ShrunkRun run)
    {
        foreach (string line in run.Told)
        {
            screen.Output.WriteLine($"        {line}");
        }
    }

    private static int Run(Screen screen, CrashSettings settings)
    {
        screen.Output.WriteLine(settings.CutEvery ? $"{Explanation}\n{EveryCut}" : Explanation);
        TimeSpan elapsed = default;
        CrashStatistics statistics = screen.Step(
            $"{settings.Runs} runs from seed {settings.Seed}",
            progress => CrashCampaign.Run(Telling(screen, settings, progress), out elapsed));
        Show(screen, settings, statistics, elapsed);
        bool isRight = settings.CutEvery || RunKernels(screen, settings);
        return isRight && statistics.Failures.Count == 0 ? 0 : 1;
    }

    /// <summary>True when none went wrong.</summary>
    private static bool RunKernels(Screen screen, CrashSettings settings)
    {
        settings = settings with { Runs = Math.Max(1, settings.Runs / RunsToOneOfKernel) };
        KernelCutStatistics statistics = screen.Step(
            $"{settings.Runs} runs of a kernel from seed {settings.Seed}",
            progress => KernelCutCampaign.Run(Telling(screen, settings, progress)));
        foreach ((ulong seed, string what) in statistics.Failures)
        {
            screen.Output.WriteLine($"WRONG seed {seed}: {what}");
            screen.Output.WriteLine($"      again: ./eros crash --seed {seed} --runs 1");
        }

        string phases = string.Join(", ", Enum.GetValues<StorePhase>().Select(
            phase => $"{phase.ToString().ToLowerInvariant()} {statistics.CutsInPhase[(int)phase]}"));
        screen.Output.WriteLine($"""
            {statistics.Runs} runs of a kernel, {statistics.Steps} steps, {statistics.CutsInPhase.Sum()} cuts: {phases}
            {statistics.Left.Sum()} frames left memory: {Left(statistics.Left)}
            {statistics.Recoveries} recoveries compared; under way in them: {statistics.InFlight}
            {statistics.Failures.Count} wrong: kernel and model differ
            """);
        return statistics.Failures.Count == 0;
    }

    private static string Left(long[] frames) => string.Join(
        ", ", _kinds.Select(kind => $"{kind.ToString().ToLowerInvariant()} {frames[(int)kind]}"));

    /// <summary>What goes wrong is told at once, too: many runs take hours.</summary>
    private static CrashSettings Telling(Screen screen, CrashSettings settings, Action<string> progress) =>
        settings with
        {
            Progress = Throttle(settings, progress),
            Failed = failure => screen.Note($"WRONG seed {failure.Seed}: {failure.What}"),
        };

    /// <summary>Each worker counts the runs that it was in; with every cut tried all of them are in each.</summary>
    private static Action<int> Throttle(CrashSettings settings, Action<string> progress)
    {
        int total = settings.Runs * (settings.CutEvery ? settings.Workers : 1);
        int told = 0;
        return done =>
        {
            int step = (int)((long)done * Steps / total);
            if (Interlocked.Exchange(ref told, step) < step)
            {
                progress($"{100 * step / Steps} %");
            }
        };
    }

    private static void Show(Screen screen, CrashSettings settings, CrashStatistics statistics, TimeSpan elapsed)
    {
        string how = settings.CutEvery ? " --cut-every" : "";
        foreach (CrashFailure failure in statistics.Failures)
        {
            screen.Output.WriteLine($"WRONG seed {failure.Seed}: {failure.What}");
            screen.Output.WriteLine($"      again: ./eros crash --seed {failure.Seed} --runs 1{how}");
            if (failure.Shrunk is { } shrunk)
            {
                screen.Output.WriteLine($"      {shrunk.Least} of its {shrunk.Whole} steps are enough: {shrunk.What}");
                Tell(screen, shrunk);
                screen.Output.WriteLine($"      again: {shrunk.Command}");
            }
        }

        string phases = string.Join(", ", Enum.GetValues<StorePhase>().Select(Phase));
        string faults = string.Join(", ", Enum.GetValues<DiskFault>().Select(
            fault => $"{fault.ToString().ToLowerInvariant()} {statistics.Faults[fault]}"));
        double perSecond = statistics.Recoveries / elapsed.TotalSeconds;
        double perCore = statistics.Recoveries / statistics.ProcessorTime.TotalSeconds;
        screen.Output.WriteLine($"""
            {statistics.Runs} runs with {statistics.Cuts} cuts: {phases}
            median writes per run {statistics.MedianWrites()}
            fewest objects saved in a run {statistics.FewestSaved}: {string.Join(", ", _kinds.Select(Kind))}
            {statistics.Wraps} runs wrapped the log, {statistics.Refusals} changes had to wait for space
            {statistics.Journalled} pages journalled
            {statistics.Recoveries} recoveries, each compared with the model and with the second reader
            {perSecond:F0} recoveries per second, {perCore:F0} per second of one processor
            {statistics.Older} older generations booted over a volume; {statistics.Flips} volumes with a flipped bit
            {statistics.MirrorRuns} runs on two disks: {statistics.Pulled} pulled, and {statistics.PulledLast}
            that held everything alone; {statistics.InStepAgain} joined;
            boots with one disk {statistics.BootsWithOne}, with a stale one {statistics.BootsWithStale}
            {statistics.FaultRuns} runs on a bad disk: {statistics.FaultRefusals} refused,
            {statistics.FaultOlder} older, {statistics.FaultMissing} objects told as damaged,
            {statistics.FaultStrange} of another generation, under tags that were not written
            faults: {faults}
            {statistics.Failures.Count} wrong: states lost or mixed
            """);

        string Phase(StorePhase phase) =>
            $"{phase.ToString().ToLowerInvariant()} {statistics.CutsInPhase[(int)phase]}";

        string Kind(FrameKind kind) =>
            $"{kind.ToString().ToLowerInvariant()} {statistics.FewestSavedOfKind[(int)kind]}";
    }
}
