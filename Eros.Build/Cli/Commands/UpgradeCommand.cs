using System.CommandLine;
using System.IO;
using System.Linq;
using Eros.Build.Cli.Building;
using Eros.Build.Cli.Running;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros upgrade`.</summary>
internal static class UpgradeCommand
{
    private const string Shell = "shell";
    private const string Making = "./eros run makes a disk.";

    internal static Command Create(Tree tree, Screen screen)
    {
        var disk = new Argument<string>("DISK") { Description = "The disk of a machine that does not run" };
        var domain = new Option<string>("--domain")
        {
            Description = "Whose place the program is to take",
            DefaultValueFactory = _ => Shell,
        };
        var program = new Option<string>("--program")
        {
            Description = "The program's ELF file; the shell's of this tree if none is named",
        };
        var command = new Command(
            "upgrade", "Offer a program to a domain of a volume that exists; `upgrade` in the shell takes it up")
        {
            disk, domain, program,
        };
        command.SetAction(parsed => Offer(
            tree, screen, parsed.GetValue(disk)!, parsed.GetValue(domain)!, parsed.GetValue(program)));
        return command;
    }

    private static void Offer(Tree tree, Screen screen, string disk, string domain, string? program)
    {
        if (program is null && domain != Shell)
        {
            throw new UserError($"--program names the ELF file of the program that is to be {domain}.");
        }

        if (!Path.Exists(disk))
        {
            throw new UserError($"{disk} is not there. {Making}");
        }

        if (Directory.Exists(disk))
        {
            throw new UserError($"{disk} is a directory; DISK is a disk image.");
        }

        MachineDisk.Check(disk, fresh: false, mending: Making);
        new Builder(tree, screen).BuildImages();
        VolumeGlance.CheckUsable(disk, tree.Pristine, Making);
        string file = program ?? Path.Combine(tree.Artifacts, "domains", "Eros.Domains.Shell.elf");
        string writer = Path.Combine(
            tree.Root, "Eros.Domains", "Image", "bin", Builder.Configuration, "net10.0", "Eros.Domains.Image.dll");
        string[] words = [writer, "--offer", Path.GetFullPath(disk), "--domain", domain, "--program"];
        ChildResult result = Child.Run(tree.Root, _ => { }, "dotnet", [.. words, Path.GetFullPath(file)]);
        string said = result.Output.Trim();
        if (result.ExitCode != 0)
        {
            throw new UserError(said.Split(": error EROS0100: ").Last());
        }

        screen.Output.WriteLine(said);
    }
}
