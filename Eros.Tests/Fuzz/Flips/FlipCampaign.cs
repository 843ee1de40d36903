using System;
using System.Collections.Generic;
using System.Linq;
using Eros.Build.Volume;
using Eros.Tests.Crash;

namespace Eros.Tests.Fuzz.Flips;

/// <summary>What came of the flips of one kind of target.</summary>
/// <param name="Target">The kind.</param>
/// <param name="Detected">The machine stopped in time.</param>
/// <param name="Harmless">Nothing wrong was committed.</param>
/// <param name="Undetected">The seeds of flips that were committed unnoticed, and what is wrong then.</param>
public sealed record FlipRow(
    FlipTarget Target, int Detected, int Harmless, IReadOnlyList<(ulong Seed, string What)> Undetected)
{
    /// <summary>The part that was detected, of those that were not harmless.</summary>
    public double Rate => Detected / Math.Max(1.0, Detected + Undetected.Count);

    /// <summary>True for what docs/invariants.md says is covered.</summary>
    public bool IsCovered => Target is not (FlipTarget.DirtyObject or FlipTarget.FrameEntry);
}

/// <summary>Flips bits in the memory of machines, one in each.</summary>
public static class FlipCampaign
{
    /// <summary>Makes so many flips, shared out among the targets; the first has the seed <paramref name="seed"/>.
    /// </summary>
    public static IReadOnlyList<FlipRow> Run(ulong seed, int flips, Action<long>? progress = null)
    {
        FlipTarget[] targets = Enum.GetValues<FlipTarget>();
        var detected = new int[targets.Length];
        var harmless = new int[targets.Length];
        var undetected = targets.Select(_ => new List<(ulong, string)>()).ToArray();
        using var objects = new ObjectFlips();
        using var memory = new HostMemory(ModelRun.MemoryFrames + 1);
        for (int i = 0; i < flips; i++)
        {
            FlipTarget target = targets[(seed + (ulong)i) % (ulong)targets.Length];
            var random = new SeededRandom(seed + (ulong)i);
            FlipEnd end = target is FlipTarget.PageTableEntry or FlipTarget.ReverseMap
                ? TableFlips.Run(memory, target, random, out string what)
                : objects.Run(target, random, out what);
            detected[(int)target] += end == FlipEnd.Detected ? 1 : 0;
            harmless[(int)target] += end == FlipEnd.Harmless ? 1 : 0;
            if (end == FlipEnd.Undetected)
            {
                undetected[(int)target].Add((seed + (ulong)i, what));
            }

            progress?.Invoke(i + 1);
        }

        return [.. targets.Select(target =>
            new FlipRow(target, detected[(int)target], harmless[(int)target], undetected[(int)target]))];
    }
}
