// Drive: what stands behind a virtio-blk device of the machine, and the QEMU arguments that put it there.
//
// Every kind ends in one block node or drive called "disk0" or "disk1", so that a command line never has two spellings
// of the same device. Errors are the machine's to deal with, all of them: QEMU itself would stop it when the host's
// disk is full.

using System;
using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.Qemu;

/// <summary>One disk of a machine.</summary>
public abstract record Drive
{
    /// <summary>A raw image at <paramref name="path"/>. QEMU locks it: a second machine on it does not start.</summary>
    public static Drive File(string path) => new TextDrive($"file={Escape(path)},format=raw");

    /// <summary>A copy-on-write layer (qcow2) over a raw image. Neither is written: what the machine writes is gone
    /// with it.</summary>
    public static Drive Layer(string path) => new TextDrive($"file={Escape(path)},format=qcow2,snapshot=on");

    /// <summary>A raw image whose writes and flushes are also recorded, in order, in the dm-log-writes file
    /// <paramref name="logPath"/>, which <c>WriteLog.Create</c> made.</summary>
    public static Drive Logged(string path, string logPath) => new LoggedDrive(path, logPath);

    /// <summary>A raw image that reports errors, and keeps what it has.</summary>
    public static Drive Failing(string path, params IReadOnlyList<DiskFault> faults) => new FailingDrive(path, faults);

    /// <summary>What a <see cref="DiskServer"/> has at a socket: it fails while nobody is there, and works again when
    /// somebody is.</summary>
    public static Drive Served(string socket) => new ServedDrive(socket);

    /// <summary>Text as QEMU's -drive takes it, without <c>if</c> and <c>id</c>:
    /// <c>file=PATH,format=raw,...</c>.</summary>
    public static Drive FromText(string text) => new TextDrive(text);

    /// <summary>True when <paramref name="text"/> is drive text and not a path.</summary>
    public static bool IsDriveText(string text) => text.Contains('=', StringComparison.Ordinal);

    /// <param name="arguments">QEMU's.</param>
    /// <param name="number">Of the disk: the machine finds them in turn.</param>
    internal void AddTo(List<string> arguments, int number)
    {
        AddBackend(arguments, number);
        arguments.AddRange(["-device", $"virtio-blk-pci,drive=disk{number},werror=report,rerror=report"]);
    }

    private protected abstract void AddBackend(List<string> arguments, int number);

    /// <summary>A comma within an option's value is written twice.</summary>
    private static string Escape(string value) => value.Replace(",", ",,", StringComparison.Ordinal);

    private sealed record TextDrive(string Text) : Drive
    {
        private protected override void AddBackend(List<string> arguments, int number) =>
            arguments.AddRange(["-drive", $"{Text},if=none,id=disk{number}"]);
    }

    private sealed record LoggedDrive(string Path, string LogPath) : Drive
    {
        private protected override void AddBackend(List<string> arguments, int number) => arguments.AddRange(
        [
            "-blockdev", $"driver=file,node-name=home{number},filename={Escape(Path)}",
            "-blockdev", $"driver=file,node-name=record{number},filename={Escape(LogPath)}",
            "-blockdev", $"driver=blklogwrites,node-name=disk{number},file=home{number},log=record{number}",
        ]);
    }

    private sealed record ServedDrive(string Socket) : Drive
    {
        private protected override void AddBackend(List<string> arguments, int number) => arguments.AddRange(
        [
            "-blockdev", $"driver=nbd,node-name=disk{number},server.type=unix,server.path={Escape(Socket)},"
                + $"export={DiskServer.Export}",
        ]);
    }

    private sealed record FailingDrive(string Path, IReadOnlyList<DiskFault> Faults) : Drive
    {
        private const int SectorsPerBlock = 8;

        private protected override void AddBackend(List<string> arguments, int number)
        {
            string rules = string.Concat(Faults.Select(Rule));
            arguments.AddRange(
            [
                "-blockdev", $"driver=file,node-name=home{number},filename={Escape(Path)}",
                "-blockdev", $"driver=blkdebug,node-name=disk{number},image=home{number}{rules}",
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
