using System;
using System.Collections.Generic;
using Eros.Tests.Fuzz.Steps;

namespace Eros.Tests.Fuzz;

/// <summary>
/// Makes a script that fails short: leaves out ever smaller stretches of it (Zeller and Hildebrandt, "Simplifying and
/// isolating failure-inducing input", 2002), then any two steps, of which neither can go alone, then makes the words of
/// what is left zero.
/// </summary>
internal static class Shrinker
{
    /// <summary>Of a longer script two steps would take too many tries.</summary>
    private const int FewSteps = 64;

    public static List<Step> Shrink(List<Step> script, Func<List<Step>, bool> fails)
    {
        List<Step> least = script;
        int before;
        do
        {
            before = least.Count;
            for (int stretch = Math.Max(1, least.Count / 2); ; stretch /= 2)
            {
                least = LeaveOut(least, stretch, fails);
                if (stretch <= 1)
                {
                    break;
                }
            }

            least = least.Count <= FewSteps ? LeaveOutTwo(least, fails) : least;
        }
        while (least.Count < before);

        return Simplify(least, fails);
    }

    private static List<Step> LeaveOut(List<Step> script, int stretch, Func<List<Step>, bool> fails)
    {
        for (int from = script.Count - stretch; from > -stretch; from -= stretch)
        {
            int first = Math.Max(0, from);
            List<Step> shorter = [.. script[..first], .. script[Math.Min(script.Count, from + stretch)..]];
            if (shorter.Count < script.Count && fails(shorter))
            {
                script = shorter;
            }
        }

        return script;
    }

    private static List<Step> LeaveOutTwo(List<Step> script, Func<List<Step>, bool> fails)
    {
        for (int second = script.Count - 1; second > 0; second--)
        {
            for (int first = second - 1; first >= 0; first--)
            {
                List<Step> shorter = [.. script[..first], .. script[(first + 1)..second], .. script[(second + 1)..]];
                if (fails(shorter))
                {
                    return shorter;
                }
            }
        }

        return script;
    }

    private static List<Step> Simplify(List<Step> script, Func<List<Step>, bool> fails)
    {
        for (int i = 0; i < script.Count; i++)
        {
            foreach (Func<Step, Step> change in _changes)
            {
                Step simpler = change(script[i]);
                if (simpler == script[i])
                {
                    continue;
                }

                List<Step> changed = [.. script];
                changed[i] = simpler;
                script = fails(changed) ? changed : script;
            }
        }

        return script;
    }

    private static readonly Func<Step, Step>[] _changes =
    [
        step => step.Kind == StepKind.InvokeFast ? step with { Kind = StepKind.Invoke } : step,
        step => IsInvocation(step) ? step with { W5 = 0, W6 = 0, W7 = 0 } : step,
        step => IsInvocation(step) ? step with { W6 = (uint)step.W6 } : step,
        step => IsInvocation(step) ? step with { W6 = step.W6 >> 32 << 32 } : step,
        step => IsInvocation(step) ? step with { W0 = step.W0 & 0xFFFF } : step,
        step => IsInvocation(step) ? step with { W0 = step.W0 & 0xF_FFFF_FFFF } : step,
        step => IsInvocation(step) ? step with { W0 = step.W0 & ~(0xF_FFFFUL << 16) } : step,
        step => IsInvocation(step) ? step with { W4 = 0 } : step,
        step => IsInvocation(step) ? step with { W3 = 0 } : step,
        step => IsInvocation(step) ? step with { W2 = 0 } : step,
        step => step.Kind is StepKind.Touch or StepKind.Fault ? step with { W2 = 0 } : step,
    ];

    private static bool IsInvocation(Step step) => step.Kind is StepKind.Invoke or StepKind.InvokeFast;
}
