using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eros.Tests.Programs;

internal static class SpanChecks
{
    internal static void AddTo(List<Check> all)
    {
        all.Add(new Check("Span_slices_and_copies", SlicesAndCopies));
        all.Add(new Check("Span_copies_overlap_both_ways", OverlappingCopies));
        all.Add(new Check("Span_copies_of_every_length", CopiesOfEveryLength));
        all.Add(new Check("Span_searches", Searches));
        all.Add(new Check("Span_sorts_and_reverses", SortsAndReverses));
        all.Add(new Check("Memory_marshal_reinterprets", Reinterpretation));
        all.Add(new Check("Binary_primitives_in_both_orders", ByteOrders));
        all.Add(new Check("Bit_operations", BitCounts));
        all.Add(new Check("Array_copy_fill_resize_indexof", ArrayMethods));
        all.Add(new Check("Array_sort_and_binary_search", ArraySorting));
    }

    private static void SlicesAndCopies(Output o)
    {
        int[] numbers = [1, 2, 3, 4, 5];
        Span<int> span = numbers;
        span[1..3].Fill(9);
        span.Slice(4).Clear();
        int[] copy = span[..4].ToArray();
        o.Say($"{Text(numbers)} {Text(copy)} {span.TryCopyTo(new int[4])} {span.IsEmpty}");
        foreach (ref int n in span)
        {
            n *= 2;
        }

        o.Say(Text(numbers));
    }

    private static void OverlappingCopies(Output o)
    {
        byte[] bytes = new byte[100];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)i;
        }

        bytes.AsSpan(0, 80).CopyTo(bytes.AsSpan(3));
        o.Say(Checksum(bytes));
        bytes.AsSpan(20).CopyTo(bytes.AsSpan(1));
        o.Say(Checksum(bytes));
    }

    private static void CopiesOfEveryLength(Output o)
    {
        byte[] source = new byte[300];
        new Random(1).NextBytes(source);
        byte[] target = new byte[300];
        long sum = 0;
        for (int length = 0; length < 200; length++)
        {
            target.AsSpan().Clear();
            source.AsSpan(length % 13, length).CopyTo(target.AsSpan(length % 7));
            target.AsSpan(length / 2, length / 4).Fill((byte)length);
            sum = sum * 31 + Checksum(target);
        }

        o.Say(sum);
    }

    private static void Searches(Output o)
    {
        ReadOnlySpan<char> text = "a needle in a stack of needles";
        o.Say($"{text.IndexOf('d')} {text.IndexOf("needles")} {text.IndexOf("pin")} {text.LastIndexOf('e')}");
        o.Say($"{text.StartsWith("a n")} {text.EndsWith("les")} {text.SequenceEqual("a")} {text.Contains('z')}");
        o.Say($"[{"  padded ".AsSpan().Trim()}] [{" \t\n".AsSpan().Trim()}]");
        ReadOnlySpan<byte> bytes = "needle"u8;
        o.Say(bytes.IndexOf((byte)'l') + bytes.IndexOf("dl"u8));
    }

    private static void SortsAndReverses(Output o)
    {
        int[] numbers = new int[50];
        Random random = new(5);
        foreach (ref int n in numbers.AsSpan())
        {
            n = random.Next(1000);
        }

        numbers.AsSpan(5, 30).Sort();
        o.Say(Text(numbers));
        numbers.AsSpan().Reverse();
        numbers.AsSpan().Sort((a, b) => b.CompareTo(a));
        o.Say(Text(numbers));
    }

    private static void Reinterpretation(Output o)
    {
        Span<uint> words = [0x04030201, 0x08070605];
        Span<byte> bytes = MemoryMarshal.AsBytes(words);
        bytes[0] = 0xFF;
        o.Say(words[0]);
        o.Say((long)MemoryMarshal.Cast<uint, ulong>(words)[0]);
        o.Say(MemoryMarshal.Read<ushort>(bytes[1..]));
        Pair pair = MemoryMarshal.AsRef<Pair>(bytes);
        o.Say(pair.First + pair.Second);
        o.Say(Unsafe.SizeOf<Pair>() + Unsafe.As<uint, int>(ref words[1]));
    }

    private static void ByteOrders(Output o)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, 0x0102030405060708);
        o.Say(bytes[0] * 10 + bytes[7]);
        o.Say(BinaryPrimitives.ReadInt32LittleEndian(bytes));
        o.Say(BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        BinaryPrimitives.WriteInt16LittleEndian(bytes, -2);
        o.Say(BinaryPrimitives.ReadInt16BigEndian(bytes));
        o.Say(BinaryPrimitives.ReverseEndianness(0x11223344u));
    }

    private static void BitCounts(Output o)
    {
        ulong[] values = [0, 1, 2, 3, 0x80, 0xFFFF, 1ul << 31, 1ul << 32, 1ul << 63, ulong.MaxValue, 0x00F0_0000_0000];
        foreach (ulong v in values)
        {
            uint low = (uint)v;
            o.Say($"{BitOperations.LeadingZeroCount(v)} {BitOperations.TrailingZeroCount(v)} " +
                $"{BitOperations.PopCount(v)} {BitOperations.Log2(v)} {BitOperations.IsPow2(v)} " +
                $"{BitOperations.RotateLeft(v, 9)} {BitOperations.LeadingZeroCount(low)} " +
                $"{BitOperations.TrailingZeroCount(low)} {BitOperations.PopCount(low)} {BitOperations.Log2(low)} " +
                $"{BitOperations.RotateRight(low, 5)} {BitOperations.RoundUpToPowerOf2(v)}");
        }
    }

    private static void ArrayMethods(Output o)
    {
        int[] numbers = [1, 2, 3, 4, 5, 6];
        Array.Copy(numbers, 0, numbers, 2, 4);
        o.Say(Text(numbers));
        Array.Fill(numbers, 7, 1, 2);
        Array.Resize(ref numbers, 8);
        o.Say($"{Text(numbers)} {Array.IndexOf(numbers, 2)} {Array.IndexOf(numbers, 99)}");
        Array.Reverse(numbers);
        Array.Clear(numbers, 0, 3);
        o.Say($"{Text(numbers)} {Array.Empty<string>().Length}");
        string[] names = ["x", "y"];
        Array.Resize(ref names, 1);
        o.Say($"{names.Length} {Array.IndexOf(names, "x")}");
    }

    private static void ArraySorting(Output o)
    {
        string[] names = ["pear", "apple", "fig", "Apple", "plum", "", "fi"];
        Array.Sort(names, string.CompareOrdinal);
        o.Say(string.Join(",", names));
        long[] numbers = new long[500];
        Random random = new(77);
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = random.Next(int.MinValue, int.MaxValue);
        }

        Array.Sort(numbers);
        long sum = 0;
        foreach (long n in numbers)
        {
            sum = sum * 31 + n;
        }

        o.Say(sum);
        o.Say(Array.BinarySearch(numbers, numbers[123]) + Array.BinarySearch(numbers, long.MinValue));
    }

    private static string Text(int[] numbers) => string.Join(" ", numbers);

    private static long Checksum(byte[] bytes)
    {
        long sum = 0;
        foreach (byte b in bytes)
        {
            sum = sum * 31 + b;
        }

        return sum;
    }

    private readonly struct Pair
    {
        public ushort First { get; init; }

        public ushort Second { get; init; }
    }
}
