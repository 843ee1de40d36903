using System.CommandLine;
using Eros.Build.Cli.Measuring;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros bench`.</summary>
internal static class BenchCommand
{
    private const int DefaultSamples = 1000;

    internal static Command Create(Tree tree, Screen screen)
    {
        var json = new Option<string?>("--json") { Description = "Also write the figures there", HelpName = "FILE" };
        var samples = new Option<int?>("--samples")
        {
            Description = "How often each operation is measured; without it 1000 times, with --store a few",
            HelpName = "N",
        };
        var store = new Option<bool>("--store")
        {
            Description = "Measure what checkpoints cost while the store grows; takes a quarter of an hour",
        };
        var command = new Command("bench", "Measure a fresh machine in guest instructions") { json, samples, store };
        command.SetAction(parsed =>
        {
            int? count = parsed.GetValue(samples) is { } given ? Limits.AtLeast(1, given, "--samples") : null;
            string? file = Paths.Writable(parsed.GetValue(json), "--json");
            if (!parsed.GetValue(store))
            {
                new BenchRunner(tree, screen).Run(count ?? DefaultSamples, file);
                return;
            }

            StoreBenchOptions options = new();
            new StoreBench(tree, screen, options with { Samples = count ?? options.Samples }).Run(file);
        });
        return command;
    }
}
