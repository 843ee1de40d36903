using System.CommandLine;
using Eros.Build.Cli.Building;
using Eros.Build.Cli.Racing;
using Eros.Build.Cli.Setup;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros race`.</summary>
internal static class RaceCommand
{
    internal static Command Create(Tree tree, Screen screen)
    {
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often each side comes back",
            HelpName = "N",
            DefaultValueFactory = _ => 5,
        };
        var command = new Command("race", "Pull the plug of Eros and of a database on Linux: who is back first?")
        {
            rounds,
        };
        command.SetAction(parsed =>
        {
            int count = Limits.AtLeast(1, parsed.GetValue(rounds), "--rounds");
            new Installer(screen).InstallMissing(Requirement.OfRace);
            new Builder(tree, screen).BuildImages();
            RaceReport report = new RaceRun(tree, screen).Run(count);
            report.Write(screen.Output);
            return report.IsRight ? 0 : 1;
        });
        return command;
    }
}
