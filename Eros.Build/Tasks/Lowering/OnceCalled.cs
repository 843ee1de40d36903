// A method that is called from one place costs a call, an entry and an exit that nothing shares.

using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Eros.Build.Tasks.Lowering;

internal static class OnceCalled
{
    /// <summary>Bytes of IL above which a method stays by itself: in a longer caller fewer jumps are short, and more of
    /// its values live in memory.</summary>
    private const int LargestBytes = 256;

    /// <summary>Marks those of <paramref name="methods"/>, which are all methods of an image, that are called once.
    /// </summary>
    internal static void Inline(IReadOnlyList<MethodDefinition> methods)
    {
        IEnumerable<MethodDefinition> uses = methods
            .SelectMany(method => method.Body.Instructions)
            .Select(instruction => instruction.Operand)
            .OfType<MethodReference>()
            .Select(reference => reference.Resolve())
            .OfType<MethodDefinition>();
        foreach ((MethodDefinition method, int count) in uses.CountBy(method => method))
        {
            method.AggressiveInlining |= count == 1 && CanBePartOfCaller(method);
        }
    }

    // What is exported is called from X#, too. What never returns is the cold end of its callers.
    private static bool CanBePartOfCaller(MethodDefinition method) =>
        method is { HasBody: true, NoInlining: false }
        && method.Body.CodeSize <= LargestBytes
        && method.Body.Instructions.Any(instruction => instruction.OpCode == OpCodes.Ret)
        && !method.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "RuntimeExportAttribute");
}
