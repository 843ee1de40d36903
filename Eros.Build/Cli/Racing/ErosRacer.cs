// ErosRacer: Eros with workers that keep its services busy, and a spinner. The user calls a counter through the shell,
// and asks for checkpoints.

using System;
using System.Collections.Generic;
using System.IO;
using Eros.Build.Plug;
using Eros.Build.Qemu;

namespace Eros.Build.Cli.Racing;

/// <summary>Our side.</summary>
internal sealed class ErosRacer : Racer
{
    /// <summary>Of one life.</summary>
    private const int Checkpoints = 10;

    private const string CheckpointCommand = "checkpoint";

    private readonly string _kernel;
    private readonly string _disk;
    private ErosSession? _shell;
    private int _processes;

    /// <param name="tree">Has kernel and volume.</param>
    /// <param name="folder">Where its disk is made.</param>
    internal ErosRacer(Tree tree, string folder)
    {
        _kernel = tree.Kernel;
        _disk = Path.Combine(folder, "eros.img");
        DiskFile.CopySparse(tree.Bustling, _disk);
    }

    internal override string Name => "Eros";

    internal override IReadOnlyList<string> Description =>
    [
        $"the kernel of this tree, {new FileInfo(_kernel).Length} bytes, resuming {_processes} processes",
        $"load: the workers and the spinner of ./eros plug; the shell calls a counter, {Checkpoints} times with a "
            + "checkpoint after the call; the plug is pulled as one checkpoint more is asked for",
    ];

    internal override IReadOnlyList<string> Milestones { get; } =
    [
        "the prompt, every process resumed",
        "the counter has answered the shell",
        "a checkpoint with that call is committed",
    ];

    protected override MachineOptions Machine => new() { Kernel = _kernel, Disk = Drive.File(_disk) };

    protected override long Return(QemuMachine machine, Splits splits, bool isFirst)
    {
        _shell = ErosSession.Begin(machine, Patience);
        splits.Take();
        if (_shell.Greeting.IsFirstBoot != isFirst)
        {
            throw new MachineException(isFirst ? "The pristine volume is none." : "LOST: Eros resumed nothing.");
        }

        _processes = _shell.Greeting.Processes;
        long calls = Call(_shell);
        splits.Take();
        Checkpoint(_shell);
        splits.Take();
        return calls - 1;
    }

    protected override long WorkUntilPulled(QemuMachine machine)
    {
        ErosSession shell = _shell!;
        Judge(shell.Run("run bustle", Patience));
        Judge(shell.Run("run bustle on", Patience));
        long acknowledged = 0;
        for (int i = 0; i < Checkpoints; i++)
        {
            acknowledged = Call(shell);
            Checkpoint(shell);
        }

        long last = Call(shell);
        int before = machine.Output.Length;
        machine.Type(CheckpointCommand + "\r");
        machine.Expect(CheckpointCommand, Patience);
        machine.Pull();
        return machine.Output[before..].Contains(" committed", StringComparison.Ordinal) ? last : acknowledged;
    }

    private static long Call(ErosSession shell) => RaceLines.Calls(shell.Run("counter", Patience));

    private static void Checkpoint(ErosSession shell)
    {
        string answer = shell.Run(CheckpointCommand, Patience);
        if (!answer.EndsWith(" committed", StringComparison.Ordinal))
        {
            throw new MachineException($"A checkpoint was asked for, and the answer is: {answer}");
        }
    }

    /// <summary>All workers are there, as they must be.</summary>
    private static void Judge(string workers)
    {
        if (BustleJudge.Complaint(BustleReport.Parse(workers)) is { } complaint)
        {
            throw new MachineException(complaint);
        }
    }
}
