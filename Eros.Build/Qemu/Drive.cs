// Drive: what stands behind the machine's virtio-blk device, and the QEMU arguments that put it there.
//
// Every kind ends in one block node or drive called "disk0", so that a command line never has two spellings of the same
// device.

using System;
using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.Qemu;

/// <summary>One disk of a machine.</summary>
public abstract record Drive
{
    private const string Name = "disk0";

    /// <summary>A raw image at <paramref name="path"/>. QEMU locks it: a second machine on it does not start.</summary>
    public static Drive File(string path) => new TextDrive($"file={Escape(path)},format=raw");

    /// <summary>A raw image whose writes and flushes are also recorded, in order, in the dm-log-writes file
    /// <paramref name="logPath"/>, which <c>WriteLog.Create</c> made.</summary>
    public static Drive Logged(string path, string logPath) => new LoggedDrive(path, logPath);

    /// <summary>A raw image that reports errors, and keeps what it has.</summary>
    public static Drive Failing(string path, params IReadOnlyList<DiskFault> faults) => new FailingDrive(path, faults);

    /// <summary>Text as QEMU's -drive takes it, without <c>if</c> and <c>id</c>:
    /// <c>file=PATH,format=raw,...</c>.</summary>
    public static Drive FromText(string text) => new TextDrive(text);

    /// <summary>True when <paramref name="text"/> is drive text and not a path.</summary>
    public static bool IsDriveText(string text) => text.Contains('=', StringComparison.Ordinal);

    internal void AddTo(List<string> arguments)
    {
        AddBackend(arguments);
        arguments.AddRange(["-device", $"virtio-blk-pci,drive={Name}"]);
    }

    private protected abstract void AddBackend(List<string> arguments);

    /// <summary>A comma within an option's value is written twice.</summary>
    private static string Escape(string value) => value.Replace(",", ",,", StringComparison.Ordinal);

    private sealed record TextDrive(string Text) : Drive
    {
        private protected override void AddBackend(List<string> arguments) =>
            arguments.AddRange(["-drive", $"{Text},if=none,id={Name}"]);
    }

    private sealed record LoggedDrive(string Path, string LogPath) : Drive
    {
        private protected override void AddBackend(List<string> arguments) => arguments.AddRange(
        [
            "-blockdev", $"driver=file,node-name=home,filename={Escape(Path)}",
            "-blockdev", $"driver=file,node-name=record,filename={Escape(LogPath)}",
            "-blockdev", $"driver=blklogwrites,node-name={Name},file=home,log=record",
        ]);
    }

    private sealed record FailingDrive(string Path, IReadOnlyList<DiskFault> Faults) : Drive
    {
        private const int SectorsPerBlock = 8;

        private protected override void AddBackend(List<string> arguments)
        {
            string rules = string.Concat(Faults.Select(Rule));
            arguments.AddRange(
            [
                "-blockdev", $"driver=file,node-name=home,filename={Escape(Path)}",
                "-blockdev", $"driver=blkdebug,node-name={Name},image=home{rules}",
            ]);
        }

        private static string Rule(DiskFault fault, int number)
        {
            const int InputOutputError = 5;
            string rule = $",inject-error.{number}.";
            return $"{rule}event=none{rule}errno={InputOutputError}"
                + $"{rule}iotype={fault.Kind.ToString().ToLowerInvariant()}"
                + $"{rule}once={(fault.IsOnce ? "on" : "off")}"
                + (fault.Block is { } block ? $"{rule}sector={block * SectorsPerBlock}" : "");
        }
    }
}
