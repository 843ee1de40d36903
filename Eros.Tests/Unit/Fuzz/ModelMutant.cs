using System;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Eros.Tests.Unit.Fuzz;

/// <summary>A mistake in the kernel: what stands in a file exactly once, and what stands there when it is made.
/// </summary>
/// <param name="Name">What is wrong.</param>
/// <param name="File">The file, relative to the root.</param>
/// <param name="Old">What stands there.</param>
/// <param name="New">What stands there instead; {0} is true when the mistake is to be made.</param>
public sealed record ModelMutant(string Name, string File, string Old, string New)
{
    private static readonly MutantSources _sources = new(
        ["Eros.Persistence", "Eros.Kernel", "Eros.Tests/Crash", "Eros.Tests/Fuzz", "Eros.Tests/Reading"],
        [
            "Eros.Build/Volume/HostMemory.cs",
            "Eros.Build/Volume/GenerationView.cs",
            "Eros.Domains/CrowdMember/RandomInvocation.cs",
            .. Directory.EnumerateFiles(Repository.PathOf("Eros.Tests/Fakes"), "*.cs")
                .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')),
        ]);

    /// <summary>Compiles the kernel with all mistakes, each made on demand, and has <paramref name="run"/> use it.
    /// </summary>
    public static void Compile(ModelMutant[] mutants, Action<Assembly> run)
    {
        SourceEdit[] edits = [.. mutants.Select((mutant, index) => new SourceEdit(
            mutant.File,
            mutant.Old,
            mutant.New.Replace("{0}", MutantSources.Is(index + 1), StringComparison.Ordinal)))];
        _sources.Run(
            assembly =>
            {
                run(assembly);
                return 0;
            },
            edits);
    }

    /// <summary>Does up to so many steps with one of the mistakes, 0 for none. Returns the shortest script that fails
    /// and what is wrong then; null when nothing is.</summary>
    public static (string Script, string What)? FirstFailure(Assembly assembly, int number, ulong seed, long steps)
    {
        MutantSources.Choose(assembly, number);
        Type settingsType = assembly.GetType("Eros.Tests.Fuzz.ModelSettings", throwOnError: true)!;
        object settings = Activator.CreateInstance(settingsType)!;
        settingsType.GetProperty("Seed")!.SetValue(settings, seed);
        settingsType.GetProperty("Steps")!.SetValue(settings, steps);
        MethodInfo campaign = assembly.GetType("Eros.Tests.Fuzz.ModelCampaign")!.GetMethod("Run")!;
        object outcome = campaign.Invoke(null, [settings])!;
        object? failure = outcome.GetType().GetProperty("Failure")!.GetValue(outcome);
        return failure == null ? null : (Text("Script"), Text("What"));

        string Text(string property) => (string)failure.GetType().GetProperty(property)!.GetValue(failure)!;
    }
}
