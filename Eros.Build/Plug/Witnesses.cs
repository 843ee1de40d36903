// Witnesses: reads a machine's state through its shell: the variable x, the counter domain, the spinner, and the
// workers that keep the services busy.

using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Eros.Build.Qemu;
using Eros.Domains.BustleWorker;

namespace Eros.Build.Plug;

/// <summary>What the witnesses of one machine say.</summary>
internal sealed partial class Witnesses
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly ErosSession _shell;

    internal Witnesses(ErosSession shell) => _shell = shell;

    /// <summary>The state in which the machine is, not counting the one call of the counter that finding out
    /// takes.</summary>
    /// <exception cref="MachineException">Counter and caller disagree.</exception>
    internal ShellState Read() => new(Value(), Count() - 1);

    internal void Set(string value) => _shell.Run($"set x {value}", _patience);

    /// <summary>Calls the counter.</summary>
    /// <returns>What it has been called to, this call included.</returns>
    /// <exception cref="MachineException">It is not one more than at the caller's last call.</exception>
    internal long Count()
    {
        string answer = _shell.Run("counter", _patience);
        Match count = CounterLine().Match(answer);
        return count.Success ? Number(count) : throw new MachineException($"counter and caller do not agree: {answer}");
    }

    /// <summary>The number of steps that the spinner last published, verified by the machine.</summary>
    /// <exception cref="MachineException">It diverged.</exception>
    internal long Spin()
    {
        string answer = _shell.Run("run spin-check", _patience);
        Match steps = NumberLine().Match(answer);
        return steps.Success ? Number(steps) : throw new MachineException($"the spinner: {answer}");
    }

    /// <summary>How far the spinner and the workers are.</summary>
    /// <exception cref="MachineException">One of them is wrong.</exception>
    internal Progress Progress() => new(Spin(), [.. Workers().Select(worker => worker.Rounds)]);

    /// <summary>Waits until every worker has done a round more than it has now.</summary>
    /// <exception cref="MachineException">One does not go on, or is wrong.</exception>
    internal void WorkersGoOn()
    {
        BustleRecord[] first = Workers();
        BustleRecord[] then = Workers(" on");
        int late = first.Zip(then, (before, after) => after.Rounds > before.Rounds).ToList().IndexOf(false);
        if (late >= 0)
        {
            throw new MachineException(
                $"worker {late} ({then[late].Task}) stays at round {then[late].Rounds}, in {then[late].Step}");
        }
    }

    /// <summary>Asks for a checkpoint and waits until it is on disk.</summary>
    /// <param name="delay">It is taken when that has passed, whoever is in the middle of what then.</param>
    internal void Checkpoint(TimeSpan delay) => _shell.Run(CheckpointCommand(delay), _patience);

    /// <summary>Has a line journalled.</summary>
    internal void Note(string line) => _shell.Run($"note {line}", _patience);

    internal static string CheckpointCommand(TimeSpan delay) => $"run bustle checkpoint {delay.Ticks * 100}";

    /// <summary>What a command prints.</summary>
    internal string Run(string command, TimeSpan patience) => _shell.Run(command, patience);

    private BustleRecord[] Workers(string arguments = "")
    {
        BustleRecord[] workers = [.. BustleReport.Parse(_shell.Run("run bustle" + arguments, _patience))];
        return BustleJudge.Complaint(workers) is { } complaint ? throw new MachineException(complaint) : workers;
    }

    private string Value() => _shell.Run("get x", _patience).Trim();

    private static long Number(Match match) => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>What the shell prints of a call. One that it did not expect has more on its line.</summary>
    [GeneratedRegex(@"^counter ([0-9]+)\r?$", RegexOptions.Multiline)]
    private static partial Regex CounterLine();

    [GeneratedRegex("^([0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex NumberLine();
}
