// Runner: `./eros run`: from what was asked to a QEMU that has taken this process's place.

using System;
using System.IO;
using Eros.Build.Cli.Building;
using Eros.Build.Cli.Setup;
using Eros.Build.Qemu;
using Eros.Build.Volume;

namespace Eros.Build.Cli.Running;

/// <summary>Boots the machine.</summary>
internal sealed class Runner
{
    /// <summary>`--disk none`: a machine without a disk. It boots from the ISO, which has a volume with it.</summary>
    private const string NoDisk = "none";

    private readonly Tree _tree;
    private readonly Screen _screen;

    internal Runner(Tree tree, Screen screen)
    {
        _tree = tree;
        _screen = screen;
    }

    /// <summary>Does not return when a machine was started.</summary>
    internal void Run(RunRequest request)
    {
        CheckGeneration(request);
        CheckDisk(request);
        CheckMirror(request);
        new Installer(_screen).InstallMissing();
        new Builder(_tree, _screen).BuildImages();
        MachineOptions options = request.Generation is { } generation
            ? Options(request, PrepareLayer(request, generation))
            : request.Mirror is null
            ? Options(request, PrepareDisk(request))
            : Options(request, PrepareMirror(request)) with { SecondDisk = Drive.File(MirrorOf(request)) };
        if (request.Gdb)
        {
            _screen.Note($"the machine waits for: gdb {_tree.Kernel} -ex 'target remote :1234'");
        }

        if (request.Print)
        {
            _screen.Output.WriteLine(QemuCommand.ShellLine(options));
        }
        else
        {
            Child.Become(QemuCommand.Program, QemuCommand.Arguments(options));
        }
    }

    /// <summary>Before the build, which takes its time. The folder of a disk that nobody named is made.</summary>
    private void CheckDisk(RunRequest request)
    {
        if (request.System is { } system)
        {
            CheckSystem(system);
        }

        if (request.Disk == null)
        {
            Make(Path.GetDirectoryName(DefaultDisk(request))!);
        }

        if (FileOf(request) is { } path)
        {
            string real = Paths.Real(path);
            if (real == Paths.Real(PristineOf(request)) || real == Paths.Real(_tree.Pristine))
            {
                throw new UserError($"{path} is the pristine volume, which no machine writes to. Name another disk.");
            }

            MachineDisk.Check(path, request.Fresh, BootsIso(request), MachineDisk.MendingBy(path, request.Mirror));
        }
        else if (request.System != null)
        {
            throw new UserError(
                $"--system takes a disk that is a file; '{request.Disk}' is none. Leave one of them out.");
        }
    }

    /// <summary>An older generation is on a disk that exists, and stays there.</summary>
    private void CheckGeneration(RunRequest request)
    {
        if (request.Generation is null)
        {
            return;
        }

        if (request.Fresh || request.Mirror != null)
        {
            throw new UserError("--generation takes one disk as it is; leave --fresh and the second --disk out.");
        }

        if (FileOf(request) is not { } path)
        {
            throw new UserError($"--generation takes a disk that is a file; '{request.Disk}' is none.");
        }

        if (!File.Exists(path))
        {
            throw new UserError($"--generation takes a disk that exists; {path} does not.");
        }
    }

    private Drive PrepareLayer(RunRequest request, ulong generation)
    {
        string disk = FileOf(request)!;
        VolumeGlance.CheckUsable(disk, PristineOf(request), VolumeGlance.OfDisk);
        MachineDisk.CheckWhole(disk);
        Drive layer = GenerationLayer.Make(disk, generation, _tree.Layers);
        _screen.Note(
            $"{disk} at generation {generation}: it is not written, and what is done now ends with the machine"
            + (request.Print ? "; the command is good until the disk is written again" : ""));
        return layer;
    }

    private static string MirrorOf(RunRequest request) => Path.GetFullPath(request.Mirror!);

    /// <summary>Refuses a second disk that can be none.</summary>
    private void CheckMirror(RunRequest request)
    {
        if (request.Mirror is null)
        {
            return;
        }

        string first = FileOf(request)
            ?? throw new UserError("--disk twice takes two files: a mirror is made of those.");
        string path = MirrorOf(request);
        string real = Paths.Real(path);
        if (real == Paths.Real(first))
        {
            throw new UserError($"{path} is given twice. A mirror takes two disks.");
        }

        if (real == Paths.Real(PristineOf(request)) || real == Paths.Real(_tree.Pristine))
        {
            throw new UserError($"{path} is the pristine volume, which no machine writes to. Name another disk.");
        }

        MachineDisk.Check(path, request.Fresh, mending: MachineDisk.MendingBy(path, first));
        if (!request.Fresh && File.Exists(first) && File.Exists(path))
        {
            MachineDisk.CheckPair(first, path);
        }
    }

