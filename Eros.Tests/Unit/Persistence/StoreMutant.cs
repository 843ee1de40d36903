using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Eros.Tests.Unit.Persistence;

/// <summary>The store with some edits, and the crash simulator, compiled together.</summary>
public static class StoreMutant
{
    private static readonly string[] _folders = ["Eros.Persistence", "Eros.Tests/Crash"];
    private static readonly string[] _files = ["Eros.Build/Volume/HostMemory.cs"];

    private static readonly CSharpParseOptions _parsing = new(LanguageVersion.Preview);

    private static readonly CSharpCompilationOptions _compiling = new(
        OutputKind.DynamicallyLinkedLibrary,
        allowUnsafe: true,
        optimizationLevel: OptimizationLevel.Release,
        nullableContextOptions: NullableContextOptions.Enable);

    private static readonly Dictionary<string, SyntaxTree> _sources = Sources().ToDictionary(
        path => path,
        path => CSharpSyntaxTree.ParseText(File.ReadAllText(Repository.PathOf(path)), _parsing, path));

    private static readonly MetadataReference[] _references =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
            .ToArray();

    /// <summary>
    /// Makes up to <paramref name="runs"/> runs on the edited store, and returns what went wrong first; null when
    /// nothing did.
    /// </summary>
    /// <exception cref="InvalidOperationException">An edit no longer applies, or does not compile.</exception>
    public static string? FirstFailure(int runs, params SourceEdit[] edits)
    {
        var sources = new Dictionary<string, SyntaxTree>(_sources);
        foreach (SourceEdit edit in edits)
        {
            string text = edit.ApplyTo(sources[edit.File].ToString());
            sources[edit.File] = CSharpSyntaxTree.ParseText(text, _parsing, edit.File);
        }

        var context = new AssemblyLoadContext("mutant", isCollectible: true);
        try
        {
            return Run(context.LoadFromStream(Compile(sources.Values)), runs);
        }
        finally
        {
            context.Unload();
        }
    }

    private static MemoryStream Compile(IEnumerable<SyntaxTree> sources)
    {
        var compilation = CSharpCompilation.Create("Mutant", sources, _references, _compiling);
        var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Take(5)));
        }

        assembly.Position = 0;
        return assembly;
    }

    private static string? Run(Assembly assembly, int runs)
    {
        Type settingsType = assembly.GetType("Eros.Tests.Crash.CrashSettings", throwOnError: true)!;
        object settings = Activator.CreateInstance(settingsType)!;
        settingsType.GetProperty("Runs")!.SetValue(settings, runs);
        settingsType.GetProperty("MostFailures")!.SetValue(settings, 1);
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

    private static IEnumerable<string> Sources()
    {
        foreach (string folder in _folders)
        {
            string root = Repository.PathOf(folder);
            foreach (string path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
            {
                string relative = Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');
                if (!relative.Contains("/obj/", StringComparison.Ordinal))
                {
                    yield return relative;
                }
            }
        }

        foreach (string file in _files)
        {
            yield return file;
        }
    }
}
