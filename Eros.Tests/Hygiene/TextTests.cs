using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Eros.Tests.Hygiene;

/// <summary>What must not stand in the tree, and what the documents must say.</summary>
[TestFixture, Category(TestKind.Hygiene)]
public sealed partial class TextTests
{
    private static readonly string[] _text =
    [
        ".cs", ".xs", ".md", ".csproj", ".props", ".targets", ".json", ".sln", ".ld", ".txt", ".cmd", ".editorconfig",
        "eros", ".ci/run",
    ];

    [Test]
    public void No_path_of_somebodys_machine_is_in_the_tree() => Assert.That(LinesWith(MachinePath()), Is.Empty);

    [Test]
    public void Nothing_is_marked_as_unfinished() => Assert.That(LinesWith(Unfinished()), Is.Empty);

    [Test]
    public void Nobodys_registry_is_named() => Assert.That(LinesWith(Registry()), Is.Empty);

    [Test]
    public void The_readme_has_a_line_for_every_folder()
    {
        string readme = SourceTree.Read("README.md");
        IEnumerable<string> folders = Directory.EnumerateDirectories(Repository.Root)
            .Select(path => Path.GetFileName(path))
            .Where(name => name.StartsWith("Eros.") || name == "docs");
        Assert.That(folders.Where(folder => !readme.Contains($"- `{folder}/`")), Is.Empty);
    }

    [Test]
    public void Every_link_between_documents_leads_somewhere() =>
        Assert.That(
            from document in SourceTree.WithEnding(".md")
            from Match link in Link().Matches(SourceTree.Read(document))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://")
            where !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, target))
            select $"{document}: {target}",
            Is.Empty);

    [Test]
    public void Every_test_that_the_page_on_bad_input_names_exists()
    {
        string tests = string.Concat(SourceTree.CSharpIn("Eros.Tests").Select(file => file.Text));
        string page = SourceTree.Read("docs/bad-input.md");
        string[] named = [.. TestName().Matches(page).Select(name => name.Groups[1].Value)];
        Assert.That(named, Is.Not.Empty);
        Assert.That(named.Where(name => !tests.Contains($"public void {name}(")), Is.Empty);
    }

    [Test]
    public void Every_invariant_of_the_code_is_in_the_list_and_the_other_way_round()
    {
        MatchCollection rows = Listed().Matches(SourceTree.Read("docs/invariants.md"));
        IEnumerable<string> listed = rows.Select(match => match.Groups[1].Value);
        Assert.That(listed, Is.EquivalentTo(Invariants().Select(invariant => invariant.Number).Distinct()));
    }

    [Test]
    public void An_invariants_text_is_the_same_in_the_list_and_in_the_code() =>
        Assert.That(
            from Match row in Listed().Matches(SourceTree.Read("docs/invariants.md"))
            let code = Space().Replace(CommentBreak().Replace(SourceTree.Read(row.Groups[3].Value), " "), " ")
            where !code.Contains(row.Groups[2].Value.TrimEnd('.'))
            select row.Value,
            Is.Empty);

    [Test]
    public void An_invariants_number_is_used_once() =>
        Assert.That(
            Invariants().GroupBy(invariant => invariant.Number).Where(uses => uses.Count() > 1).SelectMany(use => use),
            Is.Empty);

    private static IEnumerable<(string Number, string Path)> Invariants() =>
        from file in SourceTree.CSharpIn("Eros.Persistence", "Eros.Kernel", "Eros.Hal")
        from Match match in Defined().Matches(file.Text)
        select (match.Groups[1].Value, file.Path);

    private static IEnumerable<string> LinesWith(Regex pattern) =>
        from path in SourceTree.WithEnding(_text)
        where Path.GetFileName(path) is not ("TextTests.cs" or "packages.lock.json")
        from line in SourceTree.Read(path).Split('\n').Select((text, index) => (text, number: index + 1))
        where pattern.IsMatch(line.text)
        select $"{path}({line.number}): {line.text.Trim()}";

    [GeneratedRegex(@"(?<![\w.$)}])/(work|root|farm|home/\w+|Users/\w+)/|[A-Z]:\\Users")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"`(\w+_\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK|new NotImplementedException)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"https?://[a-z0-9.-]*(nuget|debian|npm)[a-z]*\.")]
    private static partial Regex Registry();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\| ([A-Z][0-9]{1,2}) \| (.*) \| `(.*)` \|$", RegexOptions.Multiline)]
    private static partial Regex Listed();

    [GeneratedRegex(@"\n *// *")]
    private static partial Regex CommentBreak();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"^// +(?:Invariants?[^:\n]*:? )?([A-Z][0-9]{1,2}):? [A-Za-z_]", RegexOptions.Multiline)]
    private static partial Regex Defined();
}
