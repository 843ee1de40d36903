// Constant expressions: numbers, `#names`, + - * << & | and parentheses, in C's order of precedence; where
// addresses are allowed also `@names`. An expression is handed to NASM as text, so that the listing shows
// names, and is evaluated here as well, so that what does not fit is an error with a position.

using System.Collections.Generic;
using System.Numerics;

namespace Eros.Build.XSharp;

/// <summary>The value of a constant expression.</summary>
/// <param name="Text">As NASM is given it.</param>
/// <param name="Value">Null if only the linker, or another file, knows it.</param>
internal readonly record struct Constant(string Text, BigInteger? Value)
{
    private static readonly BigInteger _lowest = long.MinValue;
    private static readonly BigInteger _highest = ulong.MaxValue;

    /// <summary>A plain number, in upper-case hexadecimal as upstream prints it.</summary>
    public static Constant Of(BigInteger value) => new(Hex(value), value);

    /// <summary>Upper-case hexadecimal without padding; negative numbers with a minus sign.</summary>
    public static string Hex(BigInteger value)
    {
        string digits = BigInteger.Abs(value).ToString("X").TrimStart('0');
        return (value.Sign < 0 ? "-0x" : "0x") + (digits.Length == 0 ? "0" : digits);
    }

    /// <summary>The text for data and displacements, where upstream prints plain numbers in decimal.</summary>
    public string DataText(Mode mode)
        => mode == Mode.Gen1 && Value is { } value && Text == Hex(value) ? value.ToString() : Text;

    /// <summary>
    /// Whether the value can stand in <paramref name="size"/> bytes, as a signed or as an unsigned number. An
    /// immediate of 8 bytes is encoded in 4 and sign-extended, except in a move to a register, which is
    /// <paramref name="wide"/>.
    /// </summary>
    public bool Fits(int size, bool wide)
    {
        if (Value is not { } value || size > 8)
        {
            return true;
        }

        var span = BigInteger.One << (8 * size);
        if (size == 8 && !wide)
        {
            var half = BigInteger.One << 31;
            return (value >= -half && value < half) || (value >= span - half && value < span);
        }

        return value >= -(span / 2) && value < span;
    }

    /// <summary>Whether 64 bits hold it: the range of every intermediate result.</summary>
    public bool InRange => Value is not { } value || (value >= _lowest && value <= _highest);
}

/// <summary>Parses constant expressions of our dialect; upstream has single numbers and names only.</summary>
internal sealed class ConstantParser(TokenReader reader, bool addresses)
{
    // Loosest first; each level is left-associative.
    private static readonly string[][] _levels = [["|"], ["&"], ["<<"], ["+", "-"], ["*"]];

    // Deeper parentheses than any source has; the parser recurses.
    private const int MostNested = 32;

    private int _nested;

    /// <summary>The level at which a term of a sum stands: below + and -.</summary>
    public const int TermLevel = 4;

    /// <summary>Parses at a level; null (and a note of what was expected) if there is none here.</summary>
    public Constant? Parse(int level = 0)
    {
        if (level == _levels.Length)
        {
            return ParsePrimary();
        }

        var left = Parse(level + 1);
        while (left is { } l && TakeOperator(_levels[level]) is { } op)
        {
            int column = reader.Next.Column;
            left = Parse(level + 1) is { } r ? Combine(op, l, r, column) : null;
        }

        return left;
    }

    private string? TakeOperator(string[] operators)
    {
        foreach (string op in operators)
        {
            if (reader.Next.Kind == TokenKind.Symbol && reader.Next.Text == op)
            {
                reader.Advance();
                return op;
            }
        }

        return null;
    }

    private Constant? ParsePrimary()
    {
        var token = reader.Next;
        if (token.Kind == TokenKind.Number)
        {
            reader.Advance();
            return Constant.Of(token.Value);
        }

        if (token.Kind == TokenKind.Constant)
        {
            reader.Advance();
            return reader.UseConstant(token);
        }

        if (addresses && reader.TrySymbol("@"))
        {
            return reader.TryName() is { } name ? new Constant(name.Label, null) : null;
        }

        if (!reader.TrySymbol("("))
        {
            reader.Expect(addresses ? "a number, '#constant' or '@label'" : "a number or '#constant'");
            return null;
        }

        if (++_nested > MostNested)
        {
            reader.Expect($"at most {MostNested} parentheses within each other");
            return null;
        }

        var inner = Parse();
        _nested--;
        if (inner is not null && !reader.TrySymbol(")"))
        {
            reader.Expect("')'");
            return null;
        }

        return inner;
    }

    private Constant Combine(string op, Constant left, Constant right, int column)
    {
        string text = $"({left.Text}{op}{right.Text})";
        if (left.Value is not { } l || right.Value is not { } r)
        {
            return new Constant(text, null);
        }

        bool shiftable = op != "<<" || (r >= 0 && r < 64);
        BigInteger value = op switch
        {
            "|" => l | r,
            "&" => l & r,
            "<<" => shiftable ? l << (int)r : 0,
            "+" => l + r,
            "-" => l - r,
            _ => l * r,
        };
        var result = new Constant(text, value);
        if (shiftable && result.InRange)
        {
            return result;
        }

        reader.Problem(XSharpErrorCode.ConstantTooLarge, column, "expected a result that fits in 64 bits");
        return Constant.Of(0);
    }
}
