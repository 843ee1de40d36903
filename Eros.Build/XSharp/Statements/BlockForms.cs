// Statements with a body in braces, except functions: `if`, `else`, `while`, `repeat`. Blocks are numbered within
// their function in the order in which they open; the numbers make their labels.

namespace Eros.Build.XSharp;

internal static class BlockForms
{
    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        new("if cmp {", "the comparison; inverse Jcc to the block's end label") { Emit = If },
        new("if flags {", "inverse Jcc to the block's end label") { Emit = If },
        new("} else {", "Jmp to the end label of the else; the end label of the if", Mode.Ours) { Emit = Else },
        new("while cmp {", "begin label; the comparison; inverse Jcc to the end label") { Emit = While },
        new("repeat n times {", "the body n times") { Emit = Repeat },
        new("}", "the end of the block: its label, jump or return") { Emit = Close, Directive = true },
    ];

    private static void If(Translator translator, Statement statement)
    {
        string end = translator.Names.BlockLabel(translator.Names.NextBlock(), "End");
        if (translator.Define(end, statement.Column))
        {
            ControlFlowForms.Jump(translator, statement, end, inverse: true);
            translator.Open(new IfBlock(translator.Here, end, IsElse: false));
        }
    }

    private static void Else(Translator translator, Statement statement)
    {
        if (translator.Innermost is not IfBlock { IsElse: false } block)
        {
            translator.Error(XSharpErrorCode.WrongPlace, statement.Column,
                "expected '} else {' only at the end of an 'if' block");
            return;
        }

        translator.Pop(statement.Column);
        string end = translator.Names.BlockLabel(translator.Names.NextBlock(), "End");
        translator.Define(end, statement.Column);
        translator.Output.Code($"Jmp {end}");
        block.Close(translator);
        translator.Open(new IfBlock(translator.Here, end, IsElse: true));
    }

    private static void While(Translator translator, Statement statement)
    {
        int number = translator.Names.NextBlock();
        string begin = translator.Names.BlockLabel(number, "Begin");
        string end = translator.Names.BlockLabel(number, "End");
        if (translator.Define(begin, statement.Column) && translator.Define(end, statement.Column))
        {
            translator.Output.Code($"{begin}:");
            ControlFlowForms.Jump(translator, statement, end, inverse: true);
            translator.Open(new WhileBlock(translator.Here, begin, end));
        }
    }

    private static void Repeat(Translator translator, Statement statement)
    {
        var times = statement.ConstantOf("n").Value;
        if (times is not { } count || count < 0 || count > int.MaxValue)
        {
            int column = statement.Operands["n"].Column;
            translator.Error(XSharpErrorCode.ConstantTooLarge, column, "expected a known number of repetitions");
            return;
        }

        translator.Names.NextBlock();
        translator.Open(new RepeatBlock(translator.Here, translator.Output.Length, (int)count));
    }

    private static void Close(Translator translator, Statement statement)
        => translator.Pop(statement.Column)?.Close(translator);
}
