// CrashShrinker: of a run that went wrong, the smallest part that still goes wrong; and that part again, by the list of
// its steps.
//
// A part of a run is a run as good as any: on a store that is right none goes wrong (CrashShrinkTests).

using System.Collections.Generic;
using System.Linq;

namespace Eros.Tests.Crash;

/// <summary>A part of a run that goes wrong.</summary>
/// <param name="Seed">Of the whole run.</param>
/// <param name="What">What goes wrong.</param>
/// <param name="Whole">Steps of the whole run that can be left out.</param>
/// <param name="Least">Those of them that are left.</param>
/// <param name="Steps">These, as <see cref="StepList"/> writes them.</param>
/// <param name="Told">All that happens, a line each.</param>
public sealed record ShrunkRun(ulong Seed, string? What, int Whole, int Least, string Steps, IReadOnlyList<string> Told)
{
    /// <summary>What repeats exactly this.</summary>
    public string Command => $"./eros crash --seed {Seed} --steps {Steps}";
}

/// <summary>Repeats parts of runs.</summary>
internal static class CrashShrinker
{
    /// <summary>Then what there is must do.</summary>
    private const int MostTries = 6000;

    /// <summary>Of so many steps any two are tried together.</summary>
    private const int FewSteps = 30;

    /// <summary>The smallest part found; null when the run does not go wrong this time.</summary>
    public static ShrunkRun? Shrink(SeededRun run, ulong seed)
    {
        if (Record(run, seed) == null)
        {
            run.History.Stop();
            return null;
        }

        List<RunStep> whole = Optional(run.History);
        int tries = 0;
        List<RunStep> least = ListShrinker.Shrink(whole, FewSteps, steps =>
        {
            run.History.Repeat(steps);
            return tries++ < MostTries && run.Run(seed) != null ? Optional(run.History) : null;
        });
        return Repeat(run, seed, whole.Count, least);
    }

    /// <summary>The steps that are listed, and what they need; null when the list is none of this run's.</summary>
    public static ShrunkRun? Repeat(SeededRun run, ulong seed, string steps)
    {
        Record(run, seed);
        List<RunStep> whole = run.History.Done;
        return StepList.TryRead(steps, whole, out List<RunStep> chosen)
            ? Repeat(run, seed, whole.Count(step => !step.IsNeeded), chosen)
            : null;
    }

    private static string? Record(SeededRun run, ulong seed)
    {
        run.History.Record();
        return run.Run(seed);
    }

    private static ShrunkRun Repeat(SeededRun run, ulong seed, int whole, List<RunStep> steps)
    {
        run.History.Repeat(steps);
        string? what = run.Run(seed);
        run.History.Stop();
        List<RunStep> least = Optional(run.History);
        return new ShrunkRun(
            seed, what, whole, least.Count, StepList.Write(least), [.. run.History.Done.Select(StepList.Tell)]);
    }

    private static List<RunStep> Optional(History history) => history.Done.FindAll(step => !step.IsNeeded);
}
