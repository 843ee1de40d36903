using System.Collections.Generic;

namespace Eros.Build.Plug;

/// <summary>How far those are that run for ever.</summary>
/// <param name="Spin">Steps of the spinner.</param>
/// <param name="Rounds">Rounds of each worker.</param>
public sealed record Progress(long Spin, params IReadOnlyList<ulong> Rounds)
{
    public static Progress None { get; } = new(0);

    /// <summary>Who is behind what was once seen; null when nobody is.</summary>
    public string? Behind(Progress earlier)
    {
        if (Spin < earlier.Spin)
        {
            return $"the spinner went back from {earlier.Spin} to {Spin}";
        }

        for (int i = 0; i < earlier.Rounds.Count; i++)
        {
            ulong rounds = i < Rounds.Count ? Rounds[i] : 0;
            if (rounds < earlier.Rounds[i])
            {
                return $"worker {i} went back from {earlier.Rounds[i]} to {rounds}";
            }
        }

        return null;
    }
}
