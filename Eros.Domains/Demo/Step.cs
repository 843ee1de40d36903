// Step: what a story asks of those who play in it. One that is refused where the story needs it ends the story, which
// says so: it must not go on to conclusions from what has not happened.

using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Demo;

/// <summary>A step of a story that did not succeed.</summary>
internal sealed class StoryException(string step, Result result) : Exception(step)
{
    /// <summary>What was to be done, as part of a sentence.</summary>
    public string Step { get; } = step;

    public Result Result { get; } = result;
}

internal static class Step
{
    /// <summary>The story goes on only if the step was done.</summary>
    public static void Demand(string step, Result result)
    {
        if (result != Result.Ok)
        {
            throw new StoryException(step, result);
        }
    }

    /// <summary>True if it was done; a refusal that the story reckons with is false.</summary>
    public static bool IsDone(string step, Result result, Result refusal)
    {
        if (result != refusal)
        {
            Demand(step, result);
        }

        return result == Result.Ok;
    }
}
