// Whether what a register or the flags hold is read again: asked while functions are still as the JIT left them, each
// in one piece, which keep rbx, rbp and r12 to r15 for their callers, take parameters in rdi, rsi, rdx, rcx, r8 and r9,
// and return in rax and rdx. Where there is no telling it is.

using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;

namespace Eros.Build.Tasks.Tightening;

internal sealed class Liveness(MachineCode code)
{
    private const RflagsBits Conditions = RflagsBits.OF | RflagsBits.SF | RflagsBits.ZF | RflagsBits.CF | RflagsBits.PF;

    private static readonly HashSet<Register> _kept =
        [Register.RBX, Register.RBP, Register.R12, Register.R13, Register.R14, Register.R15];

    private readonly InstructionInfoFactory _factory = new();

    /// <summary>The value that a register of 64 bits has before a step.</summary>
    internal bool IsRead(Step from, Register register) => IsRead(from, step => Reads(step, register), []);

    /// <summary>The flags that are set before a step.</summary>
    internal bool AreFlagsRead(Step from) => IsRead(from, ReadsFlags, []);

    private bool IsRead(Step? from, Func<Step, bool?> reads, HashSet<Step> seen)
    {
        for (Step? step = from; step == null || seen.Add(step); step = step.IsJump ? step.Target : Next(step))
        {
            if (step == null || step.Function != from!.Function)
            {
                return true;
            }

            if (!step.IsGone && reads(step) is { } isRead)
            {
                return isRead;
            }

            if (step is { IsGone: false, IsConditional: true } && IsRead(step.Target, reads, seen))
            {
                return true;
            }
        }

        return false;
    }

    private Step? Next(Step step) => step.Index + 1 < code.Steps.Count ? code.Steps[step.Index + 1] : null;

    // Null: neither read nor written.
    private bool? Reads(Step step, Register register)
    {
        bool isKept = _kept.Contains(register);
        switch (step.Code.FlowControl)
        {
            case FlowControl.IndirectBranch:
                return true;
            case FlowControl.Return:
                return isKept || register is Register.RAX or Register.RDX;
            case FlowControl.Call:
                return !isKept ? register != Register.RAX : step.NeverReturns ? false : null;
        }

        UsedRegister[] uses = [.. _factory.GetInfo(step.Code).GetUsedRegisters()
            .Where(use => use.Register.GetFullRegister() == register)];
        return uses.Length == 0 ? null
            : uses.Any(use => use.Access != OpAccess.Write || use.Register.GetSize() < sizeof(uint));
    }

    private static bool? ReadsFlags(Step step) => step.Code switch
    {
        { FlowControl: FlowControl.Call or FlowControl.Return } => false,
        { FlowControl: FlowControl.IndirectBranch } => true,
        { RflagsRead: not RflagsBits.None } => true,
        { RflagsModified: var modified } => (modified & Conditions) == Conditions ? false : null,
    };
}
