// Labels, jumps, calls and returns.

namespace Eros.Build.XSharp;

internal static class ControlFlowForms
{
    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        new("name:", "name:") { Emit = Label, Directive = true },
        new("goto V", "Jmp V"),
        new("goto Rn", "Jmp Rn", Mode.Ours),
        new("goto M", "Jmp size M", Mode.Ours) { AlwaysWide = true },
        new("goto far n:V", "jmp n:V", Mode.Bits32),
        new("F()", "Call F"),
        new("call V", "Call V"),
        new("call Rn", "Call Rn", Mode.Ours),
        new("call M", "Call size M", Mode.Ours) { AlwaysWide = true },
        new("return", "Jmp to the function's exit label") { Emit = Return },
        new("return far", "retf", Mode.Bits32),
        new("return far", "o64 retf", Mode.Bits64),
        new("ret", "Ret"),
        new("iret", "iret", Mode.Narrow),
        new("iret", "iretq", Mode.Bits64),
        new("if cmp goto V", "the comparison; Jcc V") { Emit = IfGoto },
        new("if cmp return", "the comparison; Jcc to the exit label") { Emit = IfReturn },
        new("if cmp call V", "the comparison; inverse Jcc over; Call V", Mode.Ours) { Emit = IfCall },
        new("if flags goto V", "Jcc V") { Emit = IfGoto },
        new("if flags return", "Jcc to the exit label") { Emit = IfReturn },
        new("if flags call V", "inverse Jcc over; Call V", Mode.Ours) { Emit = IfCall },
    ];

    /// <summary>Emits the comparison of a statement and, on its condition or on the inverse, a jump.</summary>
    /// <returns>False after an error.</returns>
    public static bool Jump(Translator translator, Statement statement, string label, bool inverse)
    {
        bool compares = statement.Operands.ContainsKey("cmp");
        var operand = statement.Get<ComparisonOperand>(compares ? "cmp" : "flags");
        if (operand.Comparison is { } comparison)
        {
            if (!comparison.Check(translator.Errors))
            {
                return false;
            }

            foreach (string instruction in comparison.Form.Instructions(comparison))
            {
                translator.Output.Code(instruction);
            }
        }

        // Upstream always asks for the long form; ours leaves the length to the assembler.
        string distance = translator.Mode == Mode.Gen1 ? " near" : "";
        string jump = inverse ? operand.Condition.Inverse : operand.Condition.Jump;
        translator.Output.Code($"{jump}{distance} {label}");
        return true;
    }

    private static void Label(Translator translator, Statement statement)
    {
        var name = statement.Get<NewNameOperand>("name");
        if (!translator.RequireNamespace(name.Column, name.Written))
        {
            return;
        }

        string label = translator.Names.Label(name.Written);
        if (!translator.Define(label, name.Column))
        {
            return;
        }

        if (DefinitionForms.IsExported(translator, name.Written))
        {
            translator.Output.Code($"global {label}");
        }

        translator.Output.Code($"{label}:");
    }

    private static void Return(Translator translator, Statement statement)
    {
        if (ExitLabel(translator, statement) is { } exit)
        {
            translator.Output.Code($"Jmp {exit}");
        }
    }

    private static void IfGoto(Translator translator, Statement statement)
        => Jump(translator, statement, statement.Operands["V"].Text, inverse: false);

    private static void IfReturn(Translator translator, Statement statement)
    {
        if (ExitLabel(translator, statement) is { } exit)
        {
            Jump(translator, statement, exit, inverse: false);
        }
    }

    private static void IfCall(Translator translator, Statement statement)
    {
        string over = translator.Names.BlockLabel(translator.Names.NextBlock(), "End");
        if (translator.Define(over, statement.Column) && Jump(translator, statement, over, inverse: true))
        {
            translator.Output.Code($"Call {statement.Operands["V"].Text}");
            translator.Output.Code($"{over}:");
        }
    }

    // The label at the end of the function around; null after an error.
    private static string? ExitLabel(Translator translator, Statement statement)
    {
        if (translator.AroundFunction is { Ending: not null })
        {
            return translator.Names.ExitLabel;
        }

        string expected = translator.AroundFunction is null
            ? "expected 'return' only inside a function ('ret' is the plain instruction)"
            : "expected no 'return' in a naked function: it has no exit";
        translator.Error(XSharpErrorCode.WrongPlace, statement.Column, expected);
        return null;
    }
}
