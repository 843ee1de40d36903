// Texts without the zero that Roslyn puts behind each "..."u8. Who gets one gets its length with it:
//
//   ldsflda text, ldc.i4 length, newobj ReadOnlySpan<byte>(void*, int)

using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Eros.Build.Tasks.Lowering;

internal static class TextEnds
{
    /// <summary>Cuts the zero at the end of what <paramref name="methods"/>, which are all methods of an image, take
    /// in this way alone, and without it.</summary>
    internal static void Cut(IReadOnlyList<MethodDefinition> methods)
    {
        IEnumerable<IGrouping<FieldDefinition, Instruction>> uses = methods
            .SelectMany(method => method.Body.Instructions)
            .Where(instruction => instruction.Operand is FieldDefinition { InitialValue.Length: > 1 })
            .GroupBy(instruction => (FieldDefinition)instruction.Operand);
        foreach (IGrouping<FieldDefinition, Instruction> text in uses)
        {
            FieldDefinition field = text.Key;
            if (field.InitialValue is [.. byte[] bytes, 0] && text.All(use => LengthIn(use) == bytes.Length))
            {
                field.InitialValue = bytes;
                field.FieldType = TypeOf(bytes.Length, field.DeclaringType);
            }
        }
    }

    private static int? LengthIn(Instruction use) =>
        use is { OpCode.Code: Code.Ldsflda, Next: { Next.OpCode.Code: Code.Newobj } length }
        && length.Next.Operand is MethodReference { DeclaringType.Name: "ReadOnlySpan`1" }
            ? length.OpCode.Code switch
            {
                Code.Ldc_I4 => (int)length.Operand,
                Code.Ldc_I4_S => (sbyte)length.Operand,
                >= Code.Ldc_I4_0 and <= Code.Ldc_I4_8 => length.OpCode.Code - Code.Ldc_I4_0,
                _ => null,
            }
            : null;

    // The size of a type is that of the data.
    private static TypeDefinition TypeOf(int bytes, TypeDefinition details)
    {
        TypeDefinition? type = details.NestedTypes.FirstOrDefault(type => type.ClassSize == bytes);
        if (type == null)
        {
            TypeDefinition other = details.NestedTypes[0];
            type = new TypeDefinition(string.Empty, $"Bytes={bytes}", other.Attributes, other.BaseType)
            {
                ClassSize = bytes,
                PackingSize = 1,
            };
            details.NestedTypes.Add(type);
        }

        return type;
    }
}
