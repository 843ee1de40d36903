// A virtual method that one class of the image implements: ILC calls that directly anyway, but keeps the check for null
// that the look-up in the method table would have made.

using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Eros.Build.Tasks.Lowering;

internal sealed class SoleImplementations
{
    // By the method that first declares it: abstract ones have no implementation of their own.
    private readonly Dictionary<MethodDefinition, MethodDefinition> _byDeclaration;

    /// <param name="methods">All methods of the image.</param>
    internal SoleImplementations(IEnumerable<MethodDefinition> methods)
    {
        _byDeclaration = methods
            .Where(method => method.IsVirtual && !method.HasOverrides && !method.DeclaringType.HasGenericParameters)
            .GroupBy(method => method.GetOriginalBaseMethod())
            .Where(group => group.Count() == 1)
            .ToDictionary(group => group.Key, group => group.Single());
    }

    /// <summary>Calls the implementation where a body calls the declaration.</summary>
    internal void Call(MethodBody body)
    {
        foreach (Instruction call in body.Instructions.Where(call => call.OpCode == OpCodes.Callvirt))
        {
            MethodDefinition? declared = ((MethodReference)call.Operand).Resolve();
            if (declared is { IsVirtual: true, DeclaringType.IsInterface: false }
                && _byDeclaration.TryGetValue(declared.GetOriginalBaseMethod(), out MethodDefinition? sole)
                && sole.Module == body.Method.Module
                && call.Previous?.OpCode != OpCodes.Constrained)
            {
                call.OpCode = OpCodes.Call;
                call.Operand = sole;
            }
        }
    }
}
