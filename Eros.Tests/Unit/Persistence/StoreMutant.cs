using System;
using System.Collections;
using System.Reflection;

namespace Eros.Tests.Unit.Persistence;

/// <summary>The store with some edits, and the crash simulator, compiled together.</summary>
public static class StoreMutant
{
    private static readonly MutantSources _sources = new(
        ["Eros.Persistence", "Eros.Tests/Crash", "Eros.Tests/Reading"],
        ["Eros.Build/Volume/HostMemory.cs", "Eros.Build/Volume/GenerationView.cs"]);

    /// <summary>
    /// Makes up to <paramref name="runs"/> runs on the edited store, and returns what went wrong first; null when
    /// nothing did. The first has the seed 1, or <paramref name="seed"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">An edit no longer applies, or does not compile.</exception>
    public static string? FirstFailure(int runs, params SourceEdit[] edits) =>
        FirstFailure(runs, seed: 1, edits);

    /// <inheritdoc cref="FirstFailure(int, SourceEdit[])"/>
    public static string? FirstFailure(int runs, ulong seed, params SourceEdit[] edits) =>
        _sources.Run(assembly => Run(assembly, runs, ("Seed", seed)), edits);

    /// <summary>The same, but all runs have two disks.</summary>
    public static string? FirstFailureOfMirrors(int runs, params SourceEdit[] edits) =>
        _sources.Run(assembly => Run(assembly, runs, ("MirrorShare", 1UL)), edits);

    /// <summary>The same, but all runs have a disk that does <paramref name="fault"/>, a member of
    /// DiskFault.</summary>
    public static string? FirstFailureOfFault(string fault, int runs, params SourceEdit[] edits) => _sources.Run(
        assembly => Run(
            assembly,
            runs,
            ("MirrorShare", ulong.MaxValue),
            ("FaultShare", 1UL),
            ("Fault", Enum.Parse(assembly.GetType("Eros.Tests.Crash.DiskFault", throwOnError: true)!, fault))),
        edits);

    private static string? Run(Assembly assembly, int runs, params (string Property, object Value)[] more)
    {
        Type settingsType = assembly.GetType("Eros.Tests.Crash.CrashSettings", throwOnError: true)!;
        object settings = Activator.CreateInstance(settingsType)!;
        settingsType.GetProperty("Runs")!.SetValue(settings, runs);
        settingsType.GetProperty("MostFailures")!.SetValue(settings, 1);

        // Several would each look for a failure of their own, and other mutants are tried at the same time.
        settingsType.GetProperty("Workers")!.SetValue(settings, 1);
        foreach ((string property, object value) in more)
        {
            settingsType.GetProperty(property)!.SetValue(settings, value);
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
