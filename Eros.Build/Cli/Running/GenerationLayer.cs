// GenerationLayer: a copy-on-write layer over a disk, from which a machine comes back to an older generation. The disk
// is not written; what the machine writes goes to a scratch layer of QEMU's, which ends with it.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Eros.Build.Qemu;
using Eros.Build.Volume;
using Eros.Persistence.Layout;

namespace Eros.Build.Cli.Running;

/// <summary>Makes layers.</summary>
internal static class GenerationLayer
{
    private const int BlockBytes = VolumeHeader.SizeInBytes;

    /// <summary>Makes the layer, as a file in a folder; one that was there is written over.</summary>
    /// <param name="disk">The volume's file.</param>
    /// <param name="generation">What to come back to.</param>
    /// <param name="folder">Made if need be.</param>
    /// <exception cref="UserError">It cannot be.</exception>
    internal static Drive Make(string disk, ulong generation, string folder)
    {
        SortedDictionary<ulong, byte[]> blocks = BlocksFor(disk, generation);
        Directory.CreateDirectory(folder);
        string layer = Path.Combine(folder, $"{Path.GetFileName(disk)}.{generation}.qcow2");
        Run(folder, "qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", disk, layer);
        using var scratch = new ScratchFolder();
        var commands = new List<string>();
        foreach ((ulong first, byte[] bytes) in Runs(blocks))
        {
            // The program splits its commands at spaces: only names without any are in them.
            string name = $"{first}";
            File.WriteAllBytes(scratch.File(name), bytes);
            commands.AddRange(["-c", $"write -q -s {name} {first * BlockBytes} {bytes.Length}"]);
        }

        Run(scratch.Path, "qemu-io", ["-f", "qcow2", .. commands, layer]);
        return Drive.Layer(layer);
    }

    private static SortedDictionary<ulong, byte[]> BlocksFor(string disk, ulong generation)
    {
        try
        {
            return VolumeFile.ViewOf(disk, generation);
        }
        catch (GenerationException e)
        {
            throw new UserError($"{disk}: {e.Message}.");
        }
    }

    /// <summary>Blocks that follow one another, as one.</summary>
    private static IEnumerable<(ulong First, byte[] Bytes)> Runs(SortedDictionary<ulong, byte[]> blocks)
    {
        var run = new List<byte>();
        foreach ((ulong block, byte[] bytes) in blocks)
        {
            run.AddRange(bytes);
            if (!blocks.ContainsKey(block + 1))
            {
                yield return (block + 1 - (ulong)(run.Count / BlockBytes), run.ToArray());
                run.Clear();
            }
        }
    }

    private static void Run(string folder, string program, params IEnumerable<string> arguments)
    {
        ChildResult result = Child.Run(folder, _ => { }, program, arguments);
        if (result.ExitCode != 0)
        {
            throw new UserError($"{program} could not make a layer over the disk: {result.Output.Trim()}");
        }
    }
}
