// A switch over few values compares with one after the other. By a table it takes some 30 bytes and 4 for each value,
// and 8 instructions, whatever the value is.

using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Eros.Build.Tasks.Lowering;

internal static class SmallSwitches
{
    /// <summary>The last of them is found by 12 instructions.</summary>
    private const int MostValues = 6;

    /// <summary>Lowers the switches of a body whose macros are simplified.</summary>
    internal static void Lower(MethodBody body, TypeReference int32)
    {
        foreach (Instruction start in body.Instructions.Where(IsSmall).ToList())
        {
            Lower(body, start, new VariableDefinition(int32));
        }
    }

    private static bool IsSmall(Instruction instruction) =>
        instruction.OpCode == OpCodes.Switch && ((Instruction[])instruction.Operand).Length <= MostValues;

    // A jump may lead to the switch: what stores its value is in that place.
    private static void Lower(MethodBody body, Instruction start, VariableDefinition value)
    {
        ILProcessor code = body.GetILProcessor();
        Instruction[] targets = (Instruction[])start.Operand;
        Instruction rest = start.Next;
        body.Variables.Add(value);
        start.OpCode = OpCodes.Stloc;
        start.Operand = value;
        foreach ((int number, Instruction target) in targets.Index().Where(entry => !LeadsTo(rest, entry.Item)))
        {
            code.InsertBefore(rest, code.Create(OpCodes.Ldloc, value));
            code.InsertBefore(rest, code.Create(OpCodes.Ldc_I4, number));
            code.InsertBefore(rest, code.Create(OpCodes.Beq, target));
        }
    }

    private static bool LeadsTo(Instruction rest, Instruction target) =>
        rest == target || (rest.OpCode == OpCodes.Br && rest.Operand == target);
}
