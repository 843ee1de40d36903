using System;
using System.Threading;
using System.Threading.Tasks;
using Eros.Tests.Crash;

namespace Eros.Tests.Fuzz;

/// <summary>Makes runs one after another, in memory that it keeps.</summary>
internal interface ISeededRun : IDisposable
{
    /// <summary>One run; null, or what went wrong.</summary>
    string? Run(ulong seed);
}

/// <summary>Many runs on all cores.</summary>
internal static class SeededCampaign
{
    /// <summary>Run i has the seed of the settings and i.</summary>
    /// <param name="settings">How many, and how many of them may go wrong.</param>
    /// <param name="worker">Makes what a worker makes its runs with; they are counted there.</param>
    public static TTally Run<TTally>(CrashSettings settings, Func<TTally, ISeededRun> worker)
        where TTally : RunTally<TTally>, new()
    {
        ArgumentNullException.ThrowIfNull(settings);
        TTally total = new();
        Lock one = new();
        int next = 0;
        int done = 0;
        Parallel.For(0, settings.Workers, new() { MaxDegreeOfParallelism = settings.Workers }, _ =>
        {
            TTally own = new();
            using ISeededRun run = worker(own);
            for (int i = Interlocked.Increment(ref next) - 1;
                i < settings.Runs && own.Failures.Count < settings.MostFailures;
                i = Interlocked.Increment(ref next) - 1)
            {
                ulong seed = settings.Seed + (ulong)i;
                if (run.Run(seed) is { } what)
                {
                    own.Fail(seed, what);
                    settings.Failed?.Invoke(new CrashFailure(seed, what));
                }

                settings.Progress?.Invoke(Interlocked.Increment(ref done));
            }

            lock (one)
            {
                total.Add(own);
            }
        });
        return total;
    }
}
