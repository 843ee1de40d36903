// Variables and other data.

using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Eros.Build.XSharp;

internal static class DataForms
{
    /// <summary>The rows of this group.</summary>
    public static readonly Form[] Rows =
    [
        new("var name", "name dd 0 (dq in 64-bit code)") { Emit = Zero, Directive = true },
        new("var name = n", "name dd n (dq in 64-bit code)") { Emit = Number, Directive = true },
        new("var name = 'text'", "name: db the bytes of the text and a 0") { Emit = Text, Directive = true },
        new("var name S[n]", "name TIMES n of db, dw, dd or dq 0") { Emit = Array, Directive = true },
        new("var name S", "name of db, dw, dd or dq 0", Mode.Ours) { Emit = Zero, Directive = true },
        new("var name S = items", "name of db, dw, dd or dq the items", Mode.Ours) { Emit = List, Directive = true },
        new("data S items", "db, dw, dd or dq the items", Mode.Ours) { Emit = List, Directive = true },
        new("align n", "align n, or alignb n in bss", Mode.Ours) { Emit = Align, Directive = true },
        new("checkpoint 'text'", "the text on the first line of the VGA screen, by stores alone", Mode.Narrow)
        {
            Emit = Checkpoint,
        },
    ];

    private static void Zero(Translator translator, Statement statement)
    {
        int size = ElementSize(statement);
        if (Define(translator, statement, size) is { } label)
        {
            bool bss = translator.Output.Section == SectionKind.Bss;
            translator.Output.Data(bss ? $"{label} res{Sizes.Letter(size)} 1" : $"{label} d{Sizes.Letter(size)} 0");
        }
    }

    private static void Number(Translator translator, Statement statement)
    {
        int size = ElementSize(statement);
        var value = statement.Get<ConstantOperand>("n");
        bool valid = Holds(translator, statement) && Fits(translator, value, size);
        if (valid && Define(translator, statement, size) is { } label)
        {
            translator.Output.Data($"{label} d{Sizes.Letter(size)} {value.Constant.DataText(translator.Mode)}");
        }
    }

    private static void Text(Translator translator, Statement statement)
    {
        if (Holds(translator, statement) && Define(translator, statement, 1) is { } label)
        {
            translator.Output.Data($"{label}:");
            translator.Output.Data($"db {Bytes(statement.Get<TextOperand>("text").Value).Append("0").Aggregate(Join)}");
        }
    }

    private static void Array(Translator translator, Statement statement)
    {
        int size = ElementSize(statement);
        var count = statement.ConstantOf("n");
        if (count.Value is { } value && (value < 0 || value > int.MaxValue))
        {
            translator.Error(XSharpErrorCode.ConstantTooLarge, statement.Operands["n"].Column,
                "expected a number of elements below 2 GB");
            return;
        }

        if (Define(translator, statement, size) is { } label)
        {
            bool bss = translator.Output.Section == SectionKind.Bss;
            char letter = Sizes.Letter(size);
            string times = count.DataText(translator.Mode);
            translator.Output.Data(bss ? $"{label} res{letter} {times}" : $"{label} TIMES {times} d{letter} 0");
        }
    }

    private static void List(Translator translator, Statement statement)
    {
        int size = ElementSize(statement);
        if (!Holds(translator, statement))
        {
            return;
        }

        var values = new List<string>();
        foreach (var item in statement.Get<ItemsOperand>("items").Items)
        {
            if (item is ConstantOperand constant && Fits(translator, constant, size))
            {
                values.Add(constant.Constant.DataText(translator.Mode));
            }
            else if (item is TextOperand text && size == 1)
            {
                values.AddRange(Bytes(text.Value));
            }
            else if (item is TextOperand)
            {
                translator.Error(XSharpErrorCode.SizeMismatch, item.Column, "expected a string only among bytes");
                return;
            }
            else
            {
                return;
            }
        }

        bool named = statement.Operands.ContainsKey("name");
        string? label = named ? Define(translator, statement, size) : "";
        if (label is not null && values.Count > 0)
        {
            translator.Output.Data($"{label} d{Sizes.Letter(size)} {values.Aggregate(Join)}".TrimStart());
        }
    }

    private static void Align(Translator translator, Statement statement)
    {
        if (statement.ConstantOf("n").Value is not { IsPowerOfTwo: true } boundary || boundary > 1 << 20)
        {
            translator.Error(XSharpErrorCode.BadNumber, statement.Operands["n"].Column,
                "expected a power of two up to 1 MB");
            return;
        }

        translator.Output.Code(translator.Output.Section switch
        {
            SectionKind.Text => $"align {boundary}",
            SectionKind.Bss => $"alignb {boundary}",
            _ => $"align {boundary},db 0",
        });
    }

    // Every store is a dword, as upstream's are; it uses no stack, no register and no call.
    private static void Checkpoint(Translator translator, Statement statement)
    {
        const int Screen = 0xB8000;
        const int RowBytes = 80 * 2;
        for (int i = 0; i < RowBytes; i++)
        {
            translator.Output.Code($"mov dword [0x{Screen + i:X}],0x{(i % 2 == 0 ? 0 : 2):X}");
        }

        int at = Screen;
        foreach (byte value in Encoding.UTF8.GetBytes(statement.Get<TextOperand>("text").Value))
        {
            translator.Output.Code($"mov dword [0x{at:X}],0x{value:X}");
            at += 2;
        }
    }

    private static int ElementSize(Statement statement)
        => statement.Operands.GetValueOrDefault("S") is SizeOperand size ? size.Size : Slots.Width(statement.Mode);

    // The label of a new variable; null after an error.
    private static string? Define(Translator translator, Statement statement, int size)
    {
        var name = statement.Get<NewNameOperand>("name");
        if (!translator.RequireNamespace(name.Column, name.Written))
        {
            return null;
        }

        string label = translator.Names.Label(name.Written);
        if (!translator.Define(label, name.Column, size))
        {
            return null;
        }

        if (DefinitionForms.IsExported(translator, name.Written))
        {
            translator.Output.Data($"global {label}");
        }

        return label;
    }

    private static bool Holds(Translator translator, Statement statement)
    {
        if (translator.Output.Section != SectionKind.Bss)
        {
            return true;
        }

        translator.Error(XSharpErrorCode.WrongPlace, statement.Column,
            "expected no initial value in bss: it is zero when it is loaded");
        return false;
    }

    private static bool Fits(Translator translator, ConstantOperand value, int size)
    {
        if (value.Constant.Fits(size, wide: true))
        {
            return true;
        }

        translator.Error(XSharpErrorCode.ConstantTooLarge, value.Column,
            $"expected a constant that fits in {8 * size} bits");
        return false;
    }

    private static IEnumerable<string> Bytes(string text) => Encoding.UTF8.GetBytes(text).Select(b => b.ToString());

    private static string Join(string left, string right) => left + "," + right;
}
