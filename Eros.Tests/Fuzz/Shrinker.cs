using System;
using System.Collections.Generic;
using Eros.Tests.Crash;
using Eros.Tests.Fuzz.Steps;

namespace Eros.Tests.Fuzz;

/// <summary>Makes a script that fails short, then makes the words of what is left zero.</summary>
internal static class Shrinker
{
    private const int FewSteps = 64;

    public static List<Step> Shrink(List<Step> script, Func<List<Step>, bool> fails) =>
        Simplify(ListShrinker.Shrink(script, FewSteps, shorter => fails(shorter) ? shorter : null), fails);

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
