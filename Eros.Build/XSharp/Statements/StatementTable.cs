// All statement forms. A line is the first form that fits it whole; within a group, the more specific stands first.
// To add a statement, add a row to its group's file, to docs/xsharp.md and to the golden cases: tests hold the three
// together.

using System.Collections.Generic;

namespace Eros.Build.XSharp;

internal static class StatementTable
{
    /// <summary>Every form of the language.</summary>
    public static readonly IReadOnlyList<Form> Forms =
    [
        .. DefinitionForms.Rows,
        .. ControlFlowForms.Rows,
        .. BlockForms.Rows,
        .. DataForms.Rows,
        .. PortForms.Rows,
        .. AssignmentForms.Rows,
        .. StackForms.Rows,
        .. ArithmeticForms.Rows,
        .. ShiftForms.Rows,
        .. FlagForms.Rows,
        .. AtomicForms.Rows,
        .. StringForms.Rows,
        .. VectorForms.Rows,
        .. SystemForms.Rows,
    ];

    /// <summary>The statement that the line is, or null: then the reader knows what was expected.</summary>
    public static Statement? Match(TokenReader reader)
    {
        int column = reader.Next.Column;
        var start = reader.Mark;
        foreach (var form in Forms)
        {
            if ((form.In & reader.Mode) == 0)
            {
                continue;
            }

            if (form.Pattern.Match(reader) is { } operands)
            {
                if (reader.AtEnd)
                {
                    return new Statement(form, operands, column, reader.Mode);
                }

                reader.Expect("the end of the line");
            }

            reader.Return(start);
        }

        return null;
    }
}
