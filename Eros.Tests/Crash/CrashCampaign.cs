using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace Eros.Tests.Crash;

/// <summary>What to try.</summary>
public sealed record CrashSettings
{
    /// <summary>Run i has the seed <c>Seed + i</c>: a failure's seed with one run repeats it.</summary>
    public ulong Seed { get; init; } = 1;

    public int Runs { get; init; } = 1;

    /// <summary>In each run, every cut at every write, instead of one.</summary>
    public bool CutEvery { get; init; }

    /// <summary>One run in so many has two disks.</summary>
    public ulong MirrorShare { get; init; } = 4;

    /// <summary>One run in so many has a disk that does what none may.</summary>
    public ulong FaultShare { get; init; } = 4;

    /// <summary>What that disk does; null: anything, by the seed.</summary>
    public DiskFault? Fault { get; init; }

    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>After so many failures a worker gives up.</summary>
    public int MostFailures { get; init; } = 10;

    /// <summary>Looks for the smallest part that goes wrong of what goes wrong. Not of every cut.</summary>
    public bool Shrinks { get; init; }

    /// <summary>With fewer runs than this a kind of fault may not have occurred.</summary>
    public const int RunsOfEveryFault = 1000;

    /// <summary>Runs of all kinds are made, and of each enough.</summary>
    public bool HasEveryFault =>
        Runs >= RunsOfEveryFault && !CutEvery && MirrorShare > 1 && FaultShare > 1 && Fault == null;

    /// <summary>Called now and then with the number of runs that are done.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Called with each run that goes wrong, when it does.</summary>
    public Action<CrashFailure>? Failed { get; init; }
}

/// <summary>Many runs on all cores.</summary>
public static class CrashCampaign
{
    /// <summary>
    /// Makes the runs. The time they took, without the making of the volumes, is in <paramref name="elapsed"/>.
    /// </summary>
    public static CrashStatistics Run(CrashSettings settings, out TimeSpan elapsed)
    {
        BaseVolume[] bases = MakeBases();
        var watch = Stopwatch.StartNew();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        var total = new CrashStatistics();
        int next = 0;
        int done = 0;
        var threads = new Thread[settings.Workers];
        for (int worker = 0; worker < threads.Length; worker++)
        {
            int part = worker;
            threads[worker] = new Thread(() => Work(part));
            threads[worker].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        elapsed = watch.Elapsed;
        total.ProcessorTime = Environment.CpuUsage.TotalTime - before;
        DemandEveryFault(settings, total);
        total.Failures.Sort((a, b) => a.Seed.CompareTo(b.Seed));
        Shrink(settings, bases, total.Failures);
        return total;

        void Work(int part)
        {
            var statistics = new CrashStatistics();
            using var runs = new CrashRuns(settings, bases, statistics);

            // With every cut tried a run is long: all workers share each one. Else each takes the next.
            for (int i = settings.CutEvery ? 0 : Interlocked.Increment(ref next) - 1;
                i < settings.Runs && statistics.Failures.Count < settings.MostFailures;
                i = settings.CutEvery ? i + 1 : Interlocked.Increment(ref next) - 1)
            {
                ulong seed = settings.Seed + (ulong)i;
                string? error = settings.CutEvery
                    ? runs.Plain.RunCutEvery(seed, part, settings.Workers)
                    : runs.Of(seed).Run(seed);
                if (error != null)
                {
                    var failure = new CrashFailure(seed, error);
                    statistics.Failures.Add(failure);
                    settings.Failed?.Invoke(failure);
                }

                settings.Progress?.Invoke(Interlocked.Increment(ref done));
            }

            runs.CountFaults(statistics.Faults);
            lock (total)
            {
                total.Add(statistics);
            }
        }
    }

    /// <summary>Repeats a part of the run with the seed of the settings.</summary>
    /// <param name="steps">As <see cref="StepList"/> writes it.</param>
    /// <returns>What it is, and what went wrong in it; null when these are no steps of that run.</returns>
    public static ShrunkRun? Repeat(CrashSettings settings, string steps)
    {
        using var runs = new CrashRuns(settings, MakeBases(), new CrashStatistics());
        return CrashShrinker.Repeat(runs.Of(settings.Seed), settings.Seed, steps);
    }

    private static BaseVolume[] MakeBases()
    {
        var bases = new BaseVolume[BaseVolume.Count];
        Parallel.For(0, bases.Length, i => bases[i] = BaseVolume.Make(i));
        return bases;
    }

    private static void Shrink(CrashSettings settings, BaseVolume[] bases, List<CrashFailure> failures)
    {
        if (!settings.Shrinks || settings.CutEvery || failures.Count == 0)
        {
            return;
        }

        using var runs = new CrashRuns(settings, bases, new CrashStatistics());
        for (int i = 0; i < failures.Count; i++)
        {
            ulong seed = failures[i].Seed;
            failures[i] = failures[i] with { Shrunk = CrashShrinker.Shrink(runs.Of(seed), seed) };
        }
    }

    /// <summary>A campaign in which some fault never occurred has not tried it.</summary>
    private static void DemandEveryFault(CrashSettings settings, CrashStatistics total)
    {
        foreach (DiskFault kind in Enum.GetValues<DiskFault>())
        {
            if (settings.HasEveryFault && total.Faults[kind] == 0 && total.Failures.Count == 0)
            {
                total.Failures.Add(new CrashFailure(settings.Seed, $"{kind} never occurred in {settings.Runs} runs"));
            }
        }
    }
}
