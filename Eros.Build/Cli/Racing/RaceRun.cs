// RaceRun: both sides in turn, on the same QEMU: one life each to have something to come back to, and then as many
// returns as were asked for. What else the host does in the meantime hurts both.

using System.Collections.Generic;
using System.IO;
using Eros.Build.Qemu;

namespace Eros.Build.Cli.Racing;

/// <summary>A race.</summary>
/// <param name="tree">Has our kernel and volume.</param>
/// <param name="screen">Is told how far it is.</param>
internal sealed class RaceRun(Tree tree, Screen screen)
{
    private const long Megabyte = 1 << 20;

    private readonly Tree _tree = tree;
    private readonly Screen _screen = screen;

    /// <summary>Runs it.</summary>
    /// <param name="rounds">Returns of each side.</param>
    /// <exception cref="UserError">The other side cannot be made.</exception>
    /// <exception cref="MachineException">One side does not come back.</exception>
    internal RaceReport Run(int rounds)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_tree.Artifacts, "race")).FullName;
        long diskBytes = new FileInfo(_tree.Bustling).Length;
        LinuxSystem linux = _screen.Step(
            "making the Linux to race against", _ => LinuxSystem.Make(_screen, folder, diskBytes));
        Racer[] racers = [new ErosRacer(_tree, folder), new LinuxRacer(linux)];
        List<Lap>[] laps = [[], []];
        _screen.Step($"racing {rounds} rounds", progress =>
        {
            for (int round = 0; round <= rounds; round++)
            {
                for (int side = 0; side < racers.Length; side++)
                {
                    Lap lap = racers[side].Run();
                    if (round > 0)
                    {
                        laps[side].Add(lap);
                    }
                }

                progress(round == 0 ? "both have worked" : $"{round} of {rounds} rounds");
            }

            return rounds;
        });
        return new RaceReport(
            Conditions(rounds, diskBytes), Standing(racers[0], laps[0]), Standing(racers[1], laps[1]));
    }

    private static Standing Standing(Racer racer, List<Lap> laps) =>
        new(racer.Name, racer.Description, racer.Milestones, laps);

    private static string[] Conditions(int rounds, long diskBytes)
    {
        var machine = new MachineOptions();
        string version = Child.Run("/", _ => { }, QemuCommand.Program, "--version").Output.Split('\n')[0];
        return
        [
            $"Rounds: {rounds}, Eros and Linux in turn, the plug (SIGKILL of QEMU) pulled under load before each.",
            $"{version}, accelerator {machine.Accelerator.ToString().ToLowerInvariant()}, one processor, "
                + $"{machine.MemoryMegabytes} MB of memory, a virtio-blk disk of {diskBytes / Megabyte} MB: raw, "
                + "cache=writeback.",
            "Both kernels are ELF files that QEMU starts itself (-kernel, PVH). Timed by the host's clock, from before "
                + "the QEMU process is started until the line is on its serial console.",
        ];
    }
}
