// Frame pointers that point to nothing. The JIT gives each function one, and has no switch against it:
//
//   push rbp / push ... / lea rbp, [rsp + n] / ... / pop rbp / ret
//
// Where nothing else says rbp, it is not set: what the caller has there stays. It is still saved, so that the stack is
// aligned as the functions that are called expect; one that calls none, and looks at nothing on the stack, does not
// save it either.

using System.Collections.Generic;
using System.Linq;
using Iced.Intel;

namespace Eros.Build.Tasks.Tightening;

internal static class UnusedFrames
{
    internal static void Drop(MachineCode code)
    {
        InstructionInfoFactory factory = new();
        foreach (IGrouping<int, Step> function in code.Steps.Where(step => !step.IsGone).GroupBy(step => step.Function))
        {
            Drop([.. function], factory);
        }

        code.LeadOn();
    }

    private static void Drop(Step[] function, InstructionInfoFactory factory)
    {
        Step[] set = [.. function.Where(IsSet)];
        Step[] saved = [.. function.Where(IsSaved)];
        if (set.Length != 1 || function.Except(set).Except(saved).Any(step => Uses(step, Register.RBP, factory)))
        {
            return;
        }

        set[0].IsGone = true;
        if (!function.Except(set).Any(step => Uses(step, Register.RSP, factory) && !IsBalanced(step.Code)))
        {
            foreach (Step step in saved)
            {
                step.IsGone = true;
            }
        }
    }

    private static bool IsSet(Step step) =>
        step.Code is { Code: Code.Lea_r64_m, Op0Register: Register.RBP, MemoryBase: Register.RSP }
        or { Mnemonic: Mnemonic.Mov, Op0Register: Register.RBP, Op1Register: Register.RSP };

    private static bool IsSaved(Step step) =>
        step.Code is { Mnemonic: Mnemonic.Push or Mnemonic.Pop, Op0Register: Register.RBP };

    // Moves the stack pointer, and does not mind from where.
    private static bool IsBalanced(in Instruction code) =>
        code.Mnemonic is Mnemonic.Push or Mnemonic.Pop or Mnemonic.Ret
        || (code.Mnemonic is Mnemonic.Add or Mnemonic.Sub && code.Op0Register == Register.RSP);

    private static bool Uses(Step step, Register register, InstructionInfoFactory factory) =>
        factory.GetInfo(step.Code).GetUsedRegisters().Any(used => used.Register.GetFullRegister() == register);
}
