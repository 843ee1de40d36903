using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Eros.Build.Volume;
using Eros.Persistence.Layout;
using Eros.Tests.Crash;
using Eros.Tests.Fuzz.Steps;

namespace Eros.Tests.Fuzz;

/// <summary>What to run.</summary>
public sealed record ModelSettings
{
    public ulong Seed { get; init; } = 1;

    public long Steps { get; init; } = 100_000;

    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Makes an invocation by the kernel's fast path, which is machine code; false when that declines. Null:
    /// all of them take the general path.</summary>
    public Func<Fakes.SimulatedMachine, bool>? FastPath { get; init; }

    /// <summary>The same of an exception; null: there is none.</summary>
    public Func<Fakes.SimulatedMachine, FaultCode, ulong, bool>? FastFault { get; init; }

    /// <summary>Told, now and then, how many steps are done.</summary>
    public Action<long>? Progress { get; init; }
}

/// <summary>Where kernel and model parted.</summary>
/// <param name="Seed">The machine's seed.</param>
/// <param name="What">What differs.</param>
/// <param name="Script">The shortest script that still fails, one step a line.</param>
public sealed record ModelFailure(ulong Seed, string What, string Script);

/// <summary>What came of a campaign.</summary>
/// <param name="Steps">Steps that were done.</param>
/// <param name="Machines">Machines that they were done on.</param>
/// <param name="Coverage">What they reached.</param>
/// <param name="Failure">The first failure, if there was one.</param>
public sealed record ModelOutcome(long Steps, long Machines, Coverage Coverage, ModelFailure? Failure);

/// <summary>Random steps on many machines, each compared with the model.</summary>
public static class ModelCampaign
{
    /// <summary>Steps on one machine.</summary>
    public const int StepsOfMachine = 2000;

    /// <summary>Everything is compared after so many.</summary>
    private const int CompareEvery = 200;

    public static ModelOutcome Run(ModelSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var coverage = new Coverage();
        var failures = new List<ModelFailure>();
        long done = 0;
        long machines = 0;
        Lock both = new();
        Parallel.For(0, settings.Workers, new() { MaxDegreeOfParallelism = settings.Workers }, worker =>
        {
            using HostMemory memory = NewMemory();
            var own = new Coverage();
            while (true)
            {
                long number = Interlocked.Increment(ref machines) - 1;
                if (Interlocked.Read(ref done) >= settings.Steps || failures.Count > 0)
                {
                    break;
                }

                ulong seed = settings.Seed + (ulong)number;
                ModelFailure? failure = RunMachine(
                    memory, settings, seed, own, settings.Steps - Interlocked.Read(ref done), out int steps);
                long all = Interlocked.Add(ref done, steps);
                settings.Progress?.Invoke(all);
                if (failure != null)
                {
                    lock (both)
                    {
                        failures.Add(failure);
                    }
                }
            }

            lock (both)
            {
                coverage.Add(own);
            }
        });
        return new ModelOutcome(
            done, machines - settings.Workers, coverage, failures.OrderBy(one => one.Seed).FirstOrDefault());
    }

    /// <summary>Does the steps of a script. Returns the script with what happened beside each, and what failed.
    /// </summary>
    /// <exception cref="ScriptException">It is none.</exception>
    public static (string Script, string? What) Replay(string script, ModelSettings? settings = null)
    {
        using HostMemory memory = NewMemory();
        var text = new StringBuilder();
        string? what = Do(memory, settings ?? new ModelSettings(), StepReader.ReadScript(script), text);
        return (text.ToString(), what);
    }

    private static HostMemory NewMemory() => new(ModelRun.MemoryFrames + 1);

    private static ModelFailure? RunMachine(
        HostMemory memory, ModelSettings settings, ulong seed, Coverage coverage, long most, out int done)
    {
        var script = new List<Step>();
        string? what = null;
        try
        {
            using var run = new ModelRun(memory)
            {
                Coverage = coverage,
                FastPath = settings.FastPath,
                FastFault = settings.FastFault,
            };
            var maker = new StepMaker(run.World, new SeededRandom(seed));
            while (script.Count < Math.Min(StepsOfMachine, most) && !run.IsOver && !maker.IsStuck)
            {
                script.Add(maker.Next());
                run.Do(script[^1]);
                if (script.Count % CompareEvery == 0)
                {
                    run.CompareAll();
                }
            }

            if (!run.IsOver)
            {
                run.CompareAll();
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            what = Describe(failure);
        }

        done = script.Count;
        return what == null ? null : Shrunk(memory, settings, seed, script, what);
    }

    private static ModelFailure Shrunk(
        HostMemory memory, ModelSettings settings, ulong seed, List<Step> script, string what)
    {
        List<Step> least = Shrinker.Shrink(script, steps => Do(memory, settings, steps, null) != null);
        var text = new StringBuilder();
        string? still = Do(memory, settings, least, text);
        return new ModelFailure(seed, still ?? what, text.ToString());
    }

    /// <summary>Does all steps. Returns what failed; null when nothing did.</summary>
    private static string? Do(HostMemory memory, ModelSettings settings, List<Step> steps, StringBuilder? text)
    {
        try
        {
            using var run = new ModelRun(memory) { FastPath = settings.FastPath, FastFault = settings.FastFault };
            foreach (Step step in steps)
            {
                text?.Append(step);
                ulong? process = run.World.Current?.Number;
                run.Do(step);
                text?.Append($" // process {process}: {run.LastAnswer}\n");
                if (run.IsOver)
                {
                    return null;
                }
            }

            run.CompareAll();
            return null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            string what = Describe(failure);
            text?.Append($" // {what}\n");
            return what;
        }
    }

    private static string Describe(Exception failure) => failure is DifferenceException
        ? failure.Message
        : $"{failure.GetType().Name}: {failure.Message} {new StackTrace(failure).GetFrame(0)?.GetMethod()?.Name}";
}
