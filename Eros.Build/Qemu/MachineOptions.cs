// MachineOptions: a machine to be started, said in the project's terms. QemuCommand turns it into QEMU's.

using System;
using System.Collections.Generic;

namespace Eros.Build.Qemu;

/// <summary>Where the serial console and the screen of the machine are.</summary>
public enum ConsoleMode
{
    /// <summary>Serial on standard input and output and nothing else there; no window. Control characters reach the
    /// machine.</summary>
    Headless,

    /// <summary>Serial on the terminal, without a window; Ctrl-A X ends the machine.</summary>
    Terminal,

    /// <summary>As <see cref="Terminal"/>, and a window with the VGA screen.</summary>
    Window,
}

/// <summary>What executes the guest's instructions.</summary>
public enum Accelerator
{
    /// <summary>QEMU's translator, with every feature that it knows: the reference machine.</summary>
    Tcg,

    /// <summary>The host's processor. Only where EROS_ACCEL=kvm asks for it.</summary>
    Kvm,
}

/// <summary>A machine. The defaults are the reference machine without a disk.</summary>
public sealed record MachineOptions
{
    /// <summary>Memory that the reference machine has, MB.</summary>
    public const int DefaultMemoryMegabytes = 512;

    /// <summary>With less there is no room for a kernel that could say that there is too little, MB.</summary>
    public const int LeastMemoryMegabytes = 2;

    /// <summary>The kernel's ELF file, started through its PVH note; null when <see cref="Iso"/> is booted.</summary>
    public string? Kernel { get; init; }

    /// <summary>An ISO image to boot from; null when <see cref="Kernel"/> is started.</summary>
    public string? Iso { get; init; }

    /// <summary>OVMF firmware image to boot under instead of SeaBIOS; needs <see cref="Iso"/>.</summary>
    public string? Firmware { get; init; }

    public Drive? Disk { get; init; }

    /// <summary>The other disk of a mirror.</summary>
    public Drive? SecondDisk { get; init; }

    /// <summary>Memory, MB.</summary>
    public int MemoryMegabytes { get; init; } = DefaultMemoryMegabytes;

    public ConsoleMode Console { get; init; } = ConsoleMode.Headless;

    /// <summary>The reference machine, unless the environment says EROS_ACCEL=kvm.</summary>
    public Accelerator Accelerator { get; init; } = AcceleratorOf(Environment.GetEnvironmentVariable("EROS_ACCEL"));

    /// <summary>Waits for a debugger on TCP port 1234 before the first instruction.</summary>
    public bool Gdb { get; init; }

    /// <summary>RDTSC counts guest instructions, exactly.</summary>
    public bool Icount { get; init; }

    /// <summary>Named pipe that the bytes written to the debug port go to (<see cref="DebugPort.Path"/>). Null: no such
    /// port.</summary>
    public string? DebugPipe { get; init; }

    /// <summary>Passed to QEMU as they are, last.</summary>
    public IReadOnlyList<string> Extra { get; init; } = [];

    private static Accelerator AcceleratorOf(string? text) => text == "kvm" ? Accelerator.Kvm : Accelerator.Tcg;
}
