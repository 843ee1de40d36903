// Witnesses: reads a machine's state through its shell: the variable x, the counter domain and the spinner.

using System;
using System.Globalization;
using System.Text.RegularExpressions;
using Eros.Build.Qemu;

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

    /// <summary>Asks for a checkpoint and waits until it is on disk.</summary>
    internal void Checkpoint() => _shell.Run("checkpoint", _patience);

    private string Value() => _shell.Run("get x", _patience).Trim();

    private static long Number(Match match) => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>What the shell prints of a call. One that it did not expect has more on its line.</summary>
    [GeneratedRegex(@"^counter ([0-9]+)\r?$", RegexOptions.Multiline)]
    private static partial Regex CounterLine();

    [GeneratedRegex("^([0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex NumberLine();
}
