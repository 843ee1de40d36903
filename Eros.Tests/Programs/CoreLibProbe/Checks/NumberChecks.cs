using System;
using System.Collections.Generic;
using System.Globalization;

namespace Eros.Tests.Programs;

internal static class NumberChecks
{
    internal static void AddTo(List<Check> all)
    {
        all.Add(new Check("Integers_to_decimal", ToDecimal));
        all.Add(new Check("Integers_to_hexadecimal", ToHexadecimal));
        all.Add(new Check("Integers_parse", Parsing));
        all.Add(new Check("Integers_refuse_what_is_no_number", Refusals));
        all.Add(new Check("Integers_parse_hexadecimal", ParsingHexadecimal));
        all.Add(new Check("Integers_compare", Comparisons));
        all.Add(new Check("Math_on_integers", MathOnIntegers));
        all.Add(new Check("Division_of_all_signs", Division));
        all.Add(new Check("Doubles_calculate", Doubles));
        all.Add(new Check("Random_follows_its_seed", RandomNumbers));
    }

    private static void ToDecimal(Output o)
    {
        long[] values = [0, 7, -7, 10, 99, 100, int.MinValue, int.MaxValue, long.MinValue, long.MaxValue];
        foreach (long v in values)
        {
            o.Say($"{v} {v.ToString("D5", CultureInfo.InvariantCulture)} {(int)v} {(short)v} {(sbyte)v} {v:N0} {v:G}");
            o.Say($"{(ulong)v} {(uint)v} {(ushort)v} {(byte)v} {(nint)v} {(nuint)(ulong)v}");
        }
    }

    private static void ToHexadecimal(Output o)
    {
        long[] values = [0, 15, 16, -1, 0xDEADBEEF, long.MinValue, 0x123456789ABCDEF];
        foreach (long v in values)
        {
            o.Say($"{v:X} {v:x4} {(int)v:X8} {(short)v:X} {(sbyte)v:x} {(byte)v:X2} {(ulong)v:X16} {(ushort)v:x}");
        }
    }

    private static void Parsing(Output o)
    {
        o.Say(int.Parse("-2147483648", CultureInfo.InvariantCulture) + long.Parse("+9223372036854775807"));
        o.Say((long)ulong.Parse("18446744073709551615") + uint.Parse(" 42 ") + byte.Parse("255") + sbyte.Parse("-128"));
        o.Say(short.Parse("-32768") + ushort.Parse("65535") + int.Parse("00012".AsSpan()));
        o.Say(int.TryParse("-0", out int zero) && zero == 0 && uint.TryParse("-0", out uint none) && none == 0);
    }

    private static void Refusals(Output o)
    {
        string?[] texts =
            [null, "", " ", "-", "+", "1 2", "12a", "0x12", "2147483648", "-2147483649", "--1", "1-", "\u0661"];
        foreach (string? text in texts)
        {
            o.Say($"{int.TryParse(text, out int value)} {value}");
        }

        o.Say(byte.TryParse("256", out _) || sbyte.TryParse("128", out _) || uint.TryParse("-1", out _));
        o.Say(ulong.TryParse("18446744073709551616", out _) || long.TryParse("9223372036854775808", out _));
        o.Say(long.TryParse("-9223372036854775808", out long least) && least == long.MinValue);
        o.Say(ulong.TryParse("99999999999999999999", out _) || ulong.TryParse("184467440737095516150", out _));
    }

    private static void ParsingHexadecimal(Output o)
    {
        string[] texts = ["0", "ff", "FFFFFFFF", "80000000", "123456789", "0x1", "-1", " 1f ", "g", "deadBEEF"];
        foreach (string text in texts)
        {
            bool whole = uint.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint word);
            bool signed = int.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int number);
            o.Say($"{whole} {word} {signed} {number}");
        }

        o.Say((long)ulong.Parse("FEDCBA9876543210", NumberStyles.AllowHexSpecifier));
    }

    private static void Comparisons(Output o)
    {
        o.Say(Math.Sign(5.CompareTo(7)) + Math.Sign(int.MinValue.CompareTo(int.MaxValue)) + 3L.CompareTo(3L));
        o.Say(5.Equals(5) && !5.Equals((object)5L) && ulong.MaxValue.Equals(ulong.MaxValue) && 'a'.Equals('a'));
        o.Say(true.CompareTo(false) + ((byte)3).CompareTo(3));
        o.Say(5.GetHashCode() + (-1L).GetHashCode() + ((short)-2).GetHashCode() + 'x'.GetHashCode());
    }

    private static void MathOnIntegers(Output o)
    {
        o.Say(Math.Min(3, -4) + Math.Max(3u, 4u) + Math.Abs(-9) + Math.Clamp(15, 0, 10) + Math.Sign(-3L));
        o.Say((long)Math.BigMul(0xFEDCBA9876543210, 0x123456789ABCDEF0, out ulong low));
        o.Say((long)low);
        (int quotient, int remainder) = Math.DivRem(17, 5);
        o.Say(quotient * 10 + remainder);
    }

    private static void Division(Output o)
    {
        int[] values = [7, -7, 3, -3, 1, int.MaxValue];
        foreach (int a in values)
        {
            foreach (int b in values)
            {
                o.Say($"{a / b} {a % b} {(uint)a / (uint)b} {(long)a % b} {a >> 2} {a >>> 28}");
            }
        }
    }

    private static void Doubles(Output o)
    {
        double x = 2.5;
        double y = x * x / 3.0 - 1e-3;
        o.Say((long)(y * 1e9));
        o.Say((long)(Math.Sqrt(2.0) * 1e9) + (int)-3.9 + (long)Math.Floor(-3.5) + (long)Math.Ceiling(3.2));
        o.Say(y > x || double.IsNaN(0.0 / Math.Abs(x - 2.5)));
        o.Say((long)(float)1e6 + (uint)3e9);
    }

    private static void RandomNumbers(Output o)
    {
        int[] seeds = [0, 1, -1, 42, int.MaxValue, int.MinValue];
        foreach (int seed in seeds)
        {
            Random random = new(seed);
            o.Say($"{random.Next()} {random.Next(100)} {random.Next(-5, 5)} {random.Next(int.MinValue, int.MaxValue)}");
            byte[] bytes = new byte[4];
            random.NextBytes(bytes);
            o.Say($"{bytes[0]} {bytes[3]} {(long)(random.NextDouble() * 1e12)}");
        }

        Random last = new(9);
        long sum = 0;
        for (int i = 0; i < 1000; i++)
        {
            sum = sum * 31 + last.Next();
        }

        o.Say(sum);
    }
}
