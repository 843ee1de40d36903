// Bytes of code that do nothing, or that nothing reaches:
//
//   prefixes   REX that changes nothing: with a byte register that needs none, or where there are only 64 bits
//   cmp        of a byte with a reference, which looks whether that is null before it takes the address of a field: the
//              first use of the field faults by itself
//   nop        between a call and the end of a function, for a runtime that looks up return addresses to unwind
//   int3       behind a call of a function that has no way out; any other stays
//   a bound    that was just checked: a switch on 64 bits checks them, then the 32 that are left of them

using System.Collections.Generic;
using System.Linq;
using Iced.Intel;

namespace Eros.Build.Tasks.Tightening;

internal static class NeedlessBytes
{
    internal static void Drop(MachineCode code)
    {
        HashSet<Step> targets = [.. code.Steps.Select(step => step.Target).OfType<Step>(), .. code.SwitchTargets];
        HashSet<int> returning = Returning(code.Steps);
        foreach (Step step in code.Steps)
        {
            DropPrefix(step);
            if (step.Code.Mnemonic == Mnemonic.Nop || IsNullCheck(step.Code))
            {
                step.IsGone = !code.SwitchTargets.Contains(step);
            }
            else if (step.Code.Mnemonic == Mnemonic.Int3 && step.Index != 0 && !targets.Contains(step)
                && code.Steps[step.Index - 1] is { Code.FlowControl: FlowControl.Call, Target: { } callee } call
                && !returning.Contains(callee.Function))
            {
                call.NeverReturns = true;
                step.IsGone = true;
            }
        }

        for (int first = 0; first + 4 < code.Steps.Count; first++)
        {
            DropSecondBound([.. code.Steps.Skip(first).Take(5)], targets);
        }

        code.LeadOn();
    }

    /// <summary>The functions that may return: by themselves, or in one that they jump to.</summary>
    private static HashSet<int> Returning(IReadOnlyList<Step> steps)
    {
        HashSet<int> returning = [];
        int count;
        do
        {
            count = returning.Count;
            returning.UnionWith(steps.Where(step => IsWayOut(step, returning)).Select(step => step.Function));
        }
        while (returning.Count != count);

        return returning;
    }

    private static bool IsWayOut(Step step, HashSet<int> returning) => step.Code.FlowControl switch
    {
        FlowControl.Return or FlowControl.IndirectBranch => true,
        FlowControl.UnconditionalBranch or FlowControl.ConditionalBranch =>
            step.Target == null || returning.Contains(step.Target.Function),
        _ => false,
    };

    private static void DropPrefix(Step step)
    {
        if ((step.Bytes[0] & 0xF0) == 0x40 && step.Bytes.Length > 1 && step.Target == null)
        {
            byte[] rest = step.Bytes[1..];
            Instruction code = Decoder.Create(64, rest, step.At + 1).Decode();
            if (code.Length == rest.Length && code == step.Code)
            {
                step.Bytes = rest;
            }
        }
    }

    // cmp [r64], r8: no program compares a byte with its own address.
    private static bool IsNullCheck(in Instruction code) =>
        code is { Code: Code.Cmp_rm8_r8, Op0Kind: OpKind.Memory, MemoryIndex: Register.None, MemoryDisplacement64: 0 }
        && code.Op1Register.GetFullRegister() == code.MemoryBase
        && code.SegmentPrefix == Register.None;

    // cmp r64, n / ja far / cmp r32, n / ja far / mov r32, r32
    private static void DropSecondBound(Step[] steps, HashSet<Step> targets)
    {
        if (steps is [var whole, var away, var half, var again, var clear]
            && whole.Code.Code == Code.Cmp_rm64_imm8
            && half.Code.Code == Code.Cmp_rm32_imm8
            && away.Code.ConditionCode == ConditionCode.a
            && again.Code.ConditionCode == ConditionCode.a
            && away.Target == again.Target
            && whole.Code.Op0Kind == OpKind.Register
            && half.Code.Op0Register.GetFullRegister() == whole.Code.Op0Register
            && half.Code.GetImmediate(1) == whole.Code.GetImmediate(1)
            && (long)half.Code.GetImmediate(1) >= 0
            && !targets.Contains(away) && !targets.Contains(half)
            && !targets.Contains(again) && !targets.Contains(clear))
        {
            half.IsGone = true;
            again.IsGone = true;
            clear.IsGone |= clear.Code.Code == Code.Mov_r32_rm32
                && clear.Code.Op0Register == half.Code.Op0Register
                && clear.Code.Op1Register == half.Code.Op0Register;
        }
    }
}
