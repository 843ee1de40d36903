// DiskServer: a disk that can be pulled from a running machine: a process of its own that serves a file on a socket of
// this host, with QEMU's NBD server. When it is killed, every request to the disk fails; what it had written is in the
// file, flushed or not. Started again, it answers again.

using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Threading;

namespace Eros.Build.Qemu;

/// <summary>Serves a file as a disk until it is pulled or disposed of.</summary>
public sealed class DiskServer : IDisposable
{
    /// <summary>The program; Debian's package qemu-system-common has it, which QEMU needs.</summary>
    public const string Program = "qemu-storage-daemon";

    /// <summary>What the disk is called on the socket.</summary>
    public const string Export = "disk";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly string _path;
    private Process? _process;

    /// <summary>Serves a file at <paramref name="socket"/>, in a folder that exists.</summary>
    /// <exception cref="MachineException">It cannot.</exception>
    public DiskServer(string path, string socket)
    {
        _path = path;
        Socket = socket;
        PlugIn();
    }

    /// <summary>What <see cref="Drive.Served"/> takes.</summary>
    public string Socket { get; }

    public bool IsThere => _process != null;

    /// <summary>The disk is there again.</summary>
    public void PlugIn()
    {
        File.Delete(Socket);
        string[] arguments =
        [
            "--blockdev", $"driver=file,node-name=disk,filename={_path}",
            "--nbd-server", $"addr.type=unix,addr.path={Socket},max-connections=2",
            "--export", $"type=nbd,id=export,node-name=disk,name={Export},writable=on",
        ];
        try
        {
            _process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            throw new MachineException($"{Program} is not installed. `./eros setup` installs it.");
        }

        long start = Stopwatch.GetTimestamp();
        while (!File.Exists(Socket))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(start) > _patience)
            {
                throw new MachineException($"{_path} cannot be served: {_process.StandardError.ReadToEnd().Trim()}");
            }

            Thread.Yield();
        }
    }

    /// <summary>Pulls the disk: nothing is finished or flushed.</summary>
    public void Pull()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        Pull();
        File.Delete(Socket);
    }
}
