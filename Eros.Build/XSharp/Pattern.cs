// The syntax of a form as a list of elements, and the matching of a line against it.

using System;
using System.Collections.Generic;

namespace Eros.Build.XSharp;

/// <summary>A compiled syntax.</summary>
internal sealed class Pattern
{
    private readonly List<Element> _elements = [];

    // A literal if Slot is null.
    private sealed record Element(string Word, Func<TokenReader, Operand?>? Slot, TokenKind Kind);

    /// <summary>Compiles a syntax. It is lexed as the language itself.</summary>
    public static Pattern Of(string syntax)
    {
        var pattern = new Pattern();
        var tokens = Lexer.Read(syntax, new ErrorList(), gen1: false)
            ?? throw new InvalidOperationException($"The statement table holds an unreadable syntax: {syntax}");
        foreach (var token in tokens)
        {
            if (token.Kind != TokenKind.End)
            {
                pattern._elements.Add(new Element(token.Text, SlotOf(token), token.Kind));
            }
        }

        return pattern;
    }

    /// <summary>Matches the next tokens; null if they do not fit. Does not ask that the line end there.</summary>
    public Dictionary<string, Operand>? Match(TokenReader reader)
    {
        var operands = new Dictionary<string, Operand>(StringComparer.Ordinal);
        foreach (var element in _elements)
        {
            if (element.Slot is null)
            {
                if (!MatchLiteral(element, reader))
                {
                    return null;
                }
            }
            else if (element.Slot(reader) is { } operand)
            {
                operands.Add(element.Word, operand);
            }
            else
            {
                return null;
            }
        }

        return operands;
    }

    // A string or a #name in a syntax stands for any.
    private static Func<TokenReader, Operand?>? SlotOf(Token token) => token.Kind switch
    {
        TokenKind.Word => Slots.Find(token.Text),
        TokenKind.Text => Slots.AnyText,
        TokenKind.Constant => Slots.AnyConstant,
        _ => null,
    };

    private static bool MatchLiteral(Element element, TokenReader reader)
    {
        var token = reader.Next;
        if (token.Kind == element.Kind && string.Equals(token.Text, element.Word, StringComparison.OrdinalIgnoreCase))
        {
            reader.Advance();
            return true;
        }

        reader.Expect($"'{element.Word}'");
        return false;
    }
}
