using System;
using System.Collections.Generic;
using System.Text;

namespace Eros.Tests.Programs;

internal static class TextChecks
{
    internal static void AddTo(List<Check> all)
    {
        all.Add(new Check("String_equality_and_order", EqualityAndOrder));
        all.Add(new Check("String_concat_and_join", ConcatAndJoin));
        all.Add(new Check("String_split", Splitting));
        all.Add(new Check("String_trim_and_pad", TrimAndPad));
        all.Add(new Check("String_search", Searching));
        all.Add(new Check("String_insert_remove_replace_substring", Editing));
        all.Add(new Check("String_construction", Construction));
        all.Add(new Check("String_interpolation", Interpolation));
        all.Add(new Check("Char_classes", CharClasses));
        all.Add(new Check("String_builder", Builders));
        all.Add(new Check("Utf8_round_trips", Utf8));
        all.Add(new Check("Utf8_replaces_malformed_input", MalformedUtf8));
        all.Add(new Check("Ascii_ignores_case", AsciiCase));
    }

    private static void EqualityAndOrder(Output o)
    {
        string[] words = ["", "a", "ab", "b", "B", "\uFFFF", "abc", "abd"];
        foreach (string left in words)
        {
            foreach (string right in words)
            {
                int order = string.CompareOrdinal(left, new string(right.AsSpan()));
                o.Say(Math.Sign(order) * 2 + (left == right ? 1 : 0));
            }
        }

        o.Say(string.CompareOrdinal(null, "") < 0);
        o.Say("abc".Equals("abc", StringComparison.Ordinal) && string.IsNullOrEmpty("") && !string.IsNullOrEmpty(" "));
        o.Say(string.IsNullOrWhiteSpace(" \t\u2003") && !string.IsNullOrWhiteSpace("."));
    }

    private static void ConcatAndJoin(Output o)
    {
        string? none = null;
        object number = 12;
        o.Say("a" + none + "b" + number + 'c' + true);
        o.Say(string.Concat("1", "2", "3", "4") + string.Concat("5", "6") + string.Concat(["7", "8", "9", "10", "11"]));
        o.Say(string.Join(", ", "x", "y", "z") + string.Join('-', new List<int> { 1, 2, 3 }) + string.Join("|", none));
    }

