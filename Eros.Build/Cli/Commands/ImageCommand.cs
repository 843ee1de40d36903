using System.CommandLine;
using System.IO;
using Eros.Build.Cli.Building;
using Eros.Build.Cli.Setup;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros image`.</summary>
internal static class ImageCommand
{
    internal static Command Create(Tree tree, Screen screen)
    {
        var command = new Command("image", "Build artifacts/kernel.elf, artifacts/eros.img and artifacts/eros.iso");
        command.SetAction(_ =>
        {
            new Installer(screen).InstallMissing();
            new Builder(tree, screen).BuildImages();
            foreach (string file in new[] { tree.Kernel, tree.Pristine, tree.Iso })
            {
                screen.Output.WriteLine($"{file}  {new FileInfo(file).Length} bytes");
            }
        });
        return command;
    }
}
