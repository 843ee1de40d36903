using System.CommandLine;
using System.Linq;
using Eros.Build.Cli.Running;
using Eros.Build.Qemu;

namespace Eros.Build.Cli.Commands;

/// <summary>`./eros run`.</summary>
internal static class RunCommand
{
    /// <param name="tree">The source tree.</param>
    /// <param name="screen">Where to show things.</param>
    /// <param name="extra">What stood behind `--` on the command line.</param>
    internal static Command Create(Tree tree, Screen screen, string[] extra)
    {
        var disk = new Option<string[]>("--disk")
        {
            Description = "Disk image, made from the pristine volume if it does not exist; or QEMU drive text; or none"
                + ". Twice: two images that hold the same volume; the one that does not exist is made from the other",
            HelpName = "PATH",
        };
        var system = new Option<string?>("--system")
        {
            Description = "Pristine volume of a system of your own (docs/writing-a-domain.md); its disk is made beside "
                + "it, as machine/NAME",
            HelpName = "PATH",
        };
        var memory = new Option<int>("--memory")
        {
            Description = "Memory",
            HelpName = "MB",
            DefaultValueFactory = _ => MachineOptions.DefaultMemoryMegabytes,
        };
        var fresh = Flag("--fresh", "Start anew from the pristine volume; what the disk holds is lost");
        var generation = new Option<ulong?>("--generation")
        {
            Description = "Boot an older generation, of those that `./eros inspect` shows. The disk is not written; "
                + "what the machine writes is gone when it ends",
            HelpName = "G",
        };
        var iso = Flag("--iso", "Boot the ISO with GRUB instead of handing QEMU the kernel");
        var uefi = Flag("--uefi", "Boot the ISO under UEFI (OVMF)");
        var headless = Flag("--headless", "Serial console on standard input and output, no window; Ctrl-C ends it");
        var gdb = Flag("--gdb", "Wait for a debugger on TCP port 1234");
        var icount = Flag("--icount", "Count guest instructions exactly");
        var print = Flag("--print", "Do everything but start QEMU, and print the command as one line for a shell");
        var command = new Command("run", "Build what changed and boot it; it resumes where it was. Ctrl-A X ends it. "
            + "Words for QEMU may stand behind --, as in: ./eros run -- -smp 2")
        {
            disk, system, fresh, generation, memory, iso, uefi, headless, gdb, icount, print,
        };
        command.SetAction(parsed => new Runner(tree, screen).Run(new RunRequest
        {
            Disk = Disks(parsed.GetValue(disk)).FirstOrDefault(),
            Mirror = Disks(parsed.GetValue(disk)).Skip(1).FirstOrDefault(),
            System = parsed.GetValue(system),
            Fresh = parsed.GetValue(fresh),
            Generation = parsed.GetValue(generation),
            Memory = Limits.AtLeast(MachineOptions.LeastMemoryMegabytes, parsed.GetValue(memory), "--memory"),
            Iso = parsed.GetValue(iso),
            Uefi = parsed.GetValue(uefi),
            Headless = parsed.GetValue(headless),
            Gdb = parsed.GetValue(gdb),
            Icount = parsed.GetValue(icount),
            Print = parsed.GetValue(print),
            Extra = extra,
        }));
        return command;
    }

    private static string[] Disks(string[]? given) => given is { Length: > 2 }
        ? throw new UserError("--disk may be given twice, for a mirror of two disks, and no more often.")
        : given ?? [];

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };
}
