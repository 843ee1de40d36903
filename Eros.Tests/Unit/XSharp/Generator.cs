using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Eros.Build.XSharp;

namespace Eros.Tests.Unit.XSharp;

/// <summary>Makes statements out of the statement table, and garbage out of the language's words.</summary>
internal sealed partial class Generator(int seed, Mode mode)
{
    private static readonly string[] _general =
    [
        "AL", "AH", "BL", "DH", "AX", "BX", "SP", "EAX", "EBX", "ESI", "EBP", "RAX", "RBX", "RSP", "RBP", "R12", "R13",
        "R8B", "SIL", "R9W", "R10D",
    ];

    private static readonly string[] _numbers =
    [
        "0", "1", "5", "0x7F", "0x80", "0xFF", "0x100", "0x1234", "0xFFFF", "0x7FFFFFFF", "0x80000000", "0xFFFFFFFF",
        "0x123456789", "0xFFFFFFFFFFFFFFF0", "0xFFFFFFFF80000000", "0xFFFFFFFFFFFFFFFF", "#C", "#C + 1", "#D * 2 - 5",
        "(#C | 0x100) << 3", "0 - 1", "0 - 0x80", "0 - 0x81",
    ];

    private static readonly string[] _memory =
    [
        "[RAX]", "[RSP + 8]", "[RBP]", "[R13]", "[R12 + R13*8 - 0x80]", "[RBX + RCX]", "[RSI*4 + 0x1000]", "RDI[#C]",
        "RDI[-4]", "GS[8]", "GS[RAX + 8]", "FS[0]", "[.V]", "[.B + 4]", "[0x1000]", "[EBX]", "[EBX + 8]", "EDI[4]",
        "EBP[-4]", "[ESP]", "[EAX + ECX*2]",
    ];

    private static readonly string[] _words =
    [
        "namespace", "function", "interrupt", "naked", "const", "include", "extern", "export", "bits", "section",
        "goto", "far", "call", "return", "ret", "iret", "if", "else", "while", "repeat", "times", "var", "data",
        "align", "as", "Port", "All", "Flags", "signed", "lock", "rep", "movsq", "CR3", "DS", "GS", "XMM0", "YMM1",
        "FSBASE", "lgdt", "byte", "word", "dword", "qword", "absolute", "CL", "DX", "name", ".V", "..E", "G", "blah",
        "'text'", "'", "!", "//", "#", "\\", ";", "~", "\u00e9", "\ud83d", "\0", "$", "..", "#C", "$1F", "0x",
        "99999999999999999999",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A form with something that may fit in each of its slots.</summary>
    public string Fill(Form form) => Word().Replace(form.Syntax, match => FillSlot(match.Value));

    /// <summary>A line of words, numbers and symbols in any order.</summary>
    public string Garbage()
    {
        int length = _random.Next(1, 9);
        var parts = Enumerable.Range(0, length).Select(_ => _random.Next(5) switch
        {
            0 => One(_general),
            1 => One(_numbers),
            2 => One(_memory),
            3 => One(Lexer.Symbols),
            _ => One(_words),
        });
        return string.Join(_random.Next(3) == 0 ? "" : " ", parts);
    }

    /// <summary>A line with a few of its characters changed, dropped or doubled.</summary>
    public string Damage(string line)
    {
        for (int i = _random.Next(1, 4); i > 0 && line.Length > 0; i--)
        {
            int at = _random.Next(line.Length);
            line = _random.Next(3) switch
            {
                0 => line.Remove(at, 1),
                1 => line.Insert(at, line[at].ToString()),
                _ => line[..at] + (char)_random.Next(1, 128) + line[(at + 1)..],
            };
        }

        return line.Replace('\n', ' ');
    }

    private string FillSlot(string word) => word switch
    {
        "R" or "R2" or "Rw" or "Rn" or "R16" => One(_general),
        "A" => One("AL", "AX", "EAX"),
        "SR" => One("DS", "ES", "FS", "GS", "SS"),
        "CR" => One("CR0", "CR2", "CR3", "CR4"),
        "X" or "X2" => One("XMM0", "XMM7", "XMM15"),
        "Y" => One("YMM0", "YMM15"),
        "n" => mode == Mode.Gen1 ? _random.Next(300).ToString() : One(_numbers),
        "S" => One("byte", "word", "dword", "qword"),
        "M" => One(_memory),
        "I" => One(_memory.Where(m => m[0] != '[').ToArray()),
        "V" or "address" => One(".V", ".W"),
        "F" => "G",
        "cc" => One("=", "!=", "<", ">", "<=", ">="),
        "flags" => One("=", "!=", "<", ">", "<=", ">=", "0", "!0", "signed <"),
        "cmp" => Fill(FlagForms.Comparisons[_random.Next(FlagForms.Comparisons.Length)]),
        "string" => One("movsb", "movsd", "stosq"),
        _ => word,
    };

    private string One(params string[] choices) => choices[_random.Next(choices.Length)];

    [GeneratedRegex("[A-Za-z][A-Za-z0-9]*")]
    private static partial Regex Word();
}
