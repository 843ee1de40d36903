using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.XSharp;
using NUnit.Framework;

namespace Eros.Tests.Unit.XSharp;

/// <summary>docs/xsharp.md and the compiler say the same.</summary>
[TestFixture]
[Category(TestKind.Hygiene)]
public sealed class DocumentTests
{
    [Test]
    public void The_statement_table_of_the_document_is_that_of_the_compiler()
    {
        var forms = StatementTable.Forms.Concat(FlagForms.Comparisons);
        var rows = forms.Select(form => (form.Syntax, form.Assembly, Settings(form.In)));
        Assert.That(DocumentRows(), Is.EquivalentTo(rows));
    }

    [Test]
    public void Every_row_of_the_document_has_a_golden_case()
    {
        var sections = GoldenTests.Cases.Select(golden => golden.Section).ToHashSet();
        Assert.That(DocumentRows().Select(row => row.Syntax).Where(syntax => !sections.Contains(syntax)), Is.Empty);
    }

    [Test]
    public void The_document_lists_every_error_number()
    {
        string text = File.ReadAllText(Repository.PathOf("docs/xsharp.md"));
        var numbers = Enum.GetValues<XSharpErrorCode>().Select(code => $"| XS{(int)code:D4} |");
        Assert.That(numbers.Where(number => !text.Contains(number, StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void The_example_of_the_document_compiles_and_assembles()
    {
        string text = File.ReadAllText(Repository.PathOf("docs/xsharp.md"));
        string example = text.Split("```")[1];
        var options = new XSharpOptions { ReadFile = _ => "const CpuStack = 8\n" };
        var result = XSharpCompiler.Compile(example, "example.xs", options);
        Assert.That(result.Errors, Is.Empty);
        Assert.That(Nasm.Assemble(result.Asm, Mode.Bits64), Is.Empty);
    }

    // The rows of all tables with the columns `statement | emits | in`.
    private static IEnumerable<(string Syntax, string Assembly, string Settings)> DocumentRows()
    {
        bool inTable = false;
        foreach (string line in File.ReadLines(Repository.PathOf("docs/xsharp.md")))
        {
            inTable = line == "| statement | emits | in |" || (inTable && line.StartsWith('|'));
            if (inTable && line.StartsWith("| `", StringComparison.Ordinal))
            {
                string[] cells = line.Replace("\\|", "\u0001", StringComparison.Ordinal).Split('|');
                yield return (Plain(cells[1]), Plain(cells[2]), cells[3].Trim());
            }
        }
    }

    private static string Plain(string cell) => cell.Trim().Trim('`').Replace('\u0001', '|');

    private static string Settings(Mode mode) => mode switch
    {
        Mode.All => "both",
        Mode.Gen1 => "Gen1",
        Mode.Narrow => "Gen1, `bits 32`",
        Mode.Bits32 => "ours, `bits 32`",
        Mode.Bits64 => "ours, `bits 64`",
        _ => "ours",
    };
}
