// Memory operands.
//
//   upstream:  [R32]  [R32 + n]  [R32 - n]  R32[n]  R32[-n]
//   ours:      [R + R2*4 + n]  with any of the three missing, constants as expressions, and R as wide as the mode;
//              [name + n]      relative to the instruction in 64-bit code, absolute in 32-bit code;
//              R[...]          the same as [R + ...];   GS[...] and FS[...]  with the inside of any of these.

using System.Collections.Generic;
using System.Text;

namespace Eros.Build.XSharp;

internal sealed class MemoryParser(TokenReader reader)
{
    private readonly StringBuilder _text = new();
    private readonly List<Register> _registers = [];
    private readonly int _column = reader.Next.Column;
    private string _segment = "";
    private NameOperand? _name;
    private bool _scaled;

    /// <summary>Any memory operand.</summary>
    public MemoryOperand? Parse()
    {
        if (reader.Next is { Kind: TokenKind.Symbol, Text: "[" })
        {
            reader.Advance();
            return ParseInside();
        }

        return ParseIndexed();
    }

    /// <summary>A memory operand that begins with a register: R[n], GS[n].</summary>
    public MemoryOperand? ParseIndexed()
    {
        var mark = reader.Mark;
        var token = reader.Next;
        var segment = reader.Mode == Mode.Gen1 ? null : reader.TryRegister(RegisterKind.Segment)?.Register;
        if (segment is { Name: "FS" or "GS" })
        {
            _segment = segment.Name.ToLowerInvariant() + ":";
        }
        else
        {
            reader.Return(mark);
            if (reader.TryRegister(RegisterKind.General) is not { } based)
            {
                reader.Expect("a memory operand");
                return null;
            }

            AddRegister(token, based.Register, scale: 1);
        }

        if (reader.TrySymbol("["))
        {
            return ParseInside();
        }

        reader.Expect("'['");
        reader.Return(mark);
        return null;
    }

    private MemoryOperand? ParseInside()
    {
        string sign = reader.TrySymbol("-") ? "-" : "+";
        while (true)
        {
            if (!ParseTerm(sign))
            {
                return null;
            }

            if (reader.TrySymbol("]"))
            {
                return Finish();
            }

            if (reader.Next is not { Kind: TokenKind.Symbol, Text: "+" or "-" })
            {
                reader.Expect("'+'");
                reader.Expect("'-'");
                reader.Expect("']'");
                return null;
            }

            sign = reader.Next.Text;
            reader.Advance();
        }
    }

    private bool ParseTerm(string sign)
    {
        var token = reader.Next;
        if (sign == "+" && reader.TryRegister(RegisterKind.General) is { } register)
        {
            return ParseScale(token, register.Register);
        }

        if (sign == "+" && token.Kind == TokenKind.Word && reader.Mode != Mode.Gen1)
        {
            return ParseName();
        }

        if (ParseDisplacement(token) is not { } constant)
        {
            return false;
        }

        if (constant.Value is not { IsZero: true })
        {
            Append(sign, constant.DataText(reader.Mode));
        }

        if (!constant.Fits(8, wide: false))
        {
            reader.Problem(XSharpErrorCode.ConstantTooLarge, token.Column,
                "expected a displacement that fits in 32 bits");
        }

        return true;
    }

    private Constant? ParseDisplacement(Token token)
    {
        if (reader.Mode == Mode.Gen1)
        {
            bool ready = _registers.Count > 0;
            if (!ready || token.Kind != TokenKind.Number)
            {
                reader.Expect(ready ? "a number" : "a 32-bit register");
                return null;
            }

            reader.Advance();
            return Constant.Of(token.Value);
        }

        var constant = new ConstantParser(reader, addresses: false).Parse(ConstantParser.TermLevel);
        if (constant is null)
        {
            reader.Expect("a register");
        }

        return constant;
    }

    private bool ParseScale(Token token, Register register)
    {
        int scale = 1;
        if (reader.Mode != Mode.Gen1 && reader.TrySymbol("*"))
        {
            var number = reader.Next;
            if (number.Kind != TokenKind.Number)
            {
                reader.Expect("1, 2, 4 or 8");
                return false;
            }

            reader.Advance();
            if (number.Value.IsPowerOfTwo && number.Value <= 8)
            {
                scale = (int)number.Value;
            }
            else
            {
                reader.Problem(XSharpErrorCode.BadNumber, number.Column, "expected a scale of 1, 2, 4 or 8");
            }
        }

        AddRegister(token, register, scale);
        return true;
    }

    private bool ParseName()
    {
        var token = reader.Next;
        if (reader.TryName() is not { } name)
        {
            return false;
        }

        if (_name is not null)
        {
            reader.Problem(XSharpErrorCode.NotAStatement, token.Column, "expected at most one name in an address");
        }

        _name = name;
        Append("+", name.Label);
        return true;
    }

    private void AddRegister(Token token, Register register, int scale)
    {
        int width = Slots.Width(reader.Mode);
        if (register.Size != width)
        {
            reader.Problem(XSharpErrorCode.WrongRegister, token.Column,
                $"expected a {8 * width}-bit register in an address");
        }

        bool stackPointer = register.Name is "RSP" or "ESP";
        bool first = _registers.Count == 0;
        int most = reader.Mode == Mode.Gen1 ? 1 : 2;
        bool badIndex = (stackPointer && !(first && scale == 1)) || (_scaled && scale != 1);
        if (_registers.Count == most || badIndex)
        {
            reader.Problem(XSharpErrorCode.WrongRegister, token.Column, most == 1
                ? "expected one register in an address"
                : "expected a base and an index register (RSP only as base, first)");
        }

        _scaled |= scale != 1;
        _registers.Add(register);
        Append("+", scale == 1 ? register.Name : $"{register.Name}*{scale}");
    }

    private void Append(string sign, string term)
        => _text.Append(_text.Length > 0 ? $" {sign} {term}" : sign == "-" ? "-" + term : term);

    private MemoryOperand Finish()
    {
        if (_name is not null && (_registers.Count > 0 || _segment.Length > 0) && reader.Mode == Mode.Bits64)
        {
            reader.Problem(XSharpErrorCode.NotAStatement, _column,
                "expected no register beside a name: load its address first");
        }

        string inside = _text.Length == 0 ? "0x0" : _text.ToString();
        bool absolute = _registers.Count == 0 && _name is null;
        string prefix = absolute && reader.Mode == Mode.Bits64 ? "abs " : "";
        return new MemoryOperand(_column, $"[{_segment}{prefix}{inside}]", _name?.Size ?? 0, _registers);
    }
}
