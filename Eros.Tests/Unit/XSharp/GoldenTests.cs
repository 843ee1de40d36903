using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Build.XSharp;
using NUnit.Framework;

namespace Eros.Tests.Unit.XSharp;

/// <summary>Every statement form emits what the tables say, and every form is in a table.</summary>
[TestFixture]
public sealed class GoldenTests
{
    /// <summary>All golden cases.</summary>
    internal static IEnumerable<GoldenCase> Cases =>
    [
        .. GoldenCase.Read("GoldenX86.txt", _ => Mode.Gen1),
        .. GoldenCase.Read("Golden32.txt", _ => Mode.Bits32),
        .. GoldenCase.Read("Golden64.txt", _ => Mode.Bits64),
    ];

    [TestCaseSource(nameof(Cases))]
    public void A_statement_emits_what_the_table_says(object value)
    {
        var golden = (GoldenCase)value;
        string[] emitted = Emitted(golden);
        int elided = Array.IndexOf(golden.Expected, "...");
        if (elided < 0)
        {
            Assert.That(emitted, Is.EqualTo(golden.Expected));
            return;
        }

        string[] end = golden.Expected[(elided + 1)..];
        Assert.That(emitted[..elided], Is.EqualTo(golden.Expected[..elided]));
        Assert.That(emitted[^end.Length..], Is.EqualTo(end));
    }

    [TestCaseSource(nameof(Cases))]
    public void A_case_matches_the_form_that_it_stands_under(object value)
    {
        var golden = (GoldenCase)value;
        Assert.That(golden.Source.SelectMany(line => FormsOf(line, golden.Mode)), Does.Contain(golden.Section));
    }

    [TestCase(Mode.Gen1)]
    [TestCase(Mode.Bits32)]
    [TestCase(Mode.Bits64)]
    public void Every_form_has_a_case(object value)
    {
        // 32-bit code has cases only for what 64-bit code lacks: the rest is the same.
        var mode = (Mode)value;
        var forms = StatementTable.Forms.Concat(FlagForms.Comparisons).Where(form => (form.In & mode) != 0);
        var needed = mode == Mode.Bits32 ? forms.Where(form => (form.In & Mode.Bits64) == 0) : forms;
        var covered = Cases.Where(golden => golden.Mode == mode).Select(golden => golden.Section);
        Assert.That(needed.Select(form => form.Syntax).Except(covered), Is.Empty);
    }

    [Test]
    public void A_checkpoint_clears_eighty_cells_before_it_writes()
    {
        var lines = Surroundings.CompileBody("checkpoint 'AB'", Mode.Gen1).Asm.Split('\n');
        Assert.That(lines.Count(line => line.StartsWith("mov dword [0xB8", StringComparison.Ordinal)), Is.EqualTo(162));
    }

    /// <summary>The lines that a case emits.</summary>
    internal static string[] Emitted(GoldenCase golden)
    {
        string source = string.Join('\n', golden.Source);
        var result = golden.IsFile
            ? Surroundings.Compile($"namespace T\n{source}\n", golden.Mode)
            : Surroundings.CompileBody(source, golden.Mode);
        Assert.That(result.Errors, Is.Empty);
        var lines = result.Asm.Split('\n');
        if (golden.IsFile)
        {
            int framing = golden.Mode == Mode.Gen1 ? 1 : 3;
            return lines[framing..^2];
        }

        int start = Array.IndexOf(lines, "T_F:") + 1;
        return lines[start..Array.IndexOf(lines, "T_F_Exit:")];
    }

    private static IEnumerable<string> FormsOf(string line, Mode mode)
    {
        var names = new Names(mode == Mode.Gen1) { Namespace = "T" };
        var tokens = Lexer.Read(line, new ErrorList(), mode == Mode.Gen1);
        if (tokens is null || StatementTable.Match(new TokenReader(tokens, mode, names)) is not { } statement)
        {
            return [];
        }

        var comparisons = statement.Operands.Values.OfType<ComparisonOperand>();
        return comparisons.Select(c => c.Comparison?.Form.Syntax ?? "").Append(statement.Form.Syntax);
    }
}
