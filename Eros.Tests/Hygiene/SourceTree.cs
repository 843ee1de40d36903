// SourceTree: the files of the repository as the hygiene tests read them; parsed once.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Eros.Tests.Hygiene;

/// <summary>A C# file.</summary>
/// <param name="Path">Relative to the root, with forward slashes.</param>
/// <param name="Text">Its text.</param>
/// <param name="Root">Its syntax.</param>
internal sealed record SourceFile(string Path, string Text, CompilationUnitSyntax Root)
{
    /// <summary>"path(line)" of a node, as editors understand it.</summary>
    internal string Place(Microsoft.CodeAnalysis.SyntaxNode node) =>
        $"{Path}({node.GetLocation().GetLineSpan().StartLinePosition.Line + 1})";

    /// <summary>True when the file is below <paramref name="folder"/>.</summary>
    internal bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);
}

/// <summary>All files that are not made by a build.</summary>
internal static class SourceTree
{
    private static readonly string[] _skipped = ["bin", "obj", "artifacts", "machine", ".git", ".vs", ".vscode"];

    private static readonly Lazy<SourceFile[]> _csharp = new(() => [.. WithEnding(".cs").Select(Parse)]);

    /// <summary>Every C# file.</summary>
    internal static IReadOnlyList<SourceFile> CSharp => _csharp.Value;

    /// <summary>The C# files below any of <paramref name="folders"/>.</summary>
    internal static IEnumerable<SourceFile> CSharpIn(params string[] folders) =>
        CSharp.Where(file => folders.Any(file.IsIn));

    /// <summary>Paths, relative to the root, of all files with an ending.</summary>
    internal static IEnumerable<string> WithEnding(params string[] endings) =>
        Files(Repository.Root).Where(path => endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)));

    /// <summary>Every file of the tree, relative to its root.</summary>
    internal static IEnumerable<string> All => Files(Repository.Root);

    internal static string Read(string path) => File.ReadAllText(Repository.PathOf(path));

    private static IEnumerable<string> Files(string folder)
    {
        IEnumerable<string> here = Directory.EnumerateFiles(folder)
            .Select(path => Path.GetRelativePath(Repository.Root, path));
        IEnumerable<string> below = Directory.EnumerateDirectories(folder)
            .Where(path => !_skipped.Contains(Path.GetFileName(path)))
            .SelectMany(Files);
        return here.Concat(below).Order(StringComparer.Ordinal);
    }

    private static SourceFile Parse(string path)
    {
        string text = Read(path);
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        return new SourceFile(path, text, CSharpSyntaxTree.ParseText(text, options).GetCompilationUnitRoot());
    }
}
