// Reads operands from the tokens of one line, for one attempt at a form after another.
// It remembers the furthest token at which any attempt failed and what each wanted there: that is the error
// message if no form fits. Problems (a wrong register, an unknown constant) do not make an attempt fail: they
// are reported if its form is the one chosen. So are the names used.

using System;
using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.XSharp;

internal sealed class TokenReader(IReadOnlyList<Token> tokens, Mode mode, Names names)
{
    private readonly List<(XSharpErrorCode Code, int Column, string Message)> _problems = [];
    private readonly List<(string Label, int Column)> _uses = [];
    private readonly List<string> _expected = [];
    private int _at;
    private int _furthest;

    /// <summary>The setting of the line.</summary>
    public Mode Mode => mode;

    /// <summary>The names known so far.</summary>
    public Names Names => names;

    /// <summary>The next token.</summary>
    public Token Next => tokens[_at];

    /// <summary>Whether nothing is left.</summary>
    public bool AtEnd => Next.Kind == TokenKind.End;

    /// <summary>What is wrong with the current attempt.</summary>
    public IReadOnlyList<(XSharpErrorCode Code, int Column, string Message)> Problems => _problems;

    /// <summary>The labels that the current attempt names.</summary>
    public IReadOnlyList<(string Label, int Column)> Uses => _uses;

    /// <summary>A point to which <see cref="Return"/> goes back.</summary>
    public (int At, int Problems, int Uses) Mark => (_at, _problems.Count, _uses.Count);

    /// <summary>Takes back everything read since the mark.</summary>
    public void Return((int At, int Problems, int Uses) mark)
    {
        _at = mark.At;
        _problems.RemoveRange(mark.Problems, _problems.Count - mark.Problems);
        _uses.RemoveRange(mark.Uses, _uses.Count - mark.Uses);
    }

    /// <summary>Takes the next token.</summary>
    public void Advance() => _at++;

    /// <summary>Notes what an attempt wanted at the next token.</summary>
    public void Expect(string what)
    {
        if (_at < _furthest)
        {
            return;
        }

        if (_at > _furthest)
        {
            _expected.Clear();
            _furthest = _at;
        }

        if (!_expected.Contains(what))
        {
            _expected.Add(what);
        }
    }

    /// <summary>Where the furthest attempt failed, and what was expected there.</summary>
    public (int Column, string Message) Furthest()
    {
        var found = tokens[_furthest];
        string shown = IsKeyword(found) ? $"the keyword {found.Shown}" : found.Shown;
        if (_furthest == 0)
        {
            return (found.Column, $"expected a statement, found {shown}");
        }

        string wanted = _expected.Count == 1
            ? _expected[0]
            : string.Join(", ", _expected.Take(_expected.Count - 1)) + " or " + _expected[^1];
        return (found.Column, $"expected {wanted} after {tokens[_furthest - 1].Shown}, found {shown}");
    }

    /// <summary>Reports an error if this attempt is the one chosen.</summary>
    public void Problem(XSharpErrorCode code, int column, string message) => _problems.Add((code, column, message));

    /// <summary>Takes the symbol if it is next; notes nothing.</summary>
    public bool TrySymbol(string symbol)
    {
        bool found = Next.Kind == TokenKind.Symbol && Next.Text == symbol;
        _at += found ? 1 : 0;
        return found;
    }

    /// <summary>Takes a keyword, in any case, if it is next; notes nothing.</summary>
    public bool TryWord(string word)
    {
        bool found = Next.Kind == TokenKind.Word && string.Equals(Next.Text, word, StringComparison.OrdinalIgnoreCase);
        _at += found ? 1 : 0;
        return found;
    }

    /// <summary>Takes a register, if one of this kind is next, and checks that this mode has it.</summary>
    public RegisterOperand? TryRegister(RegisterKind kind)
    {
        var token = Next;
        var register = token.Kind == TokenKind.Word ? Register.Find(token.Text, mode) : null;
        if (register is null || register.Kind != kind)
        {
            return null;
        }

        Advance();
        if (register.LongModeOnly && mode != Mode.Bits64)
        {
            Problem(XSharpErrorCode.WrongRegister, token.Column,
                $"expected a register that 32-bit code has, found {register.Name}");
        }

        return new RegisterOperand(token.Column, register);
    }

    /// <summary>Takes a name that is neither a register nor reserved, if one is next, and notes its use.</summary>
    public NameOperand? TryName()
    {
        var token = Next;
        if (!IsName(token))
        {
            Expect("a name");
            return null;
        }

        Advance();
        RequireNamespace(token);
        string label = names.Label(token.Text);
        _uses.Add((label, token.Column));
        return new NameOperand(token.Column, label, names.SizeOf(label));
    }

    /// <summary>Notes the use of a function in a call.</summary>
    public NameOperand? TryFunction()
    {
        var token = Next;
        if (!IsName(token))
        {
            Expect("the name of a function");
            return null;
        }

        Advance();
        RequireNamespace(token);
        string label = names.FunctionLabel(token.Text);
        _uses.Add((label, token.Column));
        return new NameOperand(token.Column, label, 0);
    }

    /// <summary>Takes a name about to be defined.</summary>
    public NewNameOperand? TryNewName()
    {
        var token = Next;
        if (!IsName(token))
        {
            Expect("a new name");
            return null;
        }

        Advance();
        return new NewNameOperand(token.Column, token.Text);
    }

    /// <summary>The value of a constant's name; in our dialect it must be declared above.</summary>
    public Constant UseConstant(Token token)
    {
        RequireNamespace(token);
        if (names.FindConstant(token.Text) is { } value)
        {
            return new Constant(names.ConstantLabel(token.Text), value);
        }

        string label = names.ConstantLabel(token.Text);
        if (mode == Mode.Gen1)
        {
            _uses.Add((label, token.Column));
        }
        else
        {
            Problem(XSharpErrorCode.NotDefined, token.Column, $"expected 'const {token.Text}' above this line");
        }

        return new Constant(label, null);
    }

    private void RequireNamespace(Token token)
    {
        bool plain = token.Text.StartsWith("..", StringComparison.Ordinal);
        if (names.Namespace is null && !plain)
        {
            Problem(XSharpErrorCode.NoNamespace, token.Column, "expected 'namespace NAME' above the first name");
        }
    }

    private bool IsKeyword(Token token) => token.Kind == TokenKind.Word && Names.IsReserved(token.Text, mode);

    private bool IsName(Token token)
        => token.Kind == TokenKind.Word
            && Register.Find(token.Text, mode) is null
            && !IsKeyword(token)
            && token.Text.TrimStart('.') is { Length: > 0 } name
            && (char.IsAsciiLetter(name[0]) || name[0] == '_')
            && token.Text.Length - name.Length <= 2;
}
