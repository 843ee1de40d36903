// A store of a reference into an object's field: stfld would call the collector's barrier, which a kernel without a
// collector has as a plain store behind a call. Stored through the field's address as a native integer it is one move:
//
//   object, value, stfld F   becomes   object, ldflda F, value, stind.i
//
// where nothing but loads and arithmetic computes the value. Where a call or a jump does, taking the address first
// would cost a register over it, so the value waits in a local: object, value, stloc V, ldflda F, ldloc V, stind.i

using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Eros.Build.Tasks.Lowering;

internal static class ReferenceStores
{
    /// <summary>Lowers the stores of a body whose macros are simplified. True: there were any.</summary>
    internal static bool Lower(MethodBody body)
    {
        List<Instruction> stores = body.Instructions.Where(IsReferenceStore).ToList();
        HashSet<Instruction> targets = JumpTargets(body);
        foreach (Instruction store in stores)
        {
            Lower(body, store, targets);
        }

        return stores.Count != 0;
    }

    private static void Lower(MethodBody body, Instruction store, HashSet<Instruction> targets)
    {
        ILProcessor code = body.GetILProcessor();
        Instruction address = code.Create(OpCodes.Ldflda, (FieldReference)store.Operand);
        if (StartOfValue(store, targets) is { } value)
        {
            code.InsertBefore(value, address);
            store.OpCode = OpCodes.Stind_I;
            store.Operand = null;
            return;
        }

        // A jump may lead to the store: it stays where it is.
        VariableDefinition waiting = new(((FieldReference)store.Operand).FieldType);
        body.Variables.Add(waiting);
        store.OpCode = OpCodes.Stloc;
        store.Operand = waiting;
        code.InsertAfter(store, address);
        code.InsertAfter(address, code.Create(OpCodes.Ldloc, waiting));
        code.InsertAfter(address.Next, code.Create(OpCodes.Stind_I));
    }

    // Fields of structures may be on a stack, where there is no barrier; a volatile store keeps its order as it is.
    private static bool IsReferenceStore(Instruction instruction) =>
        instruction.OpCode == OpCodes.Stfld
        && instruction.Previous?.OpCode != OpCodes.Volatile
        && instruction.Operand is FieldReference field
        && field.DeclaringType.Resolve() is { IsValueType: false }
        && IsReference(field.FieldType);

    private static bool IsReference(TypeReference type) =>
        !type.IsValueType && !type.IsPointer && !type.IsByReference && !type.IsFunctionPointer
        && !type.IsGenericParameter;

    private static HashSet<Instruction> JumpTargets(MethodBody body) => body.Instructions
        .SelectMany(instruction => instruction.Operand switch
        {
            Instruction target => [target],
            Instruction[] targets => targets,
            _ => Enumerable.Empty<Instruction>(),
        })
        .ToHashSet();

    /// <summary>The first instruction of a value computed in a straight line without calls; else null.</summary>
    private static Instruction? StartOfValue(Instruction store, HashSet<Instruction> targets)
    {
        int wanted = 1;
        Instruction start = store;
        while (wanted > 0)
        {
            if (targets.Contains(start) || start.Previous is not { OpCode.FlowControl: FlowControl.Next } previous)
            {
                return null;
            }

            start = previous;
            wanted += Taken(start) - Left(start);
        }

        return targets.Contains(start) || wanted < 0 ? null : start;
    }

    private static int Taken(Instruction instruction) => instruction.OpCode.StackBehaviourPop switch
    {
        StackBehaviour.Pop0 => 0,
        StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
        StackBehaviour.Popref_popi_popi or StackBehaviour.Popref_popi_popi8 or StackBehaviour.Popref_popi_popr4
            or StackBehaviour.Popref_popi_popr8 or StackBehaviour.Popref_popi_popref
            or StackBehaviour.Popi_popi_popi => 3,
        _ => 2,
    };

    private static int Left(Instruction instruction) => instruction.OpCode.StackBehaviourPush switch
    {
        StackBehaviour.Push0 => 0,
        StackBehaviour.Push1_push1 => 2,
        _ => 1,
    };
}
