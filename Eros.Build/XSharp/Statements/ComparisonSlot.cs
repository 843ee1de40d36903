// The slots `cmp` (a comparison: one of FlagForms.Comparisons) and `flags` (the flags as they are), in our dialect
// with `signed` before either.

using System.Linq;

namespace Eros.Build.XSharp;

internal static class ComparisonSlot
{
    /// <summary>The comparison that is next, or null.</summary>
    public static ComparisonOperand? ParseComparison(TokenReader reader)
    {
        int column = reader.Next.Column;
        bool signed = TrySigned(reader);
        var mark = reader.Mark;
        foreach (var form in FlagForms.Comparisons.Where(form => (form.In & reader.Mode) != 0))
        {
            if (form.Pattern.Match(reader) is { } operands)
            {
                var statement = new Statement(form, operands, column, reader.Mode);
                var condition = Condition.Find(statement.Get<ConditionOperand>("cc").Symbol, signed)!;
                return new ComparisonOperand(column, statement, condition);
            }

            reader.Return(mark);
        }

        return null;
    }

    /// <summary>The ordering, `0` or `!0` that is next, or null.</summary>
    public static ComparisonOperand? ParseFlags(TokenReader reader)
    {
        int column = reader.Next.Column;
        bool signed = TrySigned(reader);
        string symbol = "";
        if (!signed)
        {
            symbol = ReadZero(reader);
        }

        if (symbol.Length == 0 && Slots.Ordering(reader) is { } ordering)
        {
            symbol = ordering.Symbol;
        }

        return Condition.Find(symbol, signed) is { } condition ? new ComparisonOperand(column, null, condition) : null;
    }

    private static string ReadZero(TokenReader reader)
    {
        var mark = reader.Mark;
        string not = reader.TrySymbol("!") ? "!" : "";
        if (reader.Next is { Kind: TokenKind.Number, Text: "0" })
        {
            reader.Advance();
            return not + "0";
        }

        reader.Expect("'0'");
        reader.Return(mark);
        return "";
    }

    private static bool TrySigned(TokenReader reader) => reader.Mode != Mode.Gen1 && reader.TryWord("signed");
}
