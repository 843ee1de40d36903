using System.CommandLine;
using Eros.Build.Cli.Inspecting;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros inspect`.</summary>
internal static class InspectCommand
{
    internal static Command Create(Screen screen)
    {
        var disk = new Argument<string>("DISK") { Description = "A disk image; it is only read" };
        var json = new Option<bool>("--json") { Description = "Everything, for programs to read (docs/inspect.md)" };
        var verify = new Option<bool>("--verify")
        {
            Description = "Read and check every block that is in use, and follow capabilities",
        };
        var diff = new Option<ulong[]>("--diff")
        {
            Description = "Show the objects that changed from one generation to another, of those in the log",
            HelpName = "G1 G2",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("inspect", "Show what is on a volume; exit code 1 when something is wrong with it")
        {
            disk, json, verify, diff,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(disk)!;
            bool isJson = parsed.GetValue(json);
            bool isWhole = parsed.GetValue(verify);
            if (parsed.GetValue(diff) is not [ulong older, ulong newer])
            {
                return new Inspection(screen).Run(path, isJson, isWhole);
            }

            return isJson || isWhole
                ? throw new UserError("--diff goes with neither --json nor --verify; leave them out.")
                : new Inspection(screen).Compare(path, older, newer);
        });
        return command;
    }
}
