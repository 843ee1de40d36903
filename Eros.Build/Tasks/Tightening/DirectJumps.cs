// A condition that is made a number, at which a jump looks, becomes the jump:
//
//       cmp a, b                          cmp a, b
//       sete r / movzx r, r
//       test r, r / jne L                 je L
//
// Neither way on reads the register, or the flags of the test.

using System.Collections.Generic;
using System.Linq;
using Iced.Intel;

namespace Eros.Build.Tasks.Tightening;

internal static class DirectJumps
{
    internal static void Make(MachineCode code)
    {
        Liveness liveness = new(code);
        HashSet<Step> targets = [.. code.Steps.Select(step => step.Target).OfType<Step>(), .. code.SwitchTargets];
        List<Step> steps = [.. code.Steps.Where(step => !step.IsGone)];
        for (int first = 0; first + 4 < steps.Count; first++)
        {
            if (steps[first..(first + 5)] is [var set, var widen, var test, var jump, var next]
                && IsJumpOnNumber(set.Code, widen.Code, test.Code, jump)
                && !targets.Contains(widen) && !targets.Contains(test) && !targets.Contains(jump)
                && !new[] { next, jump.Target! }.Any(step =>
                    liveness.IsRead(step, test.Code.Op0Register.GetFullRegister()) || liveness.AreFlagsRead(step)))
            {
                set.IsGone = widen.IsGone = test.IsGone = true;

                // 0f 90 + condition. Equal is 4: the jump is taken when the number is zero.
                jump.JumpWhen((set.Bytes[^2] & 15) ^ (jump.Condition == 4 ? 1 : 0));
            }
        }

        code.LeadOn();
    }

    private static bool IsJumpOnNumber(in Instruction set, in Instruction widen, in Instruction test, Step jump) =>
        set.Mnemonic.ToString().StartsWith("Set", System.StringComparison.Ordinal)
        && set.Op0Kind == OpKind.Register
        && widen.Code == Code.Movzx_r32_rm8
        && widen.Op1Register == set.Op0Register
        && widen.Op0Register.GetFullRegister() == set.Op0Register.GetFullRegister()
        && test.Code == Code.Test_rm32_r32
        && test.Op0Register == widen.Op0Register
        && test.Op1Register == widen.Op0Register
        && jump is { IsConditional: true, Condition: 4 or 5 };
}
