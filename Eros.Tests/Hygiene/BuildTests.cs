using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NUnit.Framework;

namespace Eros.Tests.Hygiene;

/// <summary>Solution, lock files, formatting and the front door's idea of its own sources.</summary>
[TestFixture, Category(TestKind.Hygiene), Parallelizable]
public sealed partial class BuildTests
{
    private const string CommandProject = "Eros.Build/Cli/Eros.Build.Cli.csproj";

    private static readonly TimeSpan _formatLimit = TimeSpan.FromMinutes(10);

    [Test]
    public void The_solution_has_every_project()
    {
        string solution = SourceTree.Read("Eros.sln").Replace('\\', '/');
        Assert.That(SourceTree.WithEnding(".csproj").Where(project => !solution.Contains($"\"{project}\"")), Is.Empty);
    }

    [Test]
    public void Every_project_with_packages_has_a_lock_file() =>
        Assert.That(
            SourceTree.WithEnding(".csproj").Where(HasPackages)
                .Select(project => Path.GetDirectoryName(project) + "/packages.lock.json")
                .Where(lockFile => !File.Exists(Repository.PathOf(lockFile))),
            Is.Empty);

    [Test]
    public void No_project_states_a_package_version_itself() =>
        Assert.That(
            SourceTree.WithEnding(".csproj").Where(project => PackageVersion().IsMatch(SourceTree.Read(project))),
            Is.Empty);

    [Test]
    public void The_script_watches_the_sources_of_the_command_and_of_all_that_it_is_linked_with()
    {
        string[] watched = Sources().Match(SourceTree.Read("eros")).Groups[1].Value.Split(' ');
        Assert.That(watched, Is.EquivalentTo(Reach(CommandProject).Select(project => Path.GetDirectoryName(project))));
    }

    [Test]
    public void The_page_of_the_build_lists_the_numbers_of_all_errors()
    {
        string page = SourceTree.Read("docs/build.md");
        string[] numbers =
        [
            .. SourceTree.WithEnding(".cs", ".targets")
                .Where(file => !file.StartsWith("Eros.Tests/", StringComparison.Ordinal))
                .SelectMany(file => ErrorNumber().Matches(SourceTree.Read(file)).Select(match => match.Value))
                .Distinct(),
        ];
        Assert.That(numbers, Has.Length.GreaterThan(20));
        Assert.That(numbers.Where(number => !page.Contains($"| {number} |")), Is.Empty);
    }

    [TestCase("eros")]
    [TestCase(".ci/run")]
    [UnsupportedOSPlatform("windows")]
    public void The_front_door_can_be_executed(string script) =>
        Assert.That(File.GetUnixFileMode(Repository.PathOf(script)).HasFlag(UnixFileMode.UserExecute));

    [Test]
    public void Tests_that_start_machines_or_cut_power_are_in_their_category() =>
        Assert.That(
            from type in Assembly.GetExecutingAssembly().GetTypes()
            where type.GetCustomAttribute<TestFixtureAttribute>() != null
            let expected = type.Namespace switch
            {
                "Eros.Tests.SystemTests" => TestKind.System,
                "Eros.Tests.Crash" => TestKind.Crash,
                "Eros.Tests.Hygiene" => TestKind.Hygiene,
                _ => null,
            }
            where expected != null
            where type.GetCustomAttributes<CategoryAttribute>().All(category => category.Name != expected)
            select type.FullName,
            Is.Empty);

    /// <summary>White space, also of what no project compiles. The compiler sees to all else that .editorconfig
    /// demands, wherever it runs; but neither has an eye for the order of usings.</summary>
    [Test]
    public void Formatting_is_as_dotnet_format_has_it()
    {
        using Process format = Process.Start(new ProcessStartInfo(
            "dotnet", ["format", "whitespace", Repository.Root, "--folder", "--verify-no-changes"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string errors = format.StandardError.ReadToEnd();
        Assert.That(format.WaitForExit(_formatLimit), "dotnet format did not end");
        Assert.That(format.ExitCode, Is.Zero, errors);
    }

    [Test]
    public void Usings_are_sorted_and_the_systems_come_first() =>
        Assert.That(
            from file in SourceTree.CSharp
            let names = file.Root.Usings.Where(IsPlain).Select(one => one.Name!.ToString()).ToArray()
            let sorted = names.OrderBy(name => name.Split('.')[0] != "System")
                .ThenBy(name => name, StringComparer.OrdinalIgnoreCase)
            where !names.SequenceEqual(sorted)
            select file.Path,
            Is.Empty);

    private static bool IsPlain(UsingDirectiveSyntax one) => one.Alias is null && one.StaticKeyword.RawKind == 0;

    private static bool HasPackages(string project) =>
        XDocument.Parse(SourceTree.Read(project)).Descendants("PackageReference").Any();

    /// <summary>A project and all that it is linked with, directly or not.</summary>
    private static HashSet<string> Reach(string project)
    {
        HashSet<string> reached = [project];
        foreach (XElement reference in XDocument.Parse(SourceTree.Read(project)).Descendants("ProjectReference"))
        {
            string folder = Path.GetDirectoryName(Repository.PathOf(project))!;
            string path = Path.GetFullPath(Path.Combine(folder, (string)reference.Attribute("Include")!));
            reached.UnionWith(Reach(Path.GetRelativePath(Repository.Root, path)));
        }

        return reached;
    }

    [GeneratedRegex("EROS[0-9]+")]
    private static partial Regex ErrorNumber();

    [GeneratedRegex("<PackageReference[^>]* Version=")]
    private static partial Regex PackageVersion();

    [GeneratedRegex(@"^sources=\(([^)]*)\)", RegexOptions.Multiline)]
    private static partial Regex Sources();
}
