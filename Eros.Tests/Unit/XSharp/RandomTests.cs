using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Build.XSharp;
using NUnit.Framework;

namespace Eros.Tests.Unit.XSharp;

/// <summary>Random statements and random garbage. A failure names its seed, which is the test's argument.</summary>
[TestFixture]
public sealed class RandomTests
{
    private static readonly Mode[] _modes = [Mode.Gen1, Mode.Bits32, Mode.Bits64];

    [Test]
    public void What_compiles_assembles(
        [Random(0, int.MaxValue, 1)] int seed, [ValueSource(nameof(Modes))] object value)
    {
        var mode = (Mode)value;
        var generator = new Generator(seed, mode);
        var instructions = StatementTable.Forms.Where(form => (form.In & mode) != 0 && !form.Directive);
        var accepted = instructions.Where(form => !form.Syntax.Contains("name", StringComparison.Ordinal))
            .SelectMany(form => Enumerable.Repeat(form, 20))
            .Select(form => Whole(generator.Fill(form)))
            .Where(body => Surroundings.CompileBody(body, mode).Errors.Count == 0)
            .ToList();
        Assert.That(accepted, Has.Count.GreaterThan(500), $"seed {seed}: too few to mean anything");
        Assert.That(AssembleTests.Complaints(accepted, mode), Is.Empty, $"seed {seed}");
    }

    [Test]
    public void Garbage_gives_errors_with_positions_and_never_an_exception(
        [Random(0, int.MaxValue, 2)] int seed, [ValueSource(nameof(Modes))] object value)
    {
        var mode = (Mode)value;
        var generator = new Generator(seed, mode);
        for (int i = 0; i < 1500; i++)
        {
            CheckPositions(generator.Garbage(), mode, seed);
        }

        foreach (var golden in GoldenTests.Cases.Where(golden => golden.Mode == mode))
        {
            CheckPositions(string.Join('\n', golden.Source.Select(generator.Damage)), mode, seed);
        }
    }

    [Test]
    public void No_line_is_dropped_in_silence(
        [Random(0, int.MaxValue, 2)] int seed, [ValueSource(nameof(Modes))] object value)
    {
        var mode = (Mode)value;
        var generator = new Generator(seed, mode);
        string nothing = Surroundings.CompileBody("", mode).Asm;
        for (int i = 0; i < 1500; i++)
        {
            string line = generator.Garbage();
            var result = Surroundings.CompileBody(line, mode);
            if (!SaysNothing(line) && result.Errors.Count == 0)
            {
                Assert.That(result.Asm, Is.Not.EqualTo(nothing), $"seed {seed}: {line}");
            }
        }
    }

    [TestCase("((((((((((((((((((((((((((((((((((((((((1")]
    [TestCase("1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + ")]
    [TestCase("9")]
    public void Very_long_lines_are_errors_too(string part)
    {
        string line = "RAX = " + string.Concat(Enumerable.Repeat(part, 2000));
        Assert.That(Surroundings.CompileBody(line, Mode.Bits64).Errors, Is.Not.Empty);
    }

    private static object[] Modes() => [.. _modes.Cast<object>()];

    private static void CheckPositions(string body, Mode mode, int seed)
    {
        string source = $"{Surroundings.Before(mode)}{body}\n}}\n";
        string[] lines = source.Split('\n');
        foreach (var error in Surroundings.Compile(source, mode).Errors)
        {
            string about = $"seed {seed}: {body}: {error}";
            Assert.That(error.Line, Is.InRange(1, lines.Length), about);
            Assert.That(error.Column, Is.InRange(1, lines[error.Line - 1].Length + 1), about);
            Assert.That(error.Message, Does.StartWith("expected "), about);
        }
    }

    // Forms that open a block close it again; `else` needs one before it.
    private static string Whole(string line)
    {
        string before = line.StartsWith('}') ? "if = {\n" : "";
        return before + line + (line.EndsWith('{') ? "\n}" : "");
    }

    private static bool SaysNothing(string line)
    {
        string start = line.Trim();
        string[] quiet = ["", "!", "namespace T"];
        return quiet.Contains(start) || start.Replace(" ", "").StartsWith("//", StringComparison.Ordinal);
    }
}
