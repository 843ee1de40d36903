// The words of the language: what the lexer hands to the statement forms.

using System.Numerics;

namespace Eros.Build.XSharp;

internal enum TokenKind
{
    /// <summary>A keyword, a register or a name; leading dots are part of it.</summary>
    Word,

    /// <summary>A number; <see cref="Token.Value"/> holds it.</summary>
    Number,

    /// <summary>A string; <see cref="Token.Text"/> holds what stands between the quotes, unescaped.</summary>
    Text,

    /// <summary><c>#name</c>; <see cref="Token.Text"/> is the name.</summary>
    Constant,

    /// <summary>One of <see cref="Lexer.Symbols"/>.</summary>
    Symbol,

    /// <summary>After the last token of the line.</summary>
    End,
}

/// <summary>One token of a line.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Text">As written, except as the kinds say.</param>
/// <param name="Column">Where it starts, from 1.</param>
/// <param name="Value">Of a number: its value.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Column, BigInteger Value = default)
{
    /// <summary>The token as an error message shows it.</summary>
    public string Shown => Kind switch
    {
        TokenKind.End => "the end of the line",
        TokenKind.Text => "a string",
        TokenKind.Constant => $"'#{Text}'",
        _ => $"'{Text}'",
    };
}