    private static void Splitting(Output o)
    {
        Show(o, "a,b,,c,".Split(','));
        Show(o, "a,b,,c,".Split(',', StringSplitOptions.RemoveEmptyEntries));
        Show(o, " a , b ,, ".Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        Show(o, "set name a long value".Split(' ', 3));
        Show(o, "one::two::::three".Split("::"));
        Show(o, "".Split(','));
        Show(o, "none".Split(','));
    }

    private static void TrimAndPad(Output o)
    {
        o.Say($"[{" \t x y\r\n".Trim()}][{"  x ".TrimStart()}][{"  x ".TrimEnd()}][{"\u00A0\u3000x\u2028".Trim()}]");
        o.Say($"[{"xxyx".Trim('x')}][{"0012".TrimStart('0')}][{"ab//".TrimEnd('/')}]");
        o.Say($"[{"7".PadLeft(3, '0')}][{"ab".PadRight(4)}][{"long".PadLeft(2)}]");
    }

    private static void Searching(Output o)
    {
        string text = "one two two three";
        o.Say($"{text.IndexOf('t')} {text.IndexOf('t', 5)} {text.IndexOf("two", StringComparison.Ordinal)}");
        o.Say($"{text.IndexOf("two", 5, StringComparison.Ordinal)} {text.IndexOf('z')} {text.LastIndexOf('t')}");
        o.Say($"{text.Contains("wo t")} {text.Contains('q')} {text.IndexOfAny(['w', 'n'])}");
        o.Say($"{text.StartsWith("one", StringComparison.Ordinal)} {text.EndsWith('e')} {text.StartsWith('t')}");
        o.Say($"{text.EndsWith("tree", StringComparison.Ordinal)} {"".StartsWith("", StringComparison.Ordinal)}");
    }

    private static void Editing(Output o)
    {
        string text = "hello world";
        o.Say(text.Substring(6) + text.Substring(0, 4) + text.Insert(5, ",") + text.Remove(5) + text.Remove(0, 2));
        o.Say(text.Replace('l', 'L') + text.Replace("o", "00") + text.Replace("l", null) + text.Replace("zz", "y"));
        o.Say(new string(text.ToCharArray(), 3, 2) + text[4] + text.Length);
    }

    private static void Construction(Output o)
    {
        char[] chars = ['a', 'b', 'c'];
        o.Say(new string('x', 5) + new string(chars) + new string(chars, 1, 2) + new string(chars.AsSpan(0, 1)));
        o.Say(new string('x', 0).Length + "".Length);
        foreach (char c in "end")
        {
            o.Say(c.ToString());
        }
    }

    private static void Interpolation(Output o)
    {
        int n = -42;
        ulong big = ulong.MaxValue;
        object? nothing = null;
        string name = "eros";
        o.Say($"{n} {n:D6} {n:X} {big} {big:x16} {name} {nothing} {'c'} {true} {(byte)200} {n == -42}");
        o.Say($"[{n,8}][{n,-8}][{name,6}][{name,-6}][{1234567:N0}][{255:X4}][{name.AsSpan(1, 2)}]");
        o.Say($"{{{n}}}");
        string longText = new('y', 300);
        o.Say($"{longText}{n}{longText}".Length);
        o.Say($"{1:D100}");
    }

    private static void CharClasses(Output o)
    {
        int digits = 0;
        int letters = 0;
        int hex = 0;
        int white = 0;
        int control = 0;
        long whiteSum = 0;
        for (int i = 0; i <= char.MaxValue; i++)
        {
            char c = (char)i;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            letters += char.IsAsciiLetter(c) && char.IsAsciiLetterOrDigit(c) ? 1 : 0;
            hex += char.IsAsciiHexDigit(c) ? 1 : 0;
            white += char.IsWhiteSpace(c) ? 1 : 0;
            whiteSum += char.IsWhiteSpace(c) ? c : 0;
            control += char.IsControl(c) ? 1 : 0;
        }

        o.Say($"{digits} {letters} {hex} {white} {whiteSum} {control} {char.IsAsciiLetterUpper('Q')}");
        o.Say($"{char.IsHighSurrogate('\uD800')} {char.IsLowSurrogate('\uDC00')} {char.IsSurrogate('\uE000')}");
    }

    private static void Builders(Output o)
    {
        StringBuilder builder = new();
        builder.Append("text").Append(' ').Append(-5).Append('x', 3).Append(7ul).Append(true).Append((object?)null);
        builder.Append("slice", 1, 3).Append("span".AsSpan(2)).Append(new StringBuilder("inner")).AppendLine();
        o.Say(builder.ToString());
        builder.Insert(4, "-").Remove(0, 2);
        builder[0] = 'X';
        builder.Length -= 3;
        o.Say($"{builder} {builder.Length} {builder[1]} {builder.ToString(1, 4)}");
        builder.Clear();
        for (int i = 0; i < 1000; i++)
        {
            builder.Append(i).Append(',');
        }

        o.Say(builder.Length);
        builder.Append($"{builder.Length}");
        o.Say(builder.ToString(3885, 9));
    }

    private static void Utf8(Output o)
    {
        string[] texts = ["", "plain", "ä ß é", "日本語", "\U0001F600\U0010FFFF", "\u007F\u0080\u07FF\u0800\uFFFF"];
        foreach (string text in texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            o.Say(Hex(bytes) + (Encoding.UTF8.GetString(bytes) == text) + Encoding.UTF8.GetByteCount(text));
        }

        Span<byte> room = stackalloc byte[8];
        o.Say(Encoding.UTF8.GetBytes("abc".AsSpan(), room));
        o.Say(Encoding.UTF8.TryGetBytes("longer than eight".AsSpan(), room, out _));
    }

    private static void MalformedUtf8(Output o)
    {
        byte[][] inputs =
        [
            [0x80], [0xC0, 0x80], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xE2, 0x82, 0x28], [0xE0, 0x80, 0x80],
            [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x41],
            [0xFF, 0xFE, 0x41], [0x41, 0xF1, 0x80, 0x41, 0xE1, 0x41],
        ];
        foreach (byte[] input in inputs)
        {
            string text = Encoding.UTF8.GetString(input);
            StringBuilder codes = new();
            foreach (char c in text)
            {
                codes.Append($"{(int)c:X4} ");
            }

            o.Say(codes.ToString() + Encoding.UTF8.GetCharCount(input));
        }

        o.Say(Hex(Encoding.UTF8.GetBytes("a\uD800b\uDC00\uD800\uD800\uDC00")));
    }

    private static void AsciiCase(Output o)
    {
        o.Say(Ascii.EqualsIgnoreCase("Halt", "hALT"));
        o.Say(Ascii.EqualsIgnoreCase("[", "{"));
        o.Say(Ascii.EqualsIgnoreCase("a", "ab"));
    }

    private static void Show(Output o, string[] parts) => o.Say($"{parts.Length}: [{string.Join("][", parts)}]");

    private static string Hex(byte[] bytes)
    {
        StringBuilder text = new();
        foreach (byte b in bytes)
        {
            text.Append($"{b:X2} ");
        }

        return text.ToString();
    }
}
