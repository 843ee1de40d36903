using System.CommandLine;
using Eros.Build.Cli.Measuring;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros bench`.</summary>
internal static class BenchCommand
{
    internal static Command Create(Tree tree, Screen screen)
    {
        var json = new Option<string?>("--json") { Description = "Also write the figures there", HelpName = "FILE" };
        var samples = new Option<int>("--samples")
        {
            Description = "How often each operation is measured",
            HelpName = "N",
            DefaultValueFactory = _ => 1000,
        };
        var command = new Command("bench", "Measure a fresh machine in guest instructions") { json, samples };
        command.SetAction(parsed => new BenchRunner(tree, screen).Run(
            Limits.AtLeast(1, parsed.GetValue(samples), "--samples"), Paths.Writable(parsed.GetValue(json), "--json")));
        return command;
    }
}
