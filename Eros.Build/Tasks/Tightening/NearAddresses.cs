// An address that is computed for one access becomes part of it:
//
//       add r, 8 / mov a, [r]             mov a, [r + 8]
//
// Nobody reads the sum, or its flags, again.

using System.Collections.Generic;
using System.IO;
using System.Linq;
using Iced.Intel;

namespace Eros.Build.Tasks.Tightening;

internal static class NearAddresses
{
    internal static void Take(MachineCode code)
    {
        Liveness liveness = new(code);
        HashSet<Step> targets = [.. code.Steps.Select(step => step.Target).OfType<Step>(), .. code.SwitchTargets];
        List<Step> steps = [.. code.Steps.Where(step => !step.IsGone)];
        for (int first = 0; first + 2 < steps.Count; first++)
        {
            (Step add, Step use, Step next) = (steps[first], steps[first + 1], steps[first + 2]);
            Register register = add.Code.Op0Register;
            if (IsSum(add.Code) && IsAccess(use, register) && !targets.Contains(use)
                && (use.Code.Op0Register.GetFullRegister() == register || !liveness.IsRead(next, register))
                && !liveness.AreFlagsRead(use)
                && With(use.Code, (long)use.Code.MemoryDisplacement64 + (long)add.Code.GetImmediate(1)) is { } bytes
                && bytes.Length < use.Bytes.Length + add.Bytes.Length)
            {
                add.IsGone = true;
                use.Bytes = bytes;
            }
        }

        code.LeadOn();
    }

    private static bool IsSum(in Instruction code) =>
        code.Code is Code.Add_rm64_imm8 or Code.Add_rm64_imm32 or Code.Add_RAX_imm32
        && code.Op0Kind == OpKind.Register;

    // What is loaded may take the address's place; otherwise the address is nowhere else in the instruction.
    private static bool IsAccess(Step step, Register register) =>
        step is { Reference: null, Target: null, Code: { FlowControl: FlowControl.Next } code }
        && code.MemoryBase == register
        && code.MemoryIndex != register
        && code.SegmentPrefix == Register.None
        && (code.Op0Kind != OpKind.Register || code.Op0Register.GetFullRegister() != register || IsLoad(code))
        && (code.Op1Kind != OpKind.Register || code.Op1Register.GetFullRegister() != register);

    private static bool IsLoad(in Instruction code) =>
        code.Mnemonic is Mnemonic.Mov or Mnemonic.Movzx or Mnemonic.Movsx or Mnemonic.Movsxd
        && code.Op0Register.GetSize() >= sizeof(uint);

    private static byte[]? With(Instruction code, long displacement)
    {
        if (displacement != (int)displacement)
        {
            return null;
        }

        code.MemoryDisplacement64 = (ulong)displacement;
        code.MemoryDisplSize = displacement == 0 ? 0 : displacement == (sbyte)displacement ? 1 : sizeof(ulong);
        using MemoryStream stream = new();
        Encoder.Create(64, new StreamCodeWriter(stream)).Encode(code, code.IP);
        return stream.ToArray();
    }
}
