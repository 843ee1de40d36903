using System;
using System.Collections;
using System.Reflection;

namespace Eros.Tests.Unit.Persistence;

/// <summary>The store with some edits, and the crash simulator, compiled together.</summary>
public static class StoreMutant
{
    private static readonly MutantSources _sources = new(
        ["Eros.Persistence", "Eros.Tests/Crash", "Eros.Tests/Reading"], ["Eros.Build/Volume/HostMemory.cs"]);

    /// <summary>
    /// Makes up to <paramref name="runs"/> runs on the edited store, and returns what went wrong first; null when
    /// nothing did. The first has the seed 1, or <paramref name="seed"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">An edit no longer applies, or does not compile.</exception>
    public static string? FirstFailure(int runs, params SourceEdit[] edits) =>
        FirstFailure(runs, seed: 1, edits);

    /// <inheritdoc cref="FirstFailure(int, SourceEdit[])"/>
    public static string? FirstFailure(int runs, ulong seed, params SourceEdit[] edits) =>
        _sources.Run(assembly => Run(assembly, runs, seed, mirrorShare: null), edits);

    /// <summary>The same, but all runs have two disks.</summary>
    public static string? FirstFailureOfMirrors(int runs, params SourceEdit[] edits) =>
        _sources.Run(assembly => Run(assembly, runs, seed: 1, mirrorShare: 1), edits);

    private static string? Run(Assembly assembly, int runs, ulong seed, ulong? mirrorShare)
    {
        Type settingsType = assembly.GetType("Eros.Tests.Crash.CrashSettings", throwOnError: true)!;
        object settings = Activator.CreateInstance(settingsType)!;
        settingsType.GetProperty("Runs")!.SetValue(settings, runs);
        settingsType.GetProperty("Seed")!.SetValue(settings, seed);
        settingsType.GetProperty("MostFailures")!.SetValue(settings, 1);

        // Several would each look for a failure of their own, and other mutants are tried at the same time.
        settingsType.GetProperty("Workers")!.SetValue(settings, 1);
        if (mirrorShare is { } share)
        {
            settingsType.GetProperty("MirrorShare")!.SetValue(settings, share);
        }

        MethodInfo campaign = assembly.GetType("Eros.Tests.Crash.CrashCampaign")!.GetMethod("Run")!;
        object statistics;
        try
        {
            statistics = campaign.Invoke(null, [settings, null])!;
        }
        catch (TargetInvocationException exception)
        {
            return $"no volume could be made: {exception.InnerException!.Message}";
        }

        var failures = (IList)statistics.GetType().GetProperty("Failures")!.GetValue(statistics)!;
        return failures.Count == 0 ? null : failures[0]!.ToString();
    }
}
