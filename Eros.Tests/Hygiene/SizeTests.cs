using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NUnit.Framework;

namespace Eros.Tests.Hygiene;

/// <summary>Every part can be read in one sitting.</summary>
[TestFixture, Category(TestKind.Hygiene)]
public sealed class SizeTests
{
    private const int FileLines = 700;
    private const int MethodLines = 60;
    private const int LineColumns = 120;

    /// <summary>Lines that one row of a flat table may take.</summary>
    private const int RowLines = 4;

    private static readonly string[] _written = [".cs", ".xs", ".md", ".csproj", ".props", ".targets", ".ld", ".cmd"];

    [Test]
    public void No_file_is_longer_than_700_lines() =>
        Assert.That(
            SourceTree.WithEnding(_written).Where(path => LinesOf(SourceTree.Read(path)) > FileLines),
            Is.Empty);

    [Test]
    public void No_line_is_wider_than_120_columns() =>
        Assert.That(
            from path in SourceTree.WithEnding(".cs", ".xs")
            from line in SourceTree.Read(path).Split('\n').Select((text, index) => (text, number: index + 1))
            where line.text.Length > LineColumns
            select $"{path}({line.number})",
            Is.Empty);

    [Test]
    public void No_method_is_longer_than_60_lines_unless_it_is_a_flat_table() =>
        Assert.That(SourceTree.CSharp.SelectMany(LongMethods), Is.Empty);

    [TestCase("switch (x) { case 1: A(); break; case 2: B(); break; }", true)]
    [TestCase("return x switch { 1 => A(), 2 => B(), _ => C() };", true)]
    [TestCase("return [ 1, 2, 3 ];", true)]
    [TestCase("if (x) { A(); } return [ 1, 2, 3 ];", false)]
    [TestCase("switch (x) { case 1: if (y) { A(); } break; }", false)]
    public void A_table_is_flat_when_nothing_but_rows_is_in_it(string body, bool flat)
    {
        SyntaxNode method = SyntaxFactory.ParseMemberDeclaration($"int M() {{ {body} }}")!;
        Assert.That(IsFlatTable(method), Is.EqualTo(flat));
    }

    private static IEnumerable<string> LongMethods(SourceFile file) => file.Root.DescendantNodes()
        .Where(node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax)
        .Where(node => LinesOf(node.ToString()) > MethodLines && !IsFlatTable(node))
        .Select(node => $"{file.Place(node)}: {LinesOf(node.ToString())} lines");

    private static int LinesOf(string text) => text.TrimEnd('\n').Count(c => c == '\n') + 1;

    /// <summary>One switch or one list, whose rows are short and neither branch nor loop.</summary>
    private static bool IsFlatTable(SyntaxNode method)
    {
        SyntaxNode[] tables = [.. method.DescendantNodes(node => !IsTable(node)).Where(IsTable)];
        return tables.Length == 1
            && !method.DescendantNodes().Any(Decides)
            && RowsOf(tables[0]).All(row => LinesOf(row.ToString()) <= RowLines);
    }

    private static bool IsTable(SyntaxNode node) => node is SwitchStatementSyntax or SwitchExpressionSyntax
        or CollectionExpressionSyntax or InitializerExpressionSyntax;

    private static bool Decides(SyntaxNode node) => node is IfStatementSyntax or ForStatementSyntax
        or ForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax or TryStatementSyntax;

    private static IEnumerable<SyntaxNode> RowsOf(SyntaxNode table) => table switch
    {
        SwitchStatementSyntax statement => statement.Sections.SelectMany(section => section.Statements),
        SwitchExpressionSyntax expression => expression.Arms,
        CollectionExpressionSyntax collection => collection.Elements,
        InitializerExpressionSyntax initializer => initializer.Expressions,
        _ => [],
    };
}
