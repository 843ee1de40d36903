using System.CommandLine;
using Eros.Build.Cli.Setup;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros setup`.</summary>
internal static class SetupCommand
{
    internal static Command Create(Screen screen)
    {
        var command = new Command("setup", "Install the Debian packages that are missing, and say which");
        command.SetAction(_ =>
        {
            int installed = new Installer(screen).InstallMissing();
            screen.Output.WriteLine(installed == 0 ? "Everything is installed." : $"{installed} packages installed.");
        });
        return command;
    }
}
