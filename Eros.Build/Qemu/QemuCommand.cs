// QemuCommand: the one place that knows QEMU's options. `./eros run --print` shows what comes out of it.

using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.Qemu;

/// <summary>Turns <see cref="MachineOptions"/> into a command.</summary>
public static class QemuCommand
{
    /// <summary>The program; Debian's package qemu-system-x86 has it.</summary>
    public const string Program = "qemu-system-x86_64";

    /// <summary>The arguments after the program's name.</summary>
    public static IReadOnlyList<string> Arguments(MachineOptions options)
    {
        var arguments = new List<string> { "-M", "q35" };
        arguments.AddRange(options.Accelerator == Accelerator.Kvm
            ? ["-accel", "kvm", "-cpu", "host"]
            : ["-accel", "tcg", "-cpu", "max"]);
        arguments.AddRange(["-m", options.MemoryMegabytes.ToString()]);
        AddBoot(options, arguments);
        options.Disk?.AddTo(arguments, 0);
        options.SecondDisk?.AddTo(arguments, 1);
        AddConsole(options.Console, arguments);
        AddInstruments(options, arguments);

        // No network: a card that nobody drives would only cost time in the firmware. A reset ends the machine.
        arguments.AddRange(["-nic", "none", "-no-reboot"]);
        arguments.AddRange(options.Extra);
        return arguments;
    }

    /// <summary>The whole command as one line that a POSIX shell splits into exactly these words.</summary>
    public static string ShellLine(MachineOptions options) =>
        string.Join(' ', Arguments(options).Prepend(Program).Select(Quote));

    /// <summary>A word as a POSIX shell reads it back.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(IsPlain) ? word : $"'{word.Replace("'", "'\\''")}'";

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || "-_./:=,+@%".Contains(c);

    private static void AddBoot(MachineOptions options, List<string> arguments)
    {
        if (options.Firmware is { } firmware)
        {
            arguments.AddRange(["-bios", firmware]);
        }

        if (options.Iso is { } iso)
        {
            arguments.AddRange(["-cdrom", iso, "-boot", "d"]);
        }
        else if (options.Kernel is { } kernel)
        {
            arguments.AddRange(["-kernel", kernel]);
        }
    }

    private static void AddConsole(ConsoleMode mode, List<string> arguments)
    {
        if (mode != ConsoleMode.Window)
        {
            arguments.AddRange(["-display", "none"]);
        }

        arguments.AddRange(["-serial", mode == ConsoleMode.Headless ? "stdio" : "mon:stdio"]);
    }

    private static void AddInstruments(MachineOptions options, List<string> arguments)
    {
        if (options.DebugPipe is { } pipe)
        {
            arguments.AddRange(["-chardev", $"pipe,id=marks,path={pipe}", "-device", "isa-debugcon,chardev=marks"]);
        }

        if (options.Icount)
        {
            arguments.AddRange(["-icount", "shift=0,sleep=off"]);
        }

        if (options.Gdb)
        {
            arguments.AddRange(["-gdb", "tcp::1234", "-S"]);
        }
    }
}
