// LinuxSystem: the least of Debian that brings a database on ext4 back: kernel, initramfs and disk, made of Debian's
// packages without installing a kernel here, and without rights to mount anything.
//
// What could be left out is: no udev, no init system, no module but those that the disk needs, no mitigations.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Eros.Build.Cli.Racing;

/// <summary>What QEMU boots.</summary>
/// <param name="Kernel">An ELF file with a PVH note.</param>
/// <param name="Initramfs">A cpio archive, not compressed.</param>
/// <param name="Disk">A raw image with ext4.</param>
/// <param name="Versions">Of kernel and database.</param>
internal sealed record LinuxSystem(string Kernel, string Initramfs, string Disk, string Versions)
{
    internal const string CommandLine = "console=ttyS0 quiet mitigations=off panic=-1";

    /// <summary>The kernel has started its first process.</summary>
    internal const string Started = "race: started";

    /// <summary>The disk is mounted.</summary>
    internal const string Mounted = "race: mounted";

    /// <summary>The answer to a line that is typed: mounting replayed ext4's journal.</summary>
    internal const string Recovered = "race: journal replayed";

    /// <summary>The same: there was nothing to replay.</summary>
    internal const string Clean = "race: journal clean";

    private const string Database = "work.db";
    private const string Sqlite = "/usr/bin/sqlite3";

    /// <summary>Each after those that it needs.</summary>
    private static readonly string[] _modules =
    [
        "virtio_ring", "virtio", "virtio_pci_modern_dev", "virtio_pci_legacy_dev", "virtio_pci", "virtio_blk",
        "crc16", "crc32c-intel", "mbcache", "jbd2", "ext4",
    ];

    private static readonly string[] _tools = ["sh", "mount", "insmod", "chroot", "yes", "dmesg", "grep"];

    /// <summary>The first process. The last loop answers whoever asks whether there was a journal to replay.</summary>
    private static readonly string _init =
        $"""
        #!/bin/sh
        set -e
        echo '{Started}'
        mount -t devtmpfs dev /dev
        for module in {string.Join(' ', _modules)}; do insmod /modules/$module.ko; done
        mount -t ext4 /dev/vda /disk
        echo '{Mounted}'
        (
            echo "PRAGMA synchronous = FULL; SELECT '{RaceLines.Opened}' || ifnull(max(n), 0) FROM work;"
            exec yes "INSERT INTO work (did) VALUES (hex(randomblob(64)));
                SELECT '{RaceLines.Committed}' || max(n) FROM work;"
        ) | HOME=/ chroot /disk {Sqlite} -bail /{Database} &
        while read -r line; do
            if dmesg | grep -q 'EXT4-fs (vda): recovery complete'
            then echo '{Recovered}'
            else echo '{Clean}'
            fi
        done

        """;

    /// <summary>Makes it.</summary>
    /// <param name="screen">Is told what is fetched.</param>
    /// <param name="folder">Where; packages that are there are not fetched again.</param>
    /// <param name="diskBytes">The disk's size.</param>
    /// <exception cref="UserError">Something cannot be fetched or made.</exception>
    internal static LinuxSystem Make(Screen screen, string folder, long diskBytes)
    {
        var packages = new DebianPackages(screen, Path.Combine(folder, "packages"));
        DebianPackage linux = packages.GetNewest("linux-image-amd64", "linux-image-");
        DebianPackage busybox = packages.Get("busybox-static");
        string sqlite = Run(folder, Sqlite, "--version").Split(' ')[0];
        return new LinuxSystem(
            MakeKernel(folder, linux),
            MakeInitramfs(folder, linux, Path.Combine(busybox.Folder, "bin/busybox")),
            MakeDisk(folder, diskBytes),
            $"{linux.Name} {linux.Version}, SQLite {sqlite}");
    }

    /// <summary>The files that a program is loaded with, as `ldd` prints them.</summary>
    internal static IEnumerable<string> LibrariesIn(string output) => output
        .Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
        .Where(word => word[0] == '/');

    private static string MakeKernel(string folder, DebianPackage linux)
    {
        string elf = Path.Combine(folder, "vmlinux");
        string compressed = elf + ".xz";
        string file = Directory.EnumerateFiles(Path.Combine(linux.Folder, "boot"), "vmlinuz-*").Single();
        File.WriteAllBytes(compressed, CompressedKernel.Payload(file, File.ReadAllBytes(file)));
        Run(folder, "xz", "--decompress", "--force", compressed);
        return elf;
    }

    private static string MakeInitramfs(string folder, DebianPackage linux, string busybox)
    {
        string root = Empty(folder, "initramfs");
        foreach (string name in new[] { "bin", "dev", "disk", "modules" })
        {
            Directory.CreateDirectory(Path.Combine(root, name));
        }

        File.Copy(busybox, Path.Combine(root, "bin/busybox"));
        foreach (string tool in _tools)
        {
            File.CreateSymbolicLink(Path.Combine(root, "bin", tool), "busybox");
        }

        foreach (string module in _modules)
        {
            File.Copy(ModuleFile(linux, module), Path.Combine(root, "modules", module + ".ko"));
        }

        File.WriteAllText(Path.Combine(root, "init"), _init);
        string archive = root + ".cpio";
        const string Pack = """chmod +x init; "$0" find . | "$0" cpio -o -H newc > "$1" """;
        Run(root, busybox, "sh", "-c", Pack, busybox, archive);
        return archive;
    }

    private static string ModuleFile(DebianPackage linux, string module) =>
        Directory.EnumerateFiles(linux.Folder, module + ".ko", SearchOption.AllDirectories).FirstOrDefault()
            ?? throw new UserError($"{linux.Name} {linux.Version} has no module {module}.ko, as Debian 12's kernel "
                + "has; the race is against that one.");

    /// <summary>The database with what it needs, on a new file system.</summary>
    private static string MakeDisk(string folder, long bytes)
    {
        string root = Empty(folder, "root");
        foreach (string file in LibrariesIn(Run(folder, "ldd", Sqlite)).Prepend(Sqlite))
        {
            string copy = root + file;
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        const string Table = "PRAGMA journal_mode = WAL; CREATE TABLE work (n INTEGER PRIMARY KEY, did TEXT NOT NULL);";
        Run(root, Sqlite, Database, Table);
        string disk = Path.Combine(folder, "linux.img");
        using (FileStream image = File.Create(disk))
        {
            image.SetLength(bytes);
        }

        Run(folder, "/sbin/mkfs.ext4", "-q", "-b", "4096", "-d", root, disk);
        return disk;
    }

    private static string Empty(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        return Directory.CreateDirectory(path).FullName;
    }

    private static string Run(string folder, string program, params string[] arguments)
    {
        ChildResult result = Child.Run(folder, _ => { }, program, arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new UserError($"{program} failed, making the Linux of the race: {result.Output.Trim()}");
    }
}
