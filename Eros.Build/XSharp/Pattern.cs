// The syntax of a form as a list of elements, and the matching of a line against it.

using System;
using System.Collections.Generic;

namespace Eros.Build.XSharp;

/// <summary>A compiled syntax.</summary>
internal sealed class Pattern
{
    private readonly List<Element> _elements = [];

    // A literal if Slot is null.
    private sealed record Element(string Word, Func<TokenReader, Operand?>? Slot, TokenKind Kind, bool Optional);

    /// <summary>Compiles a syntax. It is lexed as the language itself; `?` after a slot makes it optional.</summary>
    public static Pattern Of(string syntax)
    {
        var pattern = new Pattern();
        var tokens = Lexer.Read(syntax, new ErrorList(), gen1: false)
            ?? throw new InvalidOperationException($"The statement table holds an unreadable syntax: {syntax}");
        for (int i = 0; tokens[i].Kind != TokenKind.End; i++)
        {
            var token = tokens[i];
            bool optional = tokens[i + 1] is { Kind: TokenKind.Symbol, Text: "?" };
            var slot = token.Kind == TokenKind.Word ? Slots.Find(token.Text) : null;
            pattern._elements.Add(new Element(token.Text, slot, token.Kind, optional));
            i += optional ? 1 : 0;
        }

        return pattern;
    }

    /// <summary>Matches the next tokens; null if they do not fit. Does not ask that the line end there.</summary>
    public Dictionary<string, Operand>? Match(TokenReader reader)
    {
        var operands = new Dictionary<string, Operand>(StringComparer.Ordinal);
        foreach (var element in _elements)
        {
            if (element.Slot is null && element.Kind is not (TokenKind.Text or TokenKind.Constant))
            {
                if (!MatchLiteral(element, reader))
                {
                    return null;
                }

                continue;
            }

            var mark = reader.Mark;
            if ((element.Slot ?? MatchToken(element.Kind))(reader) is { } operand)
            {
                operands.Add(element.Word, operand);
            }
            else if (element.Optional)
            {
                reader.Return(mark);
            }
            else
            {
                return null;
            }
        }

        return operands;
    }

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

    // A string or a #name in a syntax stands for any.
    private static Func<TokenReader, Operand?> MatchToken(TokenKind kind) => reader =>
    {
        var token = reader.Next;
        if (token.Kind != kind)
        {
            reader.Expect(kind == TokenKind.Text ? "a string" : "'#constant'");
            return null;
        }

        reader.Advance();
        return kind == TokenKind.Text
            ? new TextOperand(token.Column, token.Text)
            : new ConstantOperand(token.Column, reader.UseConstant(token));
    };
}
