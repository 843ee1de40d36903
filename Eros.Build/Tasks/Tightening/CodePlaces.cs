using System;
using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.Tasks.Tightening;

/// <summary>Where the code at an old offset is now.</summary>
/// <param name="steps">Those of the old code in their order, with their places.</param>
/// <param name="end">Where the last one ends.</param>
internal sealed class CodePlaces(IReadOnlyList<Step> steps, ulong end)
{
    private readonly ulong[] _starts = [.. steps.Select(step => step.At)];

    /// <summary>A place in an instruction keeps its distance from the end; one that is between instructions, or in one
    /// that is gone, becomes that of what follows.</summary>
    internal ulong Moved(ulong offset)
    {
        int found = Array.BinarySearch(_starts, offset);
        if (found >= 0)
        {
            return steps[found].NewStart;
        }

        Step? step = Around(~found - 1, offset);
        return step switch
        {
            null => ~found < steps.Count ? steps[~found].NewAt : end,
            { IsGone: true } => step.NewAt,
            _ => step.NewAt + (ulong)step.Length - (step.Code.NextIP - offset),
        };
    }

    internal bool IsGone(ulong offset)
    {
        int found = Array.BinarySearch(_starts, offset);
        return Around(found >= 0 ? found : ~found - 1, offset) is not { IsGone: false, IsReplaced: false };
    }

    private Step? Around(int index, ulong offset) =>
        index >= 0 && offset < steps[index].Code.NextIP ? steps[index] : null;
}
