using System;
using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

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
        _sources.Run(assembly => Run(assembly, runs, OfMirrors), edits);

    /// <summary>The same, but all runs have a disk that does <paramref name="fault"/>, a member of
    /// DiskFault.</summary>
    public static string? FirstFailureOfFault(string fault, int runs, ulong seed, params SourceEdit[] edits) =>
        _sources.Run(
            assembly => Run(assembly, runs, [.. OfFaults, ("Fault", Fault(assembly, fault)), ("Seed", seed)]), edits);

    /// <summary>
    /// The smallest part that goes wrong of the first run that does; and what goes wrong in it when the command that
    /// was printed is given. Null: none went wrong.
    /// </summary>
    public static (object Shrunk, string? Again)? FirstShrunk(
        int runs, (string Property, object Value)[] kind, params SourceEdit[] edits) => _sources.Run(
        assembly =>
        {
            object settings = Settings(assembly, runs, [.. kind, ("Shrinks", true)]);
            IList failures = Failures(assembly, settings);
            object? shrunk = failures.Count == 0 ? null : failures[0]!.Get("Shrunk");
            return shrunk == null ? default((object, string?)?) : (shrunk, Again(assembly, kind, shrunk));
        },
        edits);

    /// <summary>Settings with which all runs are on two disks, on bad ones, or neither.</summary>
    public static (string Property, object Value)[] OfMirrors { get; } = [("MirrorShare", 1UL)];

    /// <inheritdoc cref="OfMirrors"/>
    public static (string Property, object Value)[] OfFaults { get; } =
        [("MirrorShare", ulong.MaxValue), ("FaultShare", 1UL)];

    /// <inheritdoc cref="OfMirrors"/>
    public static (string Property, object Value)[] Plain { get; } =
        [("MirrorShare", ulong.MaxValue), ("FaultShare", ulong.MaxValue)];

    private static string? Again(Assembly assembly, (string Property, object Value)[] kind, object shrunk)
    {
        Match words = Regex.Match((string)shrunk.Get("Command")!, @"^\./eros crash --seed (\d+) --steps (\S+)$");
        ulong seed = ulong.Parse(words.Groups[1].Value, CultureInfo.InvariantCulture);
        object settings = Settings(assembly, 1, [.. kind, ("Seed", seed)]);
        object? again = Campaign(assembly, "Repeat").Invoke(null, [settings, words.Groups[2].Value]);
        return (string?)again?.Get("What");
    }

    private static object Fault(Assembly assembly, string name) =>
        Enum.Parse(assembly.GetType("Eros.Tests.Crash.DiskFault", throwOnError: true)!, name);

    private static string? Run(Assembly assembly, int runs, params (string Property, object Value)[] more)
    {
        try
        {
            IList failures = Failures(assembly, Settings(assembly, runs, more));
            return failures.Count == 0 ? null : failures[0]!.ToString();
        }
        catch (TargetInvocationException exception)
        {
            return $"no volume could be made: {exception.InnerException!.Message}";
        }
    }

    private static object Settings(Assembly assembly, int runs, (string Property, object Value)[] more)
    {
        Type type = assembly.GetType("Eros.Tests.Crash.CrashSettings", throwOnError: true)!;
        object settings = Activator.CreateInstance(type)!;

        // Several workers would each look for a failure of their own, and other mutants are tried at the same time.
        foreach ((string property, object value) in ((string, object)[])
            [("Runs", runs), ("MostFailures", 1), ("Workers", 1), .. more])
        {
            type.GetProperty(property)!.SetValue(settings, value);
        }

        return settings;
    }

    private static IList Failures(Assembly assembly, object settings) =>
        (IList)Campaign(assembly, "Run").Invoke(null, [settings, null])!.Get("Failures")!;

    private static MethodInfo Campaign(Assembly assembly, string method) =>
        assembly.GetType("Eros.Tests.Crash.CrashCampaign", throwOnError: true)!.GetMethod(method)!;

    /// <summary>A property of an object of the mutant's.</summary>
    public static object? Get(this object thing, string property) =>
        thing.GetType().GetProperty(property)!.GetValue(thing);
}
