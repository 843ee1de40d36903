// LinuxRacer: Debian's kernel and a database on ext4. The user adds rows to a table, each a transaction of its own.

using System.Collections.Generic;
using Eros.Build.Qemu;

namespace Eros.Build.Cli.Racing;

/// <summary>The other side.</summary>
/// <param name="linux">What it boots.</param>
internal sealed class LinuxRacer(LinuxSystem linux) : Racer
{
    /// <summary>Transactions of one life, at least.</summary>
    private const int Transactions = 200;

    private readonly LinuxSystem _linux = linux;

    internal override string Name => "Linux";

    internal override IReadOnlyList<string> Description =>
    [
        $"{_linux.Versions}; its initramfs loads what ext4 on virtio-blk needs, mounts, and starts the database: no "
            + "udev, no init system",
        $"kernel command line: {LinuxSystem.CommandLine}",
        "load: SQLite commits a row at a time (WAL, synchronous = FULL) on ext4 (data=ordered); the plug is pulled "
            + $"after {Transactions} transactions, in the middle of the next",
    ];

    internal override IReadOnlyList<string> Milestones { get; } =
    [
        "the kernel's first process",
        "ext4 mounted, its journal replayed",
        "the database opened, its log replayed, its last row read",
        "the next transaction is committed",
    ];

    protected override MachineOptions Machine => new()
    {
        Kernel = _linux.Kernel,
        Disk = Drive.File(_linux.Disk),
        Extra = ["-initrd", _linux.Initramfs, "-append", LinuxSystem.CommandLine],
    };

    protected override long Return(QemuMachine machine, Splits splits, bool isFirst)
    {
        machine.Expect(LinuxSystem.Started, Patience);
        splits.Take();
        machine.Expect(LinuxSystem.Mounted, Patience);
        splits.Take();
        long found = Number(machine, RaceLines.Opened);
        splits.Take();
        long next = Number(machine, RaceLines.Committed);
        splits.Take();
        if (next != found + 1)
        {
            throw new MachineException($"Row {next} was committed after row {found}.");
        }

        // Only now is it asked, so that it costs nothing: a disk that was not in use proves nothing.
        machine.Type("\n");
        machine.Expect(isFirst ? LinuxSystem.Clean : LinuxSystem.Recovered, Patience);
        return found;
    }

    protected override long WorkUntilPulled(QemuMachine machine)
    {
        for (int i = 0; i < Transactions; i++)
        {
            machine.Expect(RaceLines.Committed, Patience);
        }

        machine.Pull();
        return RaceLines.LastCommitted(machine.Output);
    }

    private static long Number(QemuMachine machine, string before)
    {
        machine.Expect(before, Patience);
        return RaceLines.Number(machine.Expect("\n", Patience));
    }
}
