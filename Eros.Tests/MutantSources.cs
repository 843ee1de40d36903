using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Eros.Tests;

/// <summary>Sources that can be compiled together with some edits, and what simulates a machine around them.</summary>
/// <remarks>Of several edits each can stand behind a condition, <see cref="Is"/>, so that one compilation serves all:
/// <see cref="Choose"/> says which of them is in force.</remarks>
/// <param name="folders">Folders, with all below.</param>
/// <param name="files">Further files.</param>
public sealed class MutantSources(string[] folders, string[] files)
{
    private const string Switch = "public static class MutantSwitch { public static int Number; }";

    private static readonly CSharpParseOptions _parsing = new(LanguageVersion.Preview);

    private static readonly CSharpCompilationOptions _compiling = new(
        OutputKind.DynamicallyLinkedLibrary,
        allowUnsafe: true,
        optimizationLevel: OptimizationLevel.Release,
        nullableContextOptions: NullableContextOptions.Enable);

    private static readonly MetadataReference[] _references =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
            .ToArray();

    private readonly Dictionary<string, SyntaxTree> _sources = Sources(folders, files).ToDictionary(
        path => path,
        path => CSharpSyntaxTree.ParseText(File.ReadAllText(Repository.PathOf(path)), _parsing, path));

    /// <summary>Compiles the sources with the edits, and has <paramref name="run"/> use the assembly.</summary>
    /// <exception cref="InvalidOperationException">An edit no longer applies, or does not compile.</exception>
    public T Run<T>(Func<Assembly, T> run, params SourceEdit[] edits)
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
            return run(context.LoadFromStream(Compile(sources.Values)));
        }
        finally
        {
            context.Unload();
        }
    }

    /// <summary>In an edit: true when that mutant is in force.</summary>
    public static string Is(int number) => $"(global::MutantSwitch.Number == {number})";

    /// <summary>Puts one mutant in force; 0: none.</summary>
    public static void Choose(Assembly assembly, int number) =>
        assembly.GetType("MutantSwitch")!.GetField("Number")!.SetValue(null, number);

    private static MemoryStream Compile(IEnumerable<SyntaxTree> sources)
    {
        IEnumerable<SyntaxTree> all = sources.Append(CSharpSyntaxTree.ParseText(Switch, _parsing));
        var compilation = CSharpCompilation.Create("Mutant", all, _references, _compiling);
        var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Take(5)));
        }

        assembly.Position = 0;
        return assembly;
    }

    private static IEnumerable<string> Sources(string[] folders, string[] files)
    {
        foreach (string folder in folders)
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

        foreach (string file in files)
        {
            yield return file;
        }
    }
}
