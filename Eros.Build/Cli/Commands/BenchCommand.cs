using System.CommandLine;
using Eros.Build.Cli.Measuring;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros bench`.</summary>
internal static class BenchCommand
{
    internal static Command Create(Tree tree, Screen screen)
    {
        var json = new Option<string?>("--json") { Description = "Also write the figures there", HelpName = "FILE" };
        var command = new Command("bench", "Measure a fresh machine in guest instructions") { json };
        command.SetAction(parsed => new BenchRunner(tree, screen).Run(parsed.GetValue(json)));
        return command;
    }
}
