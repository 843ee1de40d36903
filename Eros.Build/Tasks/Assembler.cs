// X# files to ELF objects: X# to NASM text, NASM to an object. Every file is compiled even after one has failed, so
// that a build shows all errors. Both work in the objects directory by relative name: no path gets into an object.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Eros.Build.XSharp;

namespace Eros.Build.Tasks;

internal sealed class Assembler(string directory)
{
    private static readonly Regex _refusal = new(@"^(.+):(\d+): (?:error|warning): (.*)$");

    /// <summary>The object of an X# file: its name with .o, in the objects directory of its project.</summary>
    internal static string ObjectName(string file) => Path.GetFileNameWithoutExtension(file) + ".o";

    internal static void Run(Dictionary<string, string> options)
    {
        string[] files = File.ReadAllLines(options["files"]);
        Assembler assembler = new(options["out"]);
        List<Problem> problems = RequireDistinctNames(files);
        foreach (string file in files)
        {
            problems.AddRange(assembler.Assemble(file));
        }

        if (problems.Count != 0)
        {
            throw new BuildFailure(problems);
        }
    }

    private static List<Problem> RequireDistinctNames(string[] files) =>
        files.GroupBy(ObjectName)
            .Where(group => group.Count() > 1)
            .Select(group => new Problem("EROS0010", "another X# file has the same name", group.Last()))
            .ToList();

    private List<Problem> Assemble(string file)
    {
        string text = Path.ChangeExtension(ObjectName(file), ".asm");
        string textPath = Path.Combine(directory, text);
        StringWriter diagnostics = new();
        XSharpOptions traced = new() { IsTraced = true };
        if (XSharpFile.CompileTo(file, textPath, traced, [directory], diagnostics) != 0)
        {
            return Lines(diagnostics.ToString()).Select(line => new Problem(line)).ToList();
        }

        string[] arguments = ["-f", "elf64", "-Werror", "-o", ObjectName(file), text];
        ToolResult result = Tool.Run("nasm", arguments, directory);
        return result.ExitCode == 0
            ? []
            : Lines(result.Output).Select(Refusal).ToList();
    }

    // FILE:LINE: error: TEXT. What NASM can refuse is what X# has passed on as it is: a literal line, from its mark on.
    private static Problem Refusal(string line)
    {
        if (_refusal.Match(line) is not { Success: true } refusal)
        {
            return new Problem("EROS0009", line);
        }

        string file = refusal.Groups[1].Value;
        int number = int.Parse(refusal.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        string source = File.ReadLines(file).ElementAtOrDefault(number - 1) ?? "";
        int column = source.Length - source.TrimStart().Length + 1;
        return new Problem("EROS0009", refusal.Groups[3].Value, file, number, column);
    }

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
