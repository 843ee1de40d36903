using System.Collections.Generic;

namespace Eros.Build.Cli.Running;

/// <summary>What `./eros run` was asked for.</summary>
internal sealed record RunRequest
{
    /// <summary>A path, QEMU drive text, "none", or null for the machine's own disk.</summary>
    internal string? Disk { get; init; }

    /// <summary>A path, or null: the other disk of a mirror.</summary>
    internal string? Mirror { get; init; }

    /// <summary>The pristine volume, or null for that of the tree.</summary>
    internal string? System { get; init; }

    internal bool Fresh { get; init; }

    /// <summary>The generation to come back to, on a layer over the disk; null for the newest, on the disk
    /// itself.</summary>
    internal ulong? Generation { get; init; }

    /// <summary>Memory, MB.</summary>
    internal int Memory { get; init; }

    internal bool Iso { get; init; }

    internal bool Uefi { get; init; }

    internal bool Headless { get; init; }

    internal bool Gdb { get; init; }

    internal bool Icount { get; init; }

    /// <summary>Prints the command instead of running it.</summary>
    internal bool Print { get; init; }

    internal IReadOnlyList<string> Extra { get; init; } = [];
}
