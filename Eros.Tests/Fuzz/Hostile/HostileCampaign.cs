using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Eros.Build.Volume;
using Eros.Kernel.Protocol;

namespace Eros.Tests.Fuzz.Hostile;

/// <summary>What to run.</summary>
public sealed record HostileSettings
{
    public ulong Seed { get; init; } = 1;

    public long Invocations { get; init; } = 100_000;

    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Makes an invocation by the kernel's fast path; false when that declines. Null: all of them take the
    /// general path.</summary>
    public Func<Fakes.SimulatedMachine, bool>? FastPath { get; init; }

    /// <summary>Told, now and then, how many invocations were made.</summary>
    public Action<long>? Progress { get; init; }
}

/// <summary>What came of a campaign.</summary>
/// <param name="Invocations">Invocations that were made.</param>
/// <param name="Machines">Machines that they were made on.</param>
/// <param name="Answers">How often whoever was invoked answered what.</param>
/// <param name="Failures">The seeds of machines that went wrong, and how.</param>
public sealed record HostileOutcome(
    long Invocations,
    long Machines,
    IReadOnlyDictionary<Result, long> Answers,
    IReadOnlyList<(ulong Seed, string What)> Failures);

/// <summary>Crowds of hostile domains, one after the other, each on a machine of its own.</summary>
public static class HostileCampaign
{
    private const long InvocationsOfMachine = 4_000;
    private const int CheckEvery = 250;
    private const long MostSteps = 4 * InvocationsOfMachine;

    public static HostileOutcome Run(HostileSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var answers = new Dictionary<Result, long>();
        var failures = new List<(ulong, string)>();
        long done = 0;
        long machines = 0;
        Lock both = new();
        Parallel.For(0, settings.Workers, new() { MaxDegreeOfParallelism = settings.Workers }, _ =>
        {
            using var memory = new HostMemory(HostileCrowd.MemoryFrames + 1);
            while (Interlocked.Read(ref done) < settings.Invocations)
            {
                ulong seed = settings.Seed + (ulong)Interlocked.Increment(ref machines) - 1;
                long most = Math.Min(InvocationsOfMachine, settings.Invocations - Interlocked.Read(ref done));
                using var crowd = new HostileCrowd(memory, seed) { FastPath = settings.FastPath };
                string? what = RunMachine(crowd, most);
                long all = Interlocked.Add(ref done, Math.Max(1, crowd.Invocations));
                settings.Progress?.Invoke(all);
                lock (both)
                {
                    if (what != null)
                    {
                        failures.Add((seed, what));
                    }

                    foreach ((Result result, long count) in crowd.Answers)
                    {
                        answers[result] = answers.GetValueOrDefault(result) + count;
                    }
                }
            }
        });
        return new HostileOutcome(done, machines, answers, failures);
    }

    /// <summary>Returns what went wrong; null when nothing did.</summary>
    private static string? RunMachine(HostileCrowd crowd, long invocations)
    {
        try
        {
            for (long step = 1; crowd.Invocations < invocations && step < MostSteps; step++)
            {
                crowd.Step();
                if (step % CheckEvery == 0)
                {
                    crowd.Check($"step {step}");
                }
            }

            crowd.Check("end");
            return null;
        }
        catch (Fakes.PoweredOffException)
        {
            // A flipped bit has made a checkpoint capability, whose holder may.
            return null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"{failure.GetType().Name}: {failure.Message}";
        }
    }
}
