using System.Collections.Generic;
using System.Linq;
using Eros.Build.XSharp;
using NUnit.Framework;

namespace Eros.Tests.Unit.XSharp;

/// <summary>What compiles assembles: NASM takes all output, without a warning.</summary>
[TestFixture]
public sealed class AssembleTests
{
    [TestCase(Mode.Gen1)]
    [TestCase(Mode.Bits32)]
    [TestCase(Mode.Bits64)]
    public void Every_golden_body_assembles(object value)
    {
        // One run of NASM for all: each body is a function of its own, and stands in blocks of its own.
        var mode = (Mode)value;
        var bodies = GoldenTests.Cases.Where(golden => golden.Mode == mode && !golden.IsFile);
        Assert.That(Complaints(bodies.Select(golden => string.Join('\n', golden.Source)), mode), Is.Empty);
    }

    [TestCaseSource(nameof(Files))]
    public void Every_golden_file_assembles(object value)
    {
        var golden = (GoldenCase)value;
        string source = "namespace T\n" + string.Join('\n', golden.Source);
        Assert.That(Nasm.Assemble(Surroundings.Compile(source, golden.Mode).Asm, golden.Mode), Is.Empty);
    }

    /// <summary>What NASM says to these bodies, each in a function of its own.</summary>
    internal static string Complaints(IEnumerable<string> bodies, Mode mode)
    {
        // Upstream's names of variables need no declaration there, but NASM wants one.
        string declared = mode == Mode.Gen1 ? "\nvar Local\nvar RAX\nvar CR0" : "";
        var functions = bodies.Select((body, i) => $"function F{i} {{{declared}\n{body}\n}}");
        string source = $"{Surroundings.Before(mode)}}}\n{string.Join('\n', functions)}\n";
        var result = Surroundings.Compile(source, mode);
        Assert.That(result.Errors, Is.Empty);
        return Nasm.Assemble(result.Asm, mode);
    }

    private static IEnumerable<GoldenCase> Files() => GoldenTests.Cases.Where(golden => golden.IsFile);
}
