using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace Eros.Tests.Unit.XSharp;

/// <summary>All assembly is X#: lines that pass assembler through are counted.</summary>
[TestFixture]
[Category(TestKind.Hygiene)]
public sealed class LiteralLineTests
{
    // Lower it when one goes. One more needs a reason that a statement of the language cannot serve.
    // These: bytes that are no instruction, which the hostile domain executes; and three that ask RDRAND, which says in
    // the carry flag whether it had a number.
    private const int Budget = 4;

    [Test]
    public void Literal_lines_stay_within_their_budget()
    {
        string[] patterns = ["*.xs", "*.xsi"];
        var literal = patterns.SelectMany(Sources).SelectMany(file => File.ReadLines(file)
            .Select((line, i) => (Place: $"{file}({i + 1})", Line: line.Trim()))
            .Where(l => l.Line.Length > 1 && l.Line[0] == '!'));
        Assert.That(literal.Select(l => $"{l.Place}: {l.Line}").ToList(), Has.Count.LessThanOrEqualTo(Budget));
    }

    [Test]
    public void There_is_no_assembler_source()
    {
        string[] patterns = ["*.asm", "*.s", "*.S", "*.nasm", "*.inc"];
        Assert.That(patterns.SelectMany(Sources), Is.Empty);
    }

    private static IEnumerable<string> Sources(string pattern)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseSensitive };
        string[] generated = ["bin", "obj", "artifacts", "machine", ".git"];
        return Directory.EnumerateFiles(Repository.Root, pattern, options)
            .Where(file => !Path.GetRelativePath(Repository.Root, file).Split('/', '\\').Any(generated.Contains));
    }
}
