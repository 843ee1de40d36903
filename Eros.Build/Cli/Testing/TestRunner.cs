// TestRunner: `./eros test`. Runs Eros.Tests and counts from the report that the runner wrote.

using System;
using System.Collections.Generic;
using System.IO;
using Eros.Build.Cli.Building;
using Eros.Build.Cli.Setup;

namespace Eros.Build.Cli.Testing;

/// <summary>Runs tests.</summary>
internal sealed class TestRunner
{
    private readonly Tree _tree;
    private readonly Screen _screen;

    internal TestRunner(Tree tree, Screen screen)
    {
        _tree = tree;
        _screen = screen;
    }

    /// <summary>Which tests each word of the command line means, as a filter of `dotnet test`.</summary>
    internal static IReadOnlyDictionary<string, string?> Filters { get; } = new Dictionary<string, string?>
    {
        ["unit"] = "TestCategory!=Crash&TestCategory!=System",
        ["crash"] = "TestCategory=Crash",
        ["system"] = "TestCategory=System",
        ["all"] = null,
    };

    /// <summary>Runs the tests that <paramref name="kind"/> means. The last line of output counts them.</summary>
    /// <returns>0 when all passed, else 1.</returns>
    internal int Run(string kind)
    {
        new Installer(_screen).InstallMissing();
        new Builder(_tree, _screen).BuildAll();
        string results = Path.Combine(_tree.Artifacts, "tests");
        string report = Path.Combine(results, $"{kind}.trx");
        Directory.CreateDirectory(results);
        File.Delete(report);
        ChildResult run = _screen.Step(
            $"running {kind} tests",
            progress => Child.Run(_tree.Root, Filter(progress), "dotnet", Arguments(kind, results, report)));
        if (!File.Exists(report))
        {
            _screen.Note(run.Output);
        }

        return Conclude(TrxReport.Read(report), run.ExitCode);
    }

    private static IEnumerable<string> Arguments(string kind, string results, string report)
    {
        List<string> arguments =
        [
            "test", "Eros.Tests/Eros.Tests.csproj", "-c", Builder.Configuration, "--no-build", "--nologo",
            "--results-directory", results, "--logger", $"trx;LogFileName={Path.GetFileName(report)}",
            "--logger", "console;verbosity=normal",
        ];
        if (Filters[kind] is { } filter)
        {
            arguments.AddRange(["--filter", filter]);
        }

        // One more than there are processors: at times one waits for a disk, a machine, or its turn to build.
        arguments.AddRange(["--", $"NUnit.NumberOfTestWorkers={Environment.ProcessorCount + 1}"]);
        return arguments;
    }

    /// <summary>Shows failures, and tests of a second and more; the others are too many.</summary>
    private static Action<string> Filter(Action<string> progress) => line =>
    {
        string text = line.Trim();
        bool passed = text.StartsWith("Passed ", StringComparison.Ordinal);
        bool slow = !text.EndsWith("ms]", StringComparison.Ordinal);
        if ((passed && slow) || text.StartsWith("Failed ", StringComparison.Ordinal))
        {
            progress(text);
        }
    };

    private int Conclude(TrxReport report, int exitCode)
    {
        foreach (FailedTest failed in report.Failed)
        {
            _screen.Output.WriteLine($"FAILED {failed.Name}\n{failed.Message}\n");
        }

        if (report.Skipped > 0)
        {
            _screen.Output.WriteLine($"{report.Skipped} left out");
        }

        // A runner that fails without a failed test has lost some; that is a failure too.
        bool lost = report.Failed.Count == 0 && (exitCode != 0 || report.Passed == 0);
        if (lost)
        {
            _screen.Output.WriteLine($"FAILED the test run itself: exit code {exitCode}, {report.Passed} tests passed");
        }

        int failures = report.Failed.Count + (lost ? 1 : 0);
        _screen.Output.WriteLine($"{report.Passed} passed, {failures} failed");
        return failures == 0 ? 0 : 1;
    }
}
