// Turns one line into tokens. A line is the unit of the language: there is no continuation and no separator.
// `//` starts a comment anywhere outside a string (upstream: only at the start of a line; blanks between the
// slashes are tolerated as upstream does). Literal lines (`!`) never come here.

using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Eros.Build.XSharp;

internal sealed class Lexer
{
    /// <summary>All symbols, longer ones before their own beginnings: the first that fits is taken.</summary>
    public static readonly string[] Symbols =
    [
        "?=", "?&", "!=", "<=", ">=", "<<", ">>", "<~", "~>", "++", "--",
        "=", "<", ">", "!", "+", "-", "*", "&", "|", "^", "@", ":", ",", "(", ")", "[", "]", "{", "}",
    ];

    // More than any number in range has, leading zeros included.
    private const int MostDigits = 64;

    private readonly string _line;
    private readonly ErrorList _errors;
    private readonly BigInteger _largest;
    private readonly List<Token> _tokens = [];
    private int _at;

    private Lexer(string line, ErrorList errors, bool gen1)
    {
        _line = line;
        _errors = errors;
        _largest = gen1 ? uint.MaxValue : ulong.MaxValue;
    }

    /// <summary>The tokens of a line with an End token last, or null after an error was reported.</summary>
    public static IReadOnlyList<Token>? Read(string line, ErrorList errors, bool gen1)
    {
        var lexer = new Lexer(line, errors, gen1);
        return lexer.ReadAll() ? lexer._tokens : null;
    }

    private bool ReadAll()
    {
        while (true)
        {
            while (_at < _line.Length && char.IsWhiteSpace(_line[_at]))
            {
                _at++;
            }

            if (_at == _line.Length || AtComment())
            {
                _tokens.Add(new Token(TokenKind.End, "", _at + 1));
                return true;
            }

            if (!ReadOne())
            {
                return false;
            }
        }
    }

    private bool AtComment()
    {
        if (_line[_at] != '/')
        {
            return false;
        }

        int next = _at + 1;
        while (next < _line.Length && char.IsWhiteSpace(_line[next]))
        {
            next++;
        }

        return next < _line.Length && _line[next] == '/';
    }

    private bool ReadOne()
    {
        char c = _line[_at];
        if (c == '\'')
        {
            return ReadText();
        }

        if (c == '#')
        {
            return ReadConstant();
        }

        if (char.IsAsciiDigit(c) || (c == '$' && _at + 1 < _line.Length && char.IsAsciiHexDigit(_line[_at + 1])))
        {
            return ReadNumber();
        }

        if (IsNamePart(c))
        {
            int start = _at;
            _tokens.Add(new Token(TokenKind.Word, TakeName(), start + 1));
            return true;
        }

        return ReadSymbol();
    }

    private bool ReadText()
    {
        int start = _at++;
        var text = new StringBuilder();
        for (; _at < _line.Length; _at++)
        {
            if (_line[_at] == '\'')
            {
                _at++;
                _tokens.Add(new Token(TokenKind.Text, text.ToString(), start + 1));
                return true;
            }

            if (_line[_at] == '\\' && _at + 1 < _line.Length && _line[_at + 1] == '\'')
            {
                _at++;
            }

            text.Append(_line[_at]);
        }

        return Fail(XSharpErrorCode.UnclosedText, start, "expected a closing ' before the end of the line");
    }

    private bool ReadConstant()
    {
        int start = _at++;
        string name = TakeName();
        if (name.Length == 0 || name[0] == '.')
        {
            return Fail(XSharpErrorCode.UnknownToken, start, "expected the name of a constant after '#'");
        }

        _tokens.Add(new Token(TokenKind.Constant, name, start + 1));
        return true;
    }

    private bool ReadNumber()
    {
        int start = _at;
        string text = TakeName();
        bool dollar = text[0] == '$';
        bool hex = dollar || text.StartsWith("0x", System.StringComparison.OrdinalIgnoreCase);
        string digits = hex ? text[(dollar ? 1 : 2)..] : text;

        // A leading zero keeps the hexadecimal parser from reading a high digit as a sign.
        var style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        var value = BigInteger.Zero;
        if (digits.Length is 0 or > MostDigits
            || !BigInteger.TryParse("0" + digits, style, CultureInfo.InvariantCulture, out value))
        {
            return Fail(XSharpErrorCode.BadNumber, start, $"expected a number like 31, 0x1F or $1F, found '{text}'");
        }

        if (value > _largest)
        {
            return Fail(XSharpErrorCode.BadNumber, start, $"expected a number up to {Constant.Hex(_largest)}");
        }

        _tokens.Add(new Token(TokenKind.Number, text, start + 1, value));
        return true;
    }

    private bool ReadSymbol()
    {
        foreach (string symbol in Symbols)
        {
            if (string.CompareOrdinal(_line, _at, symbol, 0, symbol.Length) == 0)
            {
                _tokens.Add(new Token(TokenKind.Symbol, symbol, _at + 1));
                _at += symbol.Length;
                return true;
            }
        }

        return Fail(XSharpErrorCode.UnknownToken, _at, _line[_at] == '/'
            ? "expected '//' (a comment)"
            : $"expected a name, a number, a string or an operator, found '{_line[_at]}'");
    }

    private string TakeName()
    {
        int start = _at;
        while (_at < _line.Length && IsNamePart(_line[_at]))
        {
            _at++;
        }

        return _line[start.._at];
    }

    private bool Fail(XSharpErrorCode code, int at, string message)
    {
        _errors.Add(code, at + 1, message);
        return false;
    }

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '$';
}
