// RaceReport: what a race prints. Times are the host's, so they are of one machine and one hour; both sides had the
// same, in turn, so what can be compared with another day is the ratio.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Eros.Build.Cli.Racing;

/// <summary>One side at the end.</summary>
/// <param name="Name">The side's.</param>
/// <param name="Description">What ran.</param>
/// <param name="Milestones">What was timed.</param>
/// <param name="Laps">The returns, at least one.</param>
internal sealed record Standing(
    string Name, IReadOnlyList<string> Description, IReadOnlyList<string> Milestones, IReadOnlyList<Lap> Laps)
{
    internal TimeSpan Median(int milestone) => Splits.Median(Laps.Select(lap => lap.Times[milestone]));

    internal TimeSpan Worst(int milestone) => Laps.Max(lap => lap.Times[milestone]);

    internal TimeSpan Best(int milestone) => Laps.Min(lap => lap.Times[milestone]);
}

/// <summary>Both sides at the end.</summary>
/// <param name="Conditions">What was the same for both, a sentence each.</param>
/// <param name="Eros">Our side.</param>
/// <param name="Linux">The other side.</param>
internal sealed record RaceReport(IReadOnlyList<string> Conditions, Standing Eros, Standing Linux)
{
    private const int NameWidth = 58;

    /// <summary>True when no side lost what it had acknowledged.</summary>
    internal bool IsRight => !Eros.Laps.Concat(Linux.Laps).Any(lap => lap.IsLost);

    internal void Write(TextWriter output)
    {
        foreach (string line in Conditions)
        {
            output.WriteLine(line);
        }

        Write(output, Eros);
        Write(output, Linux);
        output.WriteLine();
        WriteRatio(output, "The user's work is back", back: 2);
        WriteRatio(output, "and goes on, the next piece of it on disk", back: 1);
    }

    private static void Write(TextWriter output, Standing side)
    {
        output.WriteLine();
        output.WriteLine($"{side.Name}: {side.Description[0]}");
        foreach (string line in side.Description.Skip(1))
        {
            output.WriteLine($"  {line}");
        }

        output.WriteLine($"  {"from power-on until, in seconds",-NameWidth}{"median",8}{"best",8}{"worst",8}");
        for (int i = 0; i < side.Milestones.Count; i++)
        {
            output.WriteLine($"  {side.Milestones[i],-NameWidth}{Seconds(side.Median(i)),8}{Seconds(side.Best(i)),8}"
                + $"{Seconds(side.Worst(i)),8}");
        }

        int lost = side.Laps.Count(lap => lap.IsLost);
        Lap last = side.Laps[^1];
        output.WriteLine($"  returns: {side.Laps.Count}; with acknowledged work lost: {lost}; in the last, "
            + $"{last.Acknowledged} were acknowledged and {last.Found} came back");
        foreach (Lap lap in side.Laps.Where(lap => lap.IsLost))
        {
            output.WriteLine($"  LOST: {lap.Acknowledged} acknowledged, {lap.Found} came back");
        }
    }

    private void WriteRatio(TextWriter output, string what, int back)
    {
        TimeSpan eros = Eros.Median(Eros.Milestones.Count - back);
        TimeSpan linux = Linux.Median(Linux.Milestones.Count - back);
        output.WriteLine($"{what}: Eros {Seconds(eros)} s, Linux {Seconds(linux)} s, "
            + $"{(linux / eros).ToString("F1", CultureInfo.InvariantCulture)} times as long");
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture);
}
