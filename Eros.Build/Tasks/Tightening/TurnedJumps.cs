// A jump over a jump becomes one, with the opposite condition:
//
//       je L / jmp M                      jne M
//   L:  ...                               ...
//
// The JIT leaves none; they come about where a jump has taken the place of instructions (SharedTails).

using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.Tasks.Tightening;

internal static class TurnedJumps
{
    internal static void Turn(MachineCode code)
    {
        List<Step> steps = [.. code.Steps.Where(step => !step.IsGone)];
        HashSet<Step> targets = [.. steps.Select(step => step.Target).OfType<Step>(), .. code.SwitchTargets];
        for (int first = 0; first + 2 < steps.Count; first++)
        {
            Step over = steps[first];
            Step jump = steps[first + 1];
            if (over.IsConditional && over.Target == steps[first + 2]
                && jump is { IsJump: true, Target: { } target } && jump.Function == over.Function
                && !targets.Contains(jump))
            {
                over.JumpWhen(over.Condition ^ 1);
                over.Target = target;
                jump.IsGone = true;
            }
        }
    }
}