    /// <summary>Of two disks of which one is there the other is made; of two that are not, both; of two that are there
    /// the machine says what it thinks.</summary>
    private Drive PrepareMirror(RunRequest request)
    {
        string first = FileOf(request)!;
        string second = MirrorOf(request);
        if (!request.Fresh && File.Exists(second))
        {
            VolumeGlance.CheckUsable(
                second, PristineOf(request), VolumeGlance.OfDisk, MachineDisk.MendingBy(second, first));
            if (!File.Exists(first))
            {
                MachineDisk.MakeMirror(second, first, member: 0);
            }
        }

        bool isMade = request.Fresh || !File.Exists(second);
        Drive drive = PrepareDisk(request)!;
        if (isMade)
        {
            MachineDisk.MakeMirror(first, second, member: 1);
        }

        return drive;
    }

    private static void CheckSystem(string system)
    {
        try
        {
            if (!Paths.IsRegularFile(system) || VolumeFile.ReadHeader(system) is null)
            {
                throw new UserError(
                    $"{system} is no volume; --system takes one that the build of a composition has made.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{system} cannot be read: {e.Message}");
        }
    }

    private static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"there can be no folder {folder}: {e.Message} Name a disk with --disk.");
        }
    }

    private Drive? PrepareDisk(RunRequest request)
    {
        string pristine = PristineOf(request);
        VolumeGlance.CheckUsable(pristine, _tree.Pristine, VolumeGlance.OfSystem);
        if (FileOf(request) is { } path)
        {
            MachineDisk.Prepare(path, pristine, request.Fresh, BootsIso(request));
            VolumeGlance.CheckUsable(
                path, pristine, VolumeGlance.OfDisk, MachineDisk.MendingBy(path, request.Mirror));
            if (request.Mirror == null)
            {
                MachineDisk.CheckMount(path);
            }

            if (VolumeGlance.HasOtherDomains(path, pristine))
            {
                _screen.Note(
                    $"{path} was made with other programs than {pristine} has, and runs on with them; --fresh takes "
                    + "the new ones, and what the disk holds is lost");
            }

            return Drive.File(path);
        }

        return request.Disk is { } text and not NoDisk ? Drive.FromText(text) : null;
    }

    /// <summary>The file that is the disk; null when none is.</summary>
    private string? FileOf(RunRequest request)
    {
        string disk = request.Disk ?? DefaultDisk(request);
        if (disk != NoDisk && (File.Exists(disk) || !Drive.IsDriveText(disk)))
        {
            return Path.GetFullPath(disk);
        }

        return request.Fresh
            ? throw new UserError($"--fresh makes a file anew; '{disk}' is none. Name a path, or leave --fresh out.")
            : null;
    }

    private string PristineOf(RunRequest request) =>
        request.System is { } system ? Path.GetFullPath(system) : _tree.Pristine;

    /// <summary>In the folder `machine` of the tree, or beside the system's volume.</summary>
    private string DefaultDisk(RunRequest request) => request.System is null
        ? _tree.MachineDisk
        : Path.Combine(Path.GetDirectoryName(PristineOf(request))!, "machine", Path.GetFileName(request.System));

    private MachineOptions Options(RunRequest request, Drive? disk)
    {
        bool fromIso = BootsIso(request) || disk is null;
        return new MachineOptions
        {
            Kernel = fromIso ? null : _tree.Kernel,
            Iso = fromIso ? _tree.Iso : null,
            Firmware = request.Uefi ? Requirement.Firmware : null,
            Disk = disk,
            MemoryMegabytes = request.Memory,
            Console = request.Headless ? ConsoleMode.Headless : HasScreen ? ConsoleMode.Window : ConsoleMode.Terminal,
            Gdb = request.Gdb,
            Icount = request.Icount,
            Extra = request.Extra,
        };
    }

    /// <summary>OVMF does not start a kernel that QEMU was handed.</summary>
    private static bool BootsIso(RunRequest request) => request.Iso || request.Uefi;

    private static bool HasScreen => IsSet("DISPLAY") || IsSet("WAYLAND_DISPLAY");

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
