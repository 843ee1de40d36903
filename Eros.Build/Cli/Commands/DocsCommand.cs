using System.CommandLine;
using System.IO;
using Eros.Build.Cli.Documents;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros docs`: the documents that are made from the source.</summary>
internal static class DocsCommand
{
    internal static Command Create(Tree tree, Screen screen)
    {
        var command = new Command("docs", $"Write {CapabilityPage.Path} from the comments of the protocol");
        command.SetAction(_ =>
        {
            File.WriteAllText(Path.Combine(tree.Root, CapabilityPage.Path), CapabilityPage.Render(tree));
            screen.Output.WriteLine(CapabilityPage.Path);
            return 0;
        });
        return command;
    }
}
