// The slots of statement forms: the words in a form's syntax that stand for an operand. All other words and
// symbols of a syntax are literal.

using System;
using System.Collections.Generic;
using System.Linq;

namespace Eros.Build.XSharp;

internal static class Slots
{
    private static readonly Dictionary<string, Func<TokenReader, Operand?>> _table = new(StringComparer.Ordinal)
    {
        ["R"] = reader => General(reader, "a register", _ => true),
        ["R2"] = reader => General(reader, "a register", _ => true),
        ["Rw"] = reader => General(reader, "a register of 16 bits or more", size => size > 1),
        ["R16"] = reader => General(reader, "a 16-bit register", size => size == 2),
        ["Rn"] = reader => General(reader, "a register as wide as the mode", size => size == Width(reader.Mode)),
        ["A"] = Accumulator,
        ["SR"] = reader => Special(reader, RegisterKind.Segment, "a segment register"),
        ["CR"] = reader => Special(reader, RegisterKind.Control, "a control register"),
        ["X"] = reader => Special(reader, RegisterKind.Xmm, "an XMM register"),
        ["X2"] = reader => Special(reader, RegisterKind.Xmm, "an XMM register"),
        ["Y"] = reader => Special(reader, RegisterKind.Ymm, "a YMM register"),
        ["n"] = Immediate,
        ["n2"] = Immediate,
        ["S"] = Size,
        ["M"] = reader => new MemoryParser(reader).Parse(),
        ["I"] = reader => new MemoryParser(reader).ParseIndexed(),
        ["V"] = reader => reader.TryName(),
        ["F"] = reader => reader.TryFunction(),
        ["address"] = Address,
        ["name"] = reader => reader.TryNewName(),
        ["cc"] = Ordering,
        ["cmp"] = ComparisonSlot.ParseComparison,
        ["flags"] = ComparisonSlot.ParseFlags,
        ["items"] = Items,
        ["string"] = StringInstruction,
        ["kind"] = SectionWord,
    };

    /// <summary>The parser of a slot, or null if the word is literal.</summary>
    public static Func<TokenReader, Operand?>? Find(string word) => _table.GetValueOrDefault(word);

    /// <summary>The width of addresses and of the stack in bytes.</summary>
    public static int Width(Mode mode) => mode == Mode.Bits64 ? 8 : 4;

    /// <summary>A string.</summary>
    public static TextOperand? AnyText(TokenReader reader)
    {
        var token = reader.Next;
        if (token.Kind != TokenKind.Text)
        {
            reader.Expect("a string");
            return null;
        }

        reader.Advance();
        return new TextOperand(token.Column, token.Text);
    }

    /// <summary>A constant's name, by itself.</summary>
    public static ConstantOperand? AnyConstant(TokenReader reader)
    {
        var token = reader.Next;
        if (token.Kind != TokenKind.Constant)
        {
            reader.Expect("'#constant'");
            return null;
        }

        reader.Advance();
        return new ConstantOperand(token.Column, reader.UseConstant(token));
    }

    /// <summary>One of the six orderings.</summary>
    public static ConditionOperand? Ordering(TokenReader reader)
    {
        var token = reader.Next;
        if (token.Kind == TokenKind.Symbol && Condition.Find(token.Text, signed: false) is not null)
        {
            reader.Advance();
            return new ConditionOperand(token.Column, token.Text);
        }

        foreach (string symbol in (string[])["'='", "'!='", "'<'", "'>'", "'<='", "'>='"])
        {
            reader.Expect(symbol);
        }

        return null;
    }

    private static RegisterOperand? General(TokenReader reader, string what, Func<int, bool> sizeFits)
    {
        var mark = reader.Mark;
        var found = reader.TryRegister(RegisterKind.General);
        if (found is not null && sizeFits(found.Register.Size))
        {
            return found;
        }

        reader.Return(mark);
        reader.Expect(what);
        return null;
    }

    private static RegisterOperand? Special(TokenReader reader, RegisterKind kind, string what)
    {
        var found = reader.TryRegister(kind);
        if (found is null)
        {
            reader.Expect(what);
        }

        return found;
    }

    // Port I/O goes through these three only (upstream wrongly takes BL too).
    private static RegisterOperand? Accumulator(TokenReader reader)
    {
        var mark = reader.Mark;
        var found = reader.TryRegister(RegisterKind.General);
        if (found is { Register.Name: "AL" or "AX" or "EAX" })
        {
            return found;
        }

        reader.Return(mark);
        reader.Expect("AL, AX or EAX");
        return null;
    }

    // Upstream: one number. Its `#C` is a form of its own in the few places that have it.
    private static ConstantOperand? Immediate(TokenReader reader)
    {
        var token = reader.Next;
        if (reader.Mode != Mode.Gen1)
        {
            return new ConstantParser(reader, addresses: false).Parse() is { } value
                ? new ConstantOperand(token.Column, value)
                : null;
        }

        if (token.Kind != TokenKind.Number)
        {
            reader.Expect("a number");
            return null;
        }

        reader.Advance();
        return new ConstantOperand(token.Column, Constant.Of(token.Value));
    }

    private static SizeOperand? Size(TokenReader reader)
    {
        var token = reader.Next;
        int size = token.Kind == TokenKind.Word ? Sizes.Find(token.Text, reader.Mode) : 0;
        if (size == 0)
        {
            reader.Expect(reader.Mode == Mode.Gen1 ? "byte, word or dword" : "byte, word, dword or qword");
            return null;
        }

        reader.Advance();
        return new SizeOperand(token.Column, size);
    }

    // A name, and in our dialect a constant distance from it.
    private static NameOperand? Address(TokenReader reader)
    {
        if (reader.TryName() is not { } name)
        {
            return null;
        }

        string text = name.Label;
        while (reader.Mode != Mode.Gen1 && reader.Next is { Kind: TokenKind.Symbol, Text: "+" or "-" } sign)
        {
            reader.Advance();
            if (new ConstantParser(reader, addresses: false).Parse(ConstantParser.TermLevel) is not { } distance)
            {
                return null;
            }

            text += sign.Text + distance.Text;
        }

        return new NameOperand(name.Column, text, 0);
    }

    private static ItemsOperand? Items(TokenReader reader)
    {
        var items = new List<Operand>();
        int column = reader.Next.Column;
        do
        {
            var token = reader.Next;
            if (token.Kind == TokenKind.Text)
            {
                reader.Advance();
                items.Add(new TextOperand(token.Column, token.Text));
            }
            else if (new ConstantParser(reader, addresses: true).Parse() is { } value)
            {
                items.Add(new ConstantOperand(token.Column, value));
            }
            else
            {
                reader.Expect("a string");
                return null;
            }
        }
        while (reader.TrySymbol(","));
        reader.Expect("','");
        return new ItemsOperand(column, items);
    }

    private static NewNameOperand? StringInstruction(TokenReader reader)
        => OneOf(reader, "movsb", "movsw", "movsd", "movsq", "stosb", "stosw", "stosd", "stosq");

    private static NewNameOperand? SectionWord(TokenReader reader)
        => OneOf(reader, "text", "data", "rodata", "bss", "note");

    private static NewNameOperand? OneOf(TokenReader reader, params string[] words)
    {
        var token = reader.Next;
        foreach (string word in words.Where(reader.TryWord))
        {
            return new NewNameOperand(token.Column, word);
        }

        foreach (string word in words)
        {
            reader.Expect($"'{word}'");
        }

        return null;
    }
}
