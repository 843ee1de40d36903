// Peers: what other systems take for the same work, and what ours must come to. All are guest instructions of the same
// machine (QEMU, TCG, one processor, -icount shift=0,sleep=off), user-side stubs and the two RDTSC included:
//   Linux    6.1 (Debian), static C, -cpu max,-erms, init_on_alloc=0: its fairest figure
//   seL4     16.0.0-dev, x86_64 release, sel4bench

using System.Collections.Generic;

namespace Eros.Build.Cli.Measuring;

/// <summary>What stands beside a measurement; empty where nobody does the same.</summary>
/// <param name="Goal">What it must come to.</param>
/// <param name="Sel4">What seL4 takes.</param>
/// <param name="Linux">What Linux takes, for what.</param>
internal sealed record Peer(string Goal, string Sel4, string Linux)
{
    private static readonly Peer _none = new("", "", "");

    private static readonly Dictionary<string, Peer> _table = new()
    {
        ["null invocation"] = new("200", "", "getppid 338"),
        ["call and return"] = new("395", "395", "futex 9,205, pipe 10,584"),
        ["page fault"] = new("700", "map 714", "minor fault 2,208"),
        ["context switch"] = new("", "call 184", ""),
        ["fault to a keeper and back"] = new("1,300", "1,303", "signal to self 4,172"),
        ["constructor's product"] = new("60,000", "", "vfork+exec 392,652"),
        ["demand-zero page"] = new("3,141", "1,626, by calls", "3,141"),
        ["snapshot pause, 1000 dirty"] = new("", "711 a page", ""),
    };

    /// <summary>What stands beside the row of this name.</summary>
    internal static Peer Of(string row) => _table.GetValueOrDefault(row, _none);
}
