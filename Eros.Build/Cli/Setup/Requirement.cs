using System;
using System.IO;
using System.Linq;

namespace Eros.Build.Cli.Setup;

/// <summary>A file that some step needs, and the Debian package that has it.</summary>
/// <param name="Package">The package's name.</param>
/// <param name="Proof">A program looked up on PATH, or an absolute path.</param>
/// <param name="Purpose">What it is for, for who is asked to install it.</param>
internal sealed record Requirement(string Package, string Proof, string Purpose)
{
    /// <summary>Everything beside the .NET SDK, but for <see cref="OfRace"/>. Whole, so that a machine is set up
    /// once.</summary>
    internal static Requirement[] All { get; } =
    [
        new("nasm", "nasm", "assembles what the X# compiler writes"),
        new("binutils", "ld", "links kernel and domains"),
        new("libargon2-dev", "/usr/lib/x86_64-linux-gnu/libargon2.a", "makes keys of passwords"),
        new("qemu-system-x86", "qemu-system-x86_64", "is the machine"),
        new("qemu-utils", "qemu-io", "makes a layer over a disk, for --generation"),
        new("grub-common", "grub-mkimage", "makes the ISO's boot loaders"),
        new("grub-pc-bin", "/usr/lib/grub/i386-pc/boot_hybrid.img", "starts the ISO under BIOS"),
        new("grub-efi-amd64-bin", "/usr/lib/grub/x86_64-efi/multiboot2.mod", "starts the ISO under UEFI"),
        new("mtools", "mformat", "makes the ISO's UEFI partition"),
        new("xorriso", "xorriso", "writes the ISO"),
        new("ovmf", Firmware, "is the UEFI firmware of --uefi"),
    ];

    /// <summary>What only a race needs.</summary>
    internal static Requirement[] OfRace { get; } =
    [
        new("sqlite3", "/usr/bin/sqlite3", "is the database of the race's other side"),
        new("e2fsprogs", "/sbin/mkfs.ext4", "makes its file system"),
        new("xz-utils", "xz", "unpacks its kernel"),
    ];

    /// <summary>The UEFI firmware, code and variables in one file that QEMU does not write to.</summary>
    internal const string Firmware = "/usr/share/ovmf/OVMF.fd";

    /// <summary>True when it is installed.</summary>
    internal bool IsMet => Path.IsPathRooted(Proof)
        ? File.Exists(Proof)
        : SearchPath.Any(folder => File.Exists(Path.Combine(folder, Proof)));

    private static string[] SearchPath =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
}
