// Reads the text tables of this folder (their heads give the format) and sets their sources in the surroundings that
// they are written for.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.XSharp;

namespace Eros.Tests.Unit.XSharp;

/// <summary>One line of a table.</summary>
/// <param name="Section">What the heading above it says.</param>
/// <param name="Source">The lines of X#.</param>
/// <param name="IsFile">They are a whole file.</param>
/// <param name="Expected">What stands behind the arrow, one part a line.</param>
/// <param name="Mode">The setting.</param>
internal sealed record GoldenCase(string Section, string[] Source, bool IsFile, string[] Expected, Mode Mode)
{
    private const string Separator = " ;; ";

    public override string ToString() => $"{Mode} {Section}: {string.Join(Separator, Source)}";

    /// <summary>The cases of a table of this folder.</summary>
    public static IEnumerable<GoldenCase> Read(string fileName, Func<string, Mode> modeOfSection)
    {
        string section = "";
        foreach (string line in File.ReadLines(Repository.PathOf($"Eros.Tests/Unit/XSharp/{fileName}")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                section = line[3..];
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                string[] halves = line.Split(" => ");
                bool isFile = halves[0].StartsWith("file: ", StringComparison.Ordinal);
                string source = isFile ? halves[0]["file: ".Length..] : halves[0];
                string[] expected = halves[1] == "(nothing)" ? [] : halves[1].Split(Separator);
                yield return new GoldenCase(section, source.Split(Separator), isFile, expected, modeOfSection(section));
            }
        }
    }
}

/// <summary>The surroundings of the sources in the tables.</summary>
internal static class Surroundings
{
    private const string Before32 = "bits 32\n";

    private const string BeforeOurs =
        "namespace T\nconst C = 7\nconst D = 0x40\nextern ..E\nvar V qword\nvar W word\nvar B byte[8]\n"
        + "function G {\n}\nL:\nfunction F {\n";

    private const string BeforeGen1 =
        "namespace T\nconst C = 7\nvar V\nvar W\nfunction G {\n}\nL:\nfunction F {\n";

    private static readonly Dictionary<string, string> _files = new()
    {
        ["shared.xs"] = "const Shared = 42\n",
        ["loop.xs"] = "include 'loop.xs'\n",
    };

    /// <summary>What stands before a source that is a function's body.</summary>
    public static string Before(Mode mode) => mode switch
    {
        Mode.Gen1 => BeforeGen1,
        Mode.Bits32 => Before32 + BeforeOurs,
        _ => BeforeOurs,
    };

    /// <summary>How many lines stand before a function's body.</summary>
    public static int LinesBefore(Mode mode) => Before(mode).Count(c => c == '\n');

    /// <summary>Compiles the body of function F.</summary>
    public static XSharpResult CompileBody(string body, Mode mode) => Compile($"{Before(mode)}{body}\n}}\n", mode);

    /// <summary>Compiles a file.</summary>
    public static XSharpResult Compile(string source, Mode mode)
    {
        var options = new XSharpOptions { X86 = mode == Mode.Gen1, ReadFile = path => _files.GetValueOrDefault(path) };
        return XSharpCompiler.Compile(source, "test.xs", options);
    }
}
