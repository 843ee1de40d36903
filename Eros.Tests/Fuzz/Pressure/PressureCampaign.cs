using System;
using System.Threading;
using System.Threading.Tasks;
using Eros.Tests.Crash;

namespace Eros.Tests.Fuzz.Pressure;

/// <summary>Many runs of machines with too little memory and log, on all cores.</summary>
public static class PressureCampaign
{
    /// <summary>Run i has the seed of the settings and i.</summary>
    public static PressureStatistics Run(CrashSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var total = new PressureStatistics();
        Lock one = new();
        int next = 0;
        int done = 0;
        Parallel.For(0, settings.Workers, new() { MaxDegreeOfParallelism = settings.Workers }, _ =>
        {
            var own = new PressureStatistics();
            using var run = new PressureRun(own);
            for (int i = Interlocked.Increment(ref next) - 1;
                i < settings.Runs && own.Failures.Count < settings.MostFailures;
                i = Interlocked.Increment(ref next) - 1)
            {
                ulong seed = settings.Seed + (ulong)i;
                if (run.Run(seed) is { } what)
                {
                    own.Fail(seed, what);
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
