// Long jumps in short steps: one that does not reach its target with 8 bits goes to a jump to the same target that is
// on the way, and is taken whenever the first one was:
//
//       jae fail   (6 bytes)              jae R      (2)
//       ...                               ...
//       jae fail                      R:  jae fail
//       ...                               ...
//   fail:                             fail:
//
// A jump changes no flags. Most of these are checks that fail and rare ways out of long functions; who goes there
// executes a jump more for each step.

using System;
using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.Tasks.Tightening;

internal static class Relays
{
    internal static void Lay(MachineCode code)
    {
        code.Place();
        List<Step> jumps = [.. code.Steps.Where(step => step is { IsGone: false, IsRelaxable: true })];
        ILookup<Step, Step> alike = jumps.ToLookup(step => step.Target!);
        foreach (Step jump in jumps.Where(jump => !jump.IsShort))
        {
            // The farthest that is in reach, so that the steps are few.
            Step target = jump.Target!;
            jump.Target = alike[target]
                .Where(relay => IsBetween(jump, relay, target) && IsTakenAfter(jump, relay))
                .Where(relay => MachineCode.Reaches(jump, relay))
                .MaxBy(relay => Math.Abs(relay.Index - jump.Index)) ?? target;
        }
    }

    // So no way goes round in a circle. A step that is its own target is not on the way to it.
    private static bool IsBetween(Step jump, Step relay, Step target) => jump.Index < target.Index
        ? jump.Index < relay.Index && relay.Index < target.Index
        : target.Index < relay.Index && relay.Index < jump.Index;

    private static bool IsTakenAfter(Step jump, Step relay) =>
        relay.IsJump || (jump.IsConditional && relay.Condition == jump.Condition);
}
