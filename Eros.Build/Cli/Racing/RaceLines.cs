// RaceLines: what the two systems of a race print about the user's work, which is a count on both sides: calls of a
// domain here, rows of a table there.

using System.Globalization;
using System.Text.RegularExpressions;
using Eros.Build.Qemu;

namespace Eros.Build.Cli.Racing;

/// <summary>Reads counts.</summary>
internal static partial class RaceLines
{
    /// <summary>The database was opened; behind it stands its last row.</summary>
    internal const string Opened = "race: opened ";

    /// <summary>A row was committed; behind it stands which.</summary>
    internal const string Committed = "race: committed ";

    /// <summary>The count at the beginning of what came behind <see cref="Opened"/> or <see
    /// cref="Committed"/>.</summary>
    /// <exception cref="MachineException">There is none.</exception>
    internal static long Number(string text) => NumberLine().Match(text) is { Success: true } number
        ? Parse(number)
        : throw new MachineException($"The database says '{text.Trim()}' where a number should be.");

    /// <summary>The last row that a console acknowledges, in a line that is whole.</summary>
    /// <exception cref="MachineException">There is none.</exception>
    internal static long LastCommitted(string console) => CommittedLines().Matches(console) is [.., var last]
        ? Parse(last)
        : throw new MachineException("The database committed nothing.");

    /// <summary>What the counter domain was called to.</summary>
    /// <param name="answer">What the shell's command `counter` printed.</param>
    /// <exception cref="MachineException">Counter and shell do not agree.</exception>
    internal static long Calls(string answer) => CounterLine().Match(answer) is { Success: true } count
        ? Parse(count)
        : throw new MachineException($"counter and caller do not agree: {answer}");

    private static long Parse(Match match) => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([0-9]+)\r*\n")]
    private static partial Regex NumberLine();

    [GeneratedRegex(Committed + @"([0-9]+)\r*\n")]
    private static partial Regex CommittedLines();

    [GeneratedRegex(@"^counter ([0-9]+)\r?$", RegexOptions.Multiline)]
    private static partial Regex CounterLine();
}
