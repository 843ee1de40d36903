using System;
using System.IO;

namespace Eros.Build.Cli;

/// <summary>The source tree that this command was built in, and where things are in it.</summary>
internal sealed class Tree
{
    internal Tree(string root) => Root = root;

    /// <summary>The folder of Eros.sln.</summary>
    internal string Root { get; }

    internal string Artifacts => Path.Combine(Root, "artifacts");

    internal string Kernel => Path.Combine(Artifacts, "kernel.elf");

    /// <summary>The kernel that also measures its disk; for scratch disks.</summary>
    internal string MeasuredKernel => Path.Combine(Artifacts, "measured-kernel.elf");

    /// <summary>The volume of a machine that has never run. Never opened for writing.</summary>
    internal string Pristine => Path.Combine(Artifacts, "eros.img");

    /// <summary>The same with workers that keep its services busy.</summary>
    internal string Bustling => Path.Combine(Artifacts, "bustle.img");

    /// <summary>The folder of layers over disks.</summary>
    internal string Layers => Path.Combine(Artifacts, "layers");

    internal string Iso => Path.Combine(Artifacts, "eros.iso");

    /// <summary>The volume that `./eros run` boots and resumes.</summary>
    internal string MachineDisk => Path.Combine(Root, "machine", "eros.img");

    /// <summary>The tree around this program's own file.</summary>
    internal static Tree Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder != null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Directory.Packages.props")))
            {
                return new Tree(folder);
            }
        }

        throw new UserError("The eros command is not inside the source tree that it belongs to. Run ./eros there.");
    }
}
