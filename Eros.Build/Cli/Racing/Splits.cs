using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Eros.Build.Cli.Racing;

/// <summary>Times since the power came on, in the host's time: one for each milestone that was passed.</summary>
internal sealed class Splits
{
    private readonly long _power = Stopwatch.GetTimestamp();
    private readonly List<TimeSpan> _times = [];

    internal IReadOnlyList<TimeSpan> Times => _times;

    /// <summary>The next milestone is passed now.</summary>
    internal void Take() => _times.Add(Stopwatch.GetElapsedTime(_power));

    /// <summary>The middle one of <paramref name="times"/>; of an even number, the mean of the two in the
    /// middle.</summary>
    /// <param name="times">At least one.</param>
    internal static TimeSpan Median(IEnumerable<TimeSpan> times)
    {
        TimeSpan[] sorted = [.. times.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
