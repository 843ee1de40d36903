// The registers: names, sizes, and where each may be used. Gen1 knows only those of its own list.

using System;
using System.Collections.Generic;

namespace Eros.Build.XSharp;

internal enum RegisterKind
{
    General,
    Segment,
    Control,
    Xmm,
    Ymm,
}

/// <summary>One register.</summary>
/// <param name="Name">In upper case, as NASM is given it.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Size">In bytes; of a control register 0: as wide as the mode.</param>
/// <param name="LongModeOnly">Exists in 64-bit code only.</param>
/// <param name="Rex">Its encoding needs a REX prefix whatever the other operands are.</param>
/// <param name="HighByte">AH, BH, CH, DH: cannot be encoded beside a REX prefix.</param>
/// <param name="Gen1">Upstream has it.</param>
internal sealed record Register(
    string Name, RegisterKind Kind, int Size, bool LongModeOnly, bool Rex, bool HighByte, bool Gen1)
{
    private static readonly Dictionary<string, Register> _byName = Build();

    /// <summary>The register of that name in this mode, or null: then the word is a name like any other.</summary>
    public static Register? Find(string name, Mode mode)
        => _byName.TryGetValue(name, out var found) && (found.Gen1 || mode != Mode.Gen1) ? found : null;

    /// <summary>The name of the low half of a 64-bit register.</summary>
    public static string LowHalf(Register register)
        => char.IsAsciiDigit(register.Name[1]) ? register.Name + "D" : "E" + register.Name[1..];

    private static Dictionary<string, Register> Build()
    {
        var all = new Dictionary<string, Register>(StringComparer.OrdinalIgnoreCase);
        void Add(string name, RegisterKind kind, int size, bool longMode = false, bool rex = false, bool gen1 = false)
            => all.Add(name, new Register(name, kind, size, longMode, rex, kind == RegisterKind.General
                && size == 1 && name[^1] == 'H', gen1));

        foreach (char c in "ABCD")
        {
            Add($"{c}L", RegisterKind.General, 1, gen1: true);
            Add($"{c}H", RegisterKind.General, 1, gen1: true);
            Add($"{c}X", RegisterKind.General, 2, gen1: true);
            Add($"E{c}X", RegisterKind.General, 4, gen1: true);
            Add($"R{c}X", RegisterKind.General, 8, longMode: true);
        }

        foreach (string s in (string[])["SI", "DI", "SP", "BP"])
        {
            Add($"{s}L", RegisterKind.General, 1, longMode: true, rex: true);
            Add(s, RegisterKind.General, 2);
            Add($"E{s}", RegisterKind.General, 4, gen1: true);
            Add($"R{s}", RegisterKind.General, 8, longMode: true);
        }

        for (int i = 8; i < 16; i++)
        {
            Add($"R{i}B", RegisterKind.General, 1, longMode: true, rex: true);
            Add($"R{i}W", RegisterKind.General, 2, longMode: true, rex: true);
            Add($"R{i}D", RegisterKind.General, 4, longMode: true, rex: true);
            Add($"R{i}", RegisterKind.General, 8, longMode: true, rex: true);
        }

        for (int i = 0; i < 16; i++)
        {
            Add($"XMM{i}", RegisterKind.Xmm, 16, longMode: i > 7);
            Add($"YMM{i}", RegisterKind.Ymm, 32, longMode: i > 7);
        }

        foreach (string s in (string[])["CS", "DS", "ES", "FS", "GS", "SS"])
        {
            Add(s, RegisterKind.Segment, 2);
        }

        foreach (string s in (string[])["CR0", "CR2", "CR3", "CR4", "CR8"])
        {
            Add(s, RegisterKind.Control, 0, longMode: s == "CR8");
        }

        return all;
    }
}

/// <summary>The names of operand sizes.</summary>
internal static class Sizes
{
    /// <summary>The size in bytes that a word such as <c>dword</c> says; 0 if it says none.</summary>
    public static int Find(string word, Mode mode) => word.ToUpperInvariant() switch
    {
        "BYTE" => 1,
        "WORD" => 2,
        "DWORD" => 4,
        "QWORD" when mode != Mode.Gen1 => 8,
        _ => 0,
    };

    /// <summary>NASM's word for a size in bytes.</summary>
    public static string Word(int size) => size switch
    {
        1 => "byte",
        2 => "word",
        4 => "dword",
        8 => "qword",
        16 => "oword",
        _ => "yword",
    };

    /// <summary>The letter of the data directives: <c>db</c>, <c>resb</c>.</summary>
    public static char Letter(int size) => size switch
    {
        1 => 'b',
        2 => 'w',
        4 => 'd',
        _ => 'q',
    };
}
