// IsoMaker: a hybrid ISO that boots from CD and from a USB stick, under BIOS and under UEFI, with GRUB.
//
//   El Torito entry 1   boot/bios.img: GRUB's cdboot.img + core image       BIOS, from CD
//   MBR                 GRUB's boot_hybrid.img, which loads the same core   BIOS, from a stick
//   El Torito entry 2   appended partition 2, FAT: EFI/BOOT/BOOTX64.EFI     UEFI, from either
//   /boot/kernel.elf    the kernel, Multiboot2
//   /boot/eros.img      the pristine volume, a Multiboot2 module
//
// Both GRUB images carry their configuration inside, so there is no menu and nothing to wait for.
//
// Invariant: the bytes depend on the kernel, the volume and the installed GRUB only. Every date is the fixed one below:
// xorriso and mtools take it from SOURCE_DATE_EPOCH, FAT entries from their source files, ISO entries from an option of
// their own.

using System;
using System.Collections.Generic;
using System.IO;
using Eros.Build.Tasks;

namespace Eros.Build.Iso;

/// <summary>Makes an ISO image of a kernel and a volume.</summary>
internal sealed class IsoMaker
{
    private const string BiosModules = "/usr/lib/grub/i386-pc";
    private const string EfiModules = "/usr/lib/grub/x86_64-efi";

    /// <summary>Seconds since 1970, and the same moment as xorriso writes it (YYYYMMDDhhmmsscc).</summary>
    private const long FixedSeconds = 1_700_000_000;
    private const string FixedDate = "2023111422132000";

    /// <summary>Any number; it must only not be the time, which is mformat's default.</summary>
    private const string FatSerial = "45524f53";

    /// <summary>Sectors of 512 bytes that the FAT has beside the one file in it.</summary>
    private const int FatSpareSectors = 128;

    private const string Configuration = """
        search --no-floppy --set=root --file /boot/kernel.elf
        multiboot2 /boot/kernel.elf
        module2 /boot/eros.img pristine
        boot

        """;

    private static readonly string[] _modules = ["iso9660", "search", "search_fs_file", "multiboot2", "boot"];

    private readonly string _kernel;
    private readonly string _volume;

    internal IsoMaker(string kernel, string volume)
    {
        _kernel = Path.GetFullPath(kernel);
        _volume = Path.GetFullPath(volume);
    }

    /// <summary>Writes the image to <paramref name="iso"/>; on failure what was there stays.</summary>
    /// <exception cref="BuildFailure">A program is missing or failed.</exception>
    internal void Make(string iso)
    {
        Environment.SetEnvironmentVariable("SOURCE_DATE_EPOCH", FixedSeconds.ToString());
        Environment.SetEnvironmentVariable("TZ", "UTC");
        string work = Directory.CreateTempSubdirectory("eros-iso-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(work, "boot.cfg"), Configuration);
            MakeBiosImage(work);
            MakeEfiPartition(work);
            WriteIso(work);
            File.Move(Path.Combine(work, "eros.iso"), iso, overwrite: true);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static void MakeBiosImage(string work)
    {
        MakeGrubImage(work, BiosModules, "i386-pc", "core.img", "biosdisk");
        using FileStream image = File.Create(Path.Combine(work, "bios.img"));
        foreach (string part in new[] { Path.Combine(BiosModules, "cdboot.img"), Path.Combine(work, "core.img") })
        {
            using FileStream source = File.OpenRead(part);
            source.CopyTo(image);
        }
    }

    private static void MakeEfiPartition(string work)
    {
        const string loader = "BOOTX64.EFI";
        MakeGrubImage(work, EfiModules, "x86_64-efi", loader, "part_gpt", "part_msdos", "fat");
        var file = new FileInfo(Path.Combine(work, loader));
        file.LastWriteTimeUtc = DateTimeOffset.FromUnixTimeSeconds(FixedSeconds).UtcDateTime;
        string sectors = (file.Length / 512 + FatSpareSectors).ToString();
        Run(work, "mformat", "-C", "-i", "efi.img", "-N", FatSerial, "-T", sectors, "-h", "2", "-s", "32", "::");
        Run(work, "mmd", "-i", "efi.img", "::/EFI", "::/EFI/BOOT");
        Run(work, "mcopy", "-m", "-i", "efi.img", loader, "::/EFI/BOOT/" + loader);
    }

    private static void MakeGrubImage(string work, string modules, string format, string output, params string[] more)
    {
        if (!Directory.Exists(modules))
        {
            throw new BuildFailure(new Problem("EROS0002", $"GRUB for {format} is not installed: run ./eros setup"));
        }

        List<string> arguments = ["-d", modules, "-O", format, "-p", "/boot", "-c", "boot.cfg", "-o", output];
        arguments.AddRange(_modules);
        arguments.AddRange(more);
        Run(work, "grub-mkimage", [.. arguments]);
    }

    private void WriteIso(string work) => Run(
        work,
        "xorriso",
        [
            "-as", "mkisofs", "-quiet", "-o", "eros.iso", "-V", "EROS", "-r", "--set_all_file_dates", FixedDate,
            "--grub2-mbr", Path.Combine(BiosModules, "boot_hybrid.img"), "-partition_offset", "16",
            "-b", "boot/bios.img", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", "--grub2-boot-info",
            "-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot",
            "-append_partition", "2", "0xef", "efi.img",
            "-graft-points", "boot/bios.img=bios.img", $"boot/kernel.elf={_kernel}", $"boot/eros.img={_volume}",
        ]);

    private static void Run(string work, string program, params string[] arguments)
    {
        ToolResult result = Tool.Run(program, arguments, work);
        if (result.ExitCode != 0)
        {
            throw new BuildFailure(new Problem("EROS0020", $"{program} failed:\n{result.Output.Trim()}"));
        }
    }
}
