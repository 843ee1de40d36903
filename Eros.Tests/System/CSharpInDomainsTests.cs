// docs/csharp-in-domains.md: what it says is supported runs on a machine and says what .NET says, and what it says is
// not fails the build in the words that it gives.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Eros.Build.Qemu;
using Eros.Tests.Programs;
using NUnit.Framework;

namespace Eros.Tests.SystemTests;

[TestFixture, Category(TestKind.System), Parallelizable]
public sealed partial class CSharpInDomainsTests
{
    private const string Sources = "Eros.Tests/Programs/Features/";

    // Nodes of the heap's space stay with it, and what looks like a reference is taken for one.
    private const int FramesThatMayStay = 40;

    // Two of the pages of each block, for most of the blocks.
    private const int FramesOfBlocks = 700;

    private static string Document => File.ReadAllText(Repository.PathOf("docs/csharp-in-domains.md"));

    private static IEnumerable<string> Compared =>
        AllChecks.List().Concat(AllChecks.Exceptions()).Select(check => check.Name);

    [Test]
    public void What_is_supported_runs_in_a_domain_as_under_dotnet()
    {
        using EmptyDirectory folder = new();
        WriteSystem(folder);
        (int code, string built) = folder.Run("dotnet", "build", "Showcase", "-v", "q", "-nologo");
        Assert.That(code, Is.Zero, built);

        Drive disk = Drive.File(folder.PathOf("Showcase/Showcase.img"));
        MachineOptions options = new() { Kernel = ErosMachine.Kernel, Disk = disk };
        using QemuMachine machine = QemuMachine.Start(options, ErosMachine.Patience * 3);
        ErosSession shell = ErosSession.BeginAsItStands(machine, ErosMachine.Patience);
        string Run(string check) => shell.Run("run features " + check, ErosMachine.Patience);

        Assert.Multiple(() =>
        {
            foreach (string name in SupportedChecks().Where(Compared.Contains))
            {
                Assert.That(Run(name), Is.EqualTo(Expected(name)), name);
            }

            CheckHeap(Run("Heap_grows_and_shrinks"));
            Assert.That(Run("Large_objects_come_and_go"), Is.EqualTo("300"));
            Assert.That(Run("Out_of_memory_can_be_caught"),
                Is.EqualTo("out of memory\nout of memory\nout of memory\nxxxxx"));
            CheckHeap(Run("Heap_grows_and_shrinks"));
            Assert.That(Run("Faults_are_exceptions"), Is.EqualTo("null reference\ndivision by zero\n6"));
            Assert.That(Run("Lock_is_always_free"), Is.EqualTo("inside"));
            Assert.That(Run("Types_have_names"), Is.EqualTo("Features.FeaturesDomain"));
            CheckTraces(Run);
            TestContext.Out.WriteLine(Run("throw-cost"));
        });
    }

    [Test]
    public void What_is_not_supported_fails_the_build_in_the_documents_words()
    {
        using EmptyDirectory folder = new();
        folder.Write("Bad/Bad.csproj", DomainProject(""));
        string[][] rows = [.. Rows("Not supported")];
        Assert.That(rows, Is.Not.Empty);
        for (int i = 0; i < rows.Length; i++)
        {
            folder.Write($"Bad/Bad{i}.cs", $"namespace Bad{i};\n\n{Code(rows[i][1])}\n");
        }

        (int code, string output) = folder.Run("dotnet", "build", "Bad", "-v", "q", "-nologo");

        Assert.That(code, Is.Not.Zero);
        Assert.Multiple(() =>
        {
            for (int i = 0; i < rows.Length; i++)
            {
                string message = Regex.Escape($"domains have no support for {rows[i][0]}: {rows[i][2]}");
                Assert.That(output, Does.Match($@"Bad{i}\.cs\(\d+,\d+\): error EROS1013: {message}"), rows[i][0]);
            }
        });
    }

    [Test]
    public void Each_check_stands_in_the_document()
    {
        string[] named = [.. SupportedChecks()];
        string domain = File.ReadAllText(Repository.PathOf(Sources + "FeaturesDomain.cs"));
        Assert.That(Compared.Except(named), Is.Empty);
        Assert.That(named.Except(Compared).Where(name => !domain.Contains($"\"{name}\"")), Is.Empty);
    }

