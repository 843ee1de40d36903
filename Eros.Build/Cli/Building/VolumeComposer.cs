using System.Globalization;
using System.IO;

namespace Eros.Build.Cli.Building;

/// <summary>Composes the standard system on volumes of other sizes than the pristine one. The images must be built.
/// </summary>
internal static class VolumeComposer
{
    /// <param name="tree">The source tree.</param>
    /// <param name="volume">The file, sparse.</param>
    /// <param name="megabytes">Its size.</param>
    /// <param name="isBustling">With workers that keep its services busy.</param>
    /// <exception cref="UserError">The system does not fit.</exception>
    internal static void Compose(Tree tree, string volume, int megabytes, bool isBustling = false)
    {
        string[] arguments =
        [
            Path.Combine(tree.Root, "Eros.Domains/Image/bin/Release/net10.0/Eros.Domains.Image.dll"),
            "--programs", Path.Combine(tree.Artifacts, "domains"),
            "--out", volume,
            "--megabytes", megabytes.ToString(CultureInfo.InvariantCulture),
        ];
        ChildResult result = Child.Run(
            tree.Root, _ => { }, "dotnet", isBustling ? [.. arguments, "--bustling"] : arguments);
        if (result.ExitCode != 0)
        {
            throw new UserError(result.Output);
        }
    }
}
