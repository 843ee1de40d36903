// CrowdRun: hostile domains on a real kernel in a machine that is otherwise busy. They make their invocations without
// anybody's help. Bystanders, of which they hold diminished capabilities, are looked at by their keeper meanwhile, and
// answers that must not be are tried again (Eros.Domains/Crowd). Then everybody else is looked at: the workers, the
// shell's variable, counter and spinner; the kernel's own check of page tables before a commit; the volume, block by
// block; and all of it again after the plug was pulled. Once something is wrong, no more is looked at.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Eros.Build.Qemu;
using Eros.Build.Volume;

namespace Eros.Build.Plug;

/// <summary>What a crowd has done.</summary>
/// <param name="Invocations">Invocations that were made.</param>
/// <param name="Summary">In how many lives of how many crowds.</param>
/// <param name="Counts">Answers to calls, by type, order and result as the members number them.</param>
/// <param name="Wrong">What is not as it must be.</param>
public sealed record CrowdReport(
    long Invocations,
    string Summary,
    IReadOnlyDictionary<(int Type, int Order, int Result), long> Counts,
    IReadOnlyList<string> Wrong);

/// <summary>One machine with a crowd.</summary>
public static partial class CrowdRun
{
    /// <summary>A crowd makes some thousands in a second, on a machine that has time for it.</summary>
    private const int SlowestPerSecond = 500;

    private const string Wrong = "wrong: ";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    /// <summary>Lets a crowd loose and looks at the others.</summary>
    /// <param name="options">Kernel, volume and folder.</param>
    /// <param name="invocations">How many; a few more are made.</param>
    public static CrowdReport Run(PlugOptions options, long invocations)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.Folder);
        string disk = Path.Combine(options.Folder, "crowd.img");
        DiskFile.CopySparse(options.Pristine, disk);
        TimeSpan patience = _patience + TimeSpan.FromSeconds(invocations / SlowestPerSecond);
        var wrong = new List<string>();
        CrowdReport report = new(0, "no crowd", new Dictionary<(int, int, int), long>(), wrong);
        try
        {
            ShellState state;
            using (var machine = BootedMachine.Boot(options, Drive.File(disk), 2 * patience))
            {
                machine.Witnesses.Set("42");
                state = machine.Witnesses.Read();
                report = Read(machine.Witnesses.Run($"run crowd {options.Seed} {invocations}", patience), wrong);
                if (wrong.Count > 0)
                {
                    return report;
                }

                Compare(machine, state with { Count = state.Count + 1 }, wrong);
                machine.Witnesses.Checkpoint(TimeSpan.Zero);
                state = machine.Witnesses.Read();
                machine.Witnesses.Checkpoint(TimeSpan.Zero);
            }

            wrong.AddRange(VolumeInspector.Inspect(disk, verify: true).Errors.Select(error => error.Text));
            using var again = BootedMachine.Boot(options, Drive.File(disk));
            Compare(again, state with { Count = state.Count + 1 }, wrong);
        }
        catch (MachineException failure)
        {
            wrong.Add(failure.Message);
        }

        return report;
    }

    private static void Compare(BootedMachine machine, ShellState expected, List<string> wrong)
    {
        ShellState state = machine.Witnesses.Read();
        if (state != expected)
        {
            wrong.Add($"{state}, expected {expected}");
        }

        machine.Witnesses.Progress();
        machine.Witnesses.WorkersGoOn();
        if (KernelLines.Complaint(StoppedLine().Replace(machine.Machine.Output, "")) is { } complaint)
        {
            wrong.Add(complaint);
        }
    }

    private static CrowdReport Read(string output, List<string> wrong)
    {
        // Some of a crowd have another keeper than the one they were given, or none.
        string[] lines = StoppedLine().Replace(output, "").Split('\n');
        Match made = MadeLine().Match(lines[0]);
        Match account = lines.Length > 1 ? AccountLine().Match(lines[1]) : Match.Empty;
        if (!made.Success || !account.Success || account.Groups[1].Value != account.Groups[2].Value)
        {
            wrong.Add($"the crowd's keeper says: {string.Join("; ", lines.Take(2))}");
            return new CrowdReport(0, lines[0], new Dictionary<(int, int, int), long>(), wrong);
        }

        string[] told = [.. lines.Skip(2).Where(line => line.StartsWith(Wrong, StringComparison.Ordinal))];
        wrong.AddRange(told.Select(line => line[Wrong.Length..]));
        var counts = lines.Skip(2 + told.Length).Select(line => line.Split(' ')).ToDictionary(
            words => (Number(words[0]), Number(words[1]), Number(words[2])),
            words => long.Parse(words[3], CultureInfo.InvariantCulture));
        return new CrowdReport(
            long.Parse(made.Groups[1].ValueSpan, CultureInfo.InvariantCulture), lines[0], counts, wrong);
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^eros: process [0-9a-f.]+ stopped: [^\r\n]*\r?\n", RegexOptions.Multiline)]
    private static partial Regex StoppedLine();

    [GeneratedRegex("^([0-9]+) invocations in [0-9]+ lives of [0-9]+ crowds: done$")]
    private static partial Regex MadeLine();

    [GeneratedRegex("^account ([0-9]+) ([0-9]+)$")]
    private static partial Regex AccountLine();
}
