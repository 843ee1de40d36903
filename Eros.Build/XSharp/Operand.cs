// What the slots of a statement form are filled with. Each knows the text that stands for it in an instruction.

using System.Collections.Generic;

namespace Eros.Build.XSharp;

/// <summary>The filling of one slot.</summary>
/// <param name="Column">Where it starts, for error messages.</param>
/// <param name="Text">What takes the slot's place in the form's template.</param>
internal abstract record Operand(int Column, string Text);

/// <summary>A register.</summary>
internal sealed record RegisterOperand(int Column, Register Register) : Operand(Column, Register.Name);

/// <summary>A constant expression.</summary>
internal sealed record ConstantOperand(int Column, Constant Constant) : Operand(Column, Constant.Text);

/// <summary>A memory operand in brackets.</summary>
/// <param name="Size">In bytes, where a declared variable is named; else 0.</param>
/// <param name="Registers">Those that the address is made of.</param>
internal sealed record MemoryOperand(int Column, string Text, int Size, IReadOnlyList<Register> Registers)
    : Operand(Column, Text);

/// <summary>A name that is used; the text is its label.</summary>
/// <param name="Label">The assembler's name for it.</param>
/// <param name="Size">The element size in bytes of a variable declared above; else 0.</param>
internal sealed record NameOperand(int Column, string Label, int Size) : Operand(Column, Label);

/// <summary>A name as written, about to be defined.</summary>
internal sealed record NewNameOperand(int Column, string Written) : Operand(Column, Written);

/// <summary>A string.</summary>
internal sealed record TextOperand(int Column, string Value) : Operand(Column, Value);

/// <summary>An operand size.</summary>
/// <param name="Size">In bytes.</param>
internal sealed record SizeOperand(int Column, int Size) : Operand(Column, Sizes.Word(Size));

/// <summary>The operator of a condition.</summary>
internal sealed record ConditionOperand(int Column, string Symbol) : Operand(Column, Symbol);

/// <summary>A condition on the flags, and what sets them.</summary>
/// <param name="Comparison">What sets the flags; null if they are taken as they are.</param>
internal sealed record ComparisonOperand(int Column, Statement? Comparison, Condition Condition) : Operand(Column, "");

/// <summary>A list of data items.</summary>
internal sealed record ItemsOperand(int Column, IReadOnlyList<Operand> Items) : Operand(Column, "");
