// A statement form: one row of the statement table. Its syntax is written as a programmer writes it, with slots
// (Slots.cs) in place of operands; its assembly is a template in which the slots' names stand for their operands,
// `size` for the size of the statement, `[V]` for memory at a label, and `;` parts instructions. A form with code of
// its own (Emit) describes in words what it does instead.

using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace Eros.Build.XSharp;

/// <summary>One row of the statement table.</summary>
/// <param name="Syntax">How it is written.</param>
/// <param name="Assembly">What it emits.</param>
/// <param name="In">The settings in which it exists; with Gen1 among them it is upstream's, else ours.</param>
internal sealed partial record Form(string Syntax, string Assembly, Mode In = Mode.All)
{
    /// <summary>Emits the statement; null if <see cref="Assembly"/> is a template.</summary>
    public Action<Translator, Statement>? Emit { get; init; }

    /// <summary>A check beyond those that all statements get; reports its error itself.</summary>
    public Action<Translator, Statement>? Check { get; init; }

    /// <summary>The size where neither `as`, a register nor a variable gives it; 0 is an error.</summary>
    public Func<Mode, int> DefaultSize { get; init; } = static _ => 0;

    /// <summary>The operand is always as wide as the mode: what jumps, calls and the stack take.</summary>
    public bool AlwaysWide { get; init; }

    /// <summary>The immediate may use all 64 bits (a move to a register).</summary>
    public bool WideImmediate { get; init; }

    /// <summary>It is not an instruction, and so may stand in any section.</summary>
    public bool Directive { get; init; }

    /// <summary>The syntax, taken apart.</summary>
    public Pattern Pattern { get; } = Pattern.Of(Syntax);

    /// <summary>The template with the operands in their places, one instruction each.</summary>
    public IEnumerable<string> Instructions(Statement statement)
    {
        foreach (string template in Assembly.Split("; "))
        {
            yield return TemplateWord().Replace(template, match => match.Value == "size"
                ? Sizes.Word(statement.Size)
                : statement.TextOf(match.Value) ?? match.Value);
        }
    }

    [GeneratedRegex("[A-Za-z][A-Za-z0-9]*")]
    private static partial Regex TemplateWord();
}
