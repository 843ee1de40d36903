// Small constants in registers, by way of the stack, where that is shorter:
//
//   mov edi, 3   (5 bytes)          push 3 / pop rdi   (3)
//   mov rdi, -1  (10, or 7)         push -1 / pop rdi
//
// Flags stay as they are, and no code keeps anything below its stack pointer. It is an instruction more.

using System.Linq;
using Iced.Intel;

namespace Eros.Build.Tasks.Tightening;

internal static class ShortConstants
{
    internal static void Shorten(MachineCode code)
    {
        foreach (Step step in code.Steps.Where(step => !step.IsGone && step.Reference == null && IsSmall(step.Code)))
        {
            int register = step.Code.Op0Register.GetFullRegister() - Register.RAX;
            byte[] bytes = Through(register, (byte)step.Code.GetImmediate(1));
            step.Bytes = bytes.Length < step.Bytes.Length ? bytes : step.Bytes;
        }
    }

    // What is pushed has its sign extended; moving 32 bits clears the others.
    private static bool IsSmall(in Instruction code) => code.Code switch
    {
        Code.Mov_r32_imm32 => code.GetImmediate(1) <= (ulong)sbyte.MaxValue,
        Code.Mov_r64_imm64 or Code.Mov_rm64_imm32 =>
            code.Op0Kind == OpKind.Register
            && (long)code.GetImmediate(1) is >= sbyte.MinValue and <= sbyte.MaxValue,
        _ => false,
    };

    // 6a ib, 58 + r; 41 for the upper eight.
    private static byte[] Through(int register, byte constant)
    {
        byte pop = (byte)(0x58 + (register & 7));
        return register < 8 ? [0x6A, constant, pop] : [0x6A, constant, 0x41, pop];
    }
}
