// BootedMachine: one boot of a disk, from QEMU's start to the pulled plug, with everything that the plug test listens
// to.

using System;
using System.Diagnostics;
using Eros.Build.Qemu;

namespace Eros.Build.Plug;

/// <summary>A machine at its prompt.</summary>
internal sealed class BootedMachine : IDisposable
{
    private static readonly TimeSpan _bootLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _lifeLimit = TimeSpan.FromMinutes(5);

    private BootedMachine(DebugPort port, QemuMachine machine, ErosSession shell, TimeSpan resume)
    {
        Port = port;
        Machine = machine;
        Witnesses = new Witnesses(shell);
        IsFirstBoot = shell.Greeting.IsFirstBoot;
        Resume = resume;
    }

    internal DebugPort Port { get; }

    internal QemuMachine Machine { get; }

    internal Witnesses Witnesses { get; }

    internal bool IsFirstBoot { get; }

    /// <summary>From the kernel's first mark to the prompt.</summary>
    internal TimeSpan Resume { get; }

    /// <summary>What its kernel said by now that it must not; null when there is nothing.</summary>
    internal string? Complaint => KernelLines.Complaint(Machine.Output);

    /// <summary>Boots <paramref name="disk"/>, or two, and waits for the prompt.</summary>
    /// <exception cref="MachineException">It does not come.</exception>
    internal static BootedMachine Boot(
        PlugOptions options, Drive disk, TimeSpan? lifeLimit = null, Drive? secondDisk = null)
    {
        var port = new DebugPort(options.Folder);
        QemuMachine? machine = null;
        try
        {
            var description = new MachineOptions
            {
                Kernel = options.Kernel,
                Disk = disk,
                SecondDisk = secondDisk,
                DebugPipe = port.Path,
            };
            machine = QemuMachine.Start(description, lifeLimit ?? _lifeLimit);
            if (!port.WaitFor(MachineMark.Entry, 0, _bootLimit))
            {
                machine.Expect("a mark of the kernel's entry on the debug port", TimeSpan.Zero);
            }

            long entry = Stopwatch.GetTimestamp();
            ErosSession shell = ErosSession.Begin(machine, _bootLimit);
            return new BootedMachine(port, machine, shell, Stopwatch.GetElapsedTime(entry));
        }
        catch (MachineException)
        {
            machine?.Dispose();
            port.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Machine.Dispose();
        Port.Dispose();
    }
}
