// StepReader: scripts as Step.ToString writes them: one step in a line, hexadecimal numbers, comments behind "//".
//
//     invoke Call r5 send 1,2,3,4 receive 11,12,13,14 order 2 words 3 0 1 string 100000+a0 room 100800+20
//     invoke malformed ff00000000000001 order 1 words 0 0 0
//     give 5 90000 1                              any other step: a word, and up to three numbers

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Eros.Kernel.Protocol;

namespace Eros.Tests.Fuzz.Steps;

/// <summary>Reads the words of one line, from the first to the last.</summary>
internal sealed class StepReader
{
    private const string Comment = "//";
    private const int Registers = 32;

    private readonly int _line;
    private readonly string[] _words;
    private int _next;

    private StepReader(int line, string[] words)
    {
        _line = line;
        _words = words;
    }

    /// <summary>The steps of a script; lines without one are passed over.</summary>
    /// <exception cref="ScriptException">A line is no step.</exception>
    internal static List<Step> ReadScript(string script)
    {
        List<Step> steps = [];
        string[] lines = script.Split('\n');
        for (int line = 0; line < lines.Length; line++)
        {
            string[] words = lines[line].Split(Comment)[0]
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
            {
                steps.Add(new StepReader(line + 1, words).Read());
            }
        }

        return steps;
    }

    private bool IsAtEnd => _next == _words.Length;

    private Step Read()
    {
        StepKind kind = Name<StepKind>();
        Step step = kind is StepKind.Invoke or StepKind.InvokeFast
            ? Invocation(kind)
            : new Step(kind, NumberOrZero(), NumberOrZero(), NumberOrZero());
        return IsAtEnd ? step : throw Expected("the end of the line");
    }

    private Step Invocation(StepKind kind)
    {
        ulong control = Control();
        Word("order");
        ulong order = Number();
        Word("words");
        var step = new Step(kind, control, order, Number(), Number(), Number());
        if (IsAtEnd)
        {
            return step;
        }

        Word("string");
        (ulong source, ulong sent) = Stretch();
        Word("room");
        (ulong target, ulong room) = Stretch();
        return step with { W5 = source, W6 = sent | (room << Step.LengthsShift), W7 = target };
    }

    private ulong Control()
    {
        if (!IsAtEnd && _words[_next] == "malformed")
        {
            _next++;
            return Number();
        }

        InvocationKind kind = Name<InvocationKind>();
        int invoked = Parse("a register, r0 to r31", word => word[0] == 'r' ? Register(word[1..]) : null);
        Word("send");
        uint send = FourRegisters();
        Word("receive");
        return new InvocationWord(kind, invoked, send, FourRegisters()).Value;
    }

    private T Name<T>()
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>()];
        return Parse(
            $"one of {string.Join(", ", names)}",
            word => names.Contains(word, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(word, true) : default(T?));
    }

    private void Word(string expected) =>
        Parse($"'{expected}'", word => word == expected ? true : default(bool?));

    private uint FourRegisters() => Parse("four registers, as in 1,2,0,0", word =>
    {
        int?[] numbers = [.. word.Split(',').Select(Register)];
        return numbers is [{ } a, { } b, { } c, { } d] ? InvocationWord.Registers(a, b, c, d) : default(uint?);
    });

    private (ulong Address, ulong Length) Stretch() => Parse("an address and a length, as in 100000+a0", word =>
        word.Split('+') is [var first, var second] && Hex(first) is { } address && Hex(second) is { } length
            && length <= uint.MaxValue
            ? (address, length)
            : default((ulong, ulong)?));

    private ulong NumberOrZero() => IsAtEnd ? 0 : Number();

    private ulong Number() => Parse("a hexadecimal number of 64 bits", Hex);

    /// <summary>Takes the next word, if it is what is <paramref name="expected"/>.</summary>
    private T Parse<T>(string expected, Func<string, T?> parse)
        where T : struct
    {
        T value = IsAtEnd ? throw Expected(expected) : parse(_words[_next]) ?? throw Expected(expected);
        _next++;
        return value;
    }

    private static int? Register(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < Registers
            ? number
            : null;

    private static ulong? Hex(string text) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : null;

    private ScriptException Expected(string what) =>
        new($"line {_line}: expected {what}, not {(IsAtEnd ? "the end of the line" : $"'{_words[_next]}'")}");
}