    private static void CheckHeap(string said)
    {
        TestContext.Out.WriteLine(said);
        int[] frames = [.. said.Split(' ')[1..].Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
        Assert.That(frames[1] - frames[0], Is.GreaterThan(FramesOfBlocks), said);
        Assert.That(frames[2] - frames[0], Is.LessThan(FramesThatMayStay), said);
    }

    private static void CheckTraces(Func<string, string> run)
    {
        string trace = run("Trace_names_methods_and_lines");
        Assert.That(trace, Does.StartWith("System.InvalidOperationException: outer\n ---> "
            + "System.InvalidOperationException: inner\n   at Features.FaultChecks.Inner in "));
        Assert.That(trace, Does.Match($@"FaultChecks\.Inner in \S*FaultChecks\.cs:{LineOf("// inner")}\n"));
        Assert.That(trace, Does.Match($@"FaultChecks\.Outer in \S*FaultChecks\.cs:{LineOf("// outer")}\n"));
        Assert.That(run("Faults_run_finally_and_tell_their_place"), Does.Match(
            $@"^   at Features\.FaultChecks\.LengthOf in \S*FaultChecks\.cs:{LineOf("// length")}\n"
            + @"   at Features\.FaultChecks\.Guarded in [\s\S]*\n1$"));

        // It ends, tells why, and starts again.
        string end = run("uncaught");
        Assert.That(end, Does.Match(@"(?m)^features: gave up: System\.InvalidOperationException: outer$"));
        Assert.That(end, Does.Match(@"(?m)^features:  ---> System\.InvalidOperationException: inner$"));
        Assert.That(end, Does.Match(
            $@"(?m)^features:    at Features\.FaultChecks\.Outer in \S*FaultChecks\.cs:{LineOf("// outer")}$"));
        Assert.That(end, Does.EndWith("features gave no answer"));
        Assert.That(run("Finally_and_using_run_in_order"), Is.EqualTo(Expected("Finally_and_using_run_in_order")));
    }

    private static string Expected(string name)
    {
        Output output = new();
        AllChecks.List().Concat(AllChecks.Exceptions()).Single(check => check.Name == name).Body(output);
        return output.Text.TrimEnd('\n');
    }

    private static int LineOf(string mark) => File.ReadAllText(Repository.PathOf(Sources + "FaultChecks.cs"))
        .Split(mark)[0].Count(c => c == '\n') + 1;

    /// <summary>The rows of the table below a heading, without its head.</summary>
    private static IEnumerable<string[]> Rows(string heading) => Document
        .Split($"## {heading}\n")[1]
        .Split("\n## ")[0]
        .Split('\n')
        .Where(line => line.StartsWith('|'))
        .Skip(2)
        .Select(line => line.Trim('|').Split(" | ").Select(cell => cell.Trim()).ToArray());

    private static IEnumerable<string> SupportedChecks() =>
        Rows("Supported").SelectMany(row => CheckName().Matches(row[^1])).Select(match => match.Groups[1].Value);

    // In the table a bar would end the cell.
    private static string Code(string cell) => cell.Trim('`');

    private static void WriteSystem(EmptyDirectory folder)
    {
        folder.Write("Features/Features.csproj", DomainProject("""
            <Compile Include="$(EROS)/Eros.Tests/Programs/Features/*.cs" />
            <Compile Include="$(EROS)/Eros.Tests/Programs/CoreLibProbe/Checks/*.cs" />
            """));
        folder.Write("Showcase/Showcase.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="$(EROS)/Eros.Domains/Composition.props" />
              <ItemGroup>
                <ErosDomain Include="../Features/Features.csproj" />
                <Compile Include="$(EROS)/Eros.Tests/Programs/Features/*.cs" />
                <Compile Include="$(EROS)/Eros.Tests/Programs/CoreLibProbe/Checks/*.cs" />
              </ItemGroup>
              <Import Project="$(EROS)/Eros.Domains/Composition.targets" />
            </Project>
            """);
        folder.Write("Showcase/Program.cs", """
            using Eros.Domains.Composition;
            using Eros.Domains.Image;
            using Features;

            return ImageCommand.Run(args, programs =>
            {
                StandardSystem system = new(programs);
                DomainOptions options = new()
                {
                    Priority = 8,
                    Restarts = true,
                    StorageLimit = 1500,
                    StackPages = 64,
                };
                DomainHandle<FeaturesDomain> features = system.Builder.Add<FeaturesDomain>("features", options);
                features.Bind(new FeaturesDomain.Needs { Storage = system.Builder.AccountOf(features) });
                system.Programs.Add("features", features);
                return system.Builder;
            });
            """);
    }

    private static string DomainProject(string items) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <Import Project="$(EROS)/Eros.Domains/Domain.props" />
          <ItemGroup>{items}</ItemGroup>
        </Project>
        """;

    [GeneratedRegex("`([A-Za-z0-9_]+)`")]
    private static partial Regex CheckName();
}
