using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Eros.Tests.Programs;

internal static class LanguageChecks
{
    private static int _finished;
    private static int _thousand = 1000;

    internal static void AddTo(List<Check> all)
    {
        all.Add(new Check("Lambda_captures_variables", LambdaCaptures));
        all.Add(new Check("Delegate_of_each_kind_of_method", DelegateKinds));
        all.Add(new Check("Delegate_over_generic_method", GenericDelegates));
        all.Add(new Check("Iterator_yields_lazily", Iterators));
        all.Add(new Check("Iterator_runs_finally_when_left_early", IteratorFinally));
        all.Add(new Check("Finally_and_using_run_in_order", FinallyAndUsing));
        all.Add(new Check("Switch_and_patterns", SwitchAndPatterns));
        all.Add(new Check("String_switch_with_many_cases", StringSwitch));
        all.Add(new Check("Static_constructor_runs_once_at_first_use", StaticConstructors));
        all.Add(new Check("Static_references_survive", StaticReferences));
        all.Add(new Check("Ranges_and_indexes", RangesAndIndexes));
        all.Add(new Check("Nullable_lifts_and_boxes", Nullables));
        all.Add(new Check("Tuples_compare_and_deconstruct", Tuples));
        all.Add(new Check("Records_compare_copy_and_print", Records));
        all.Add(new Check("Inline_array_indexes_and_slices", InlineArrays));
        all.Add(new Check("Collection_expressions", CollectionExpressions));
        all.Add(new Check("Checked_arithmetic_within_range", CheckedArithmetic));
        all.Add(new Check("Interlocked_and_volatile", Atomics));
        all.Add(new Check("Stack_allocation_and_large_frames", StackAllocation));
    }

    private static void LambdaCaptures(Output o)
    {
        List<Func<int>> made = new();
        for (int i = 0; i < 3; i++)
        {
            int squared = i * i;
            made.Add(() => squared++);
        }

        foreach (Func<int> f in made)
        {
            f();
            o.Say(f());
        }
    }

    private static void DelegateKinds(Output o)
    {
        Func<int, int> open = Twice;
        Func<int, int> closed = new Counter(5).Add;
        Counter derived = new DoubleCounter(5);
        Func<int, int> virtualMethod = derived.Add;
        IAdder adder = derived;
        Func<int, int> interfaceMethod = adder.Add;
        Func<int> extension = "four".LengthOf;
        o.Say(open(4));
        o.Say(closed(4));
        o.Say(virtualMethod(4));
        o.Say(interfaceMethod(4));
        o.Say(extension());
    }

    private static void GenericDelegates(Output o)
    {
        Func<int, string> number = Describe<int>;
        o.Say(number(3));
        o.Say(Apply("text", s => s + "!"));
        o.Say(Apply(20, n => n + 1));
    }

    private static void Iterators(Output o)
    {
        foreach (int n in CountTo(3, o))
        {
            o.Say(n * 10);
        }

        IEnumerable<int> twice = CountTo(2, o);
        int sum = 0;
        foreach (int a in twice)
        {
            foreach (int b in twice)
            {
                sum += a * b;
            }
        }

        o.Say(sum);
    }

    private static void IteratorFinally(Output o)
    {
        foreach (int n in Guarded(o))
        {
            if (n == 2)
            {
                break;
            }
        }

        o.Say(_finished > 0);
    }

    private static void FinallyAndUsing(Output o)
    {
        try
        {
            using Scope outer = new("outer", o);
            using (new Scope("inner", o))
            {
                o.Say("body");
            }
        }
        finally
        {
            o.Say("finally");
        }
    }

    private static void SwitchAndPatterns(Output o)
    {
        object?[] values = [1, -7, "text", "", null, 'c', 3u, new[] { 1, 2, 3 }];
        foreach (object? value in values)
        {
            o.Say(value switch
            {
                int and < 0 => "negative",
                int n => $"int {n}",
                "" => "empty",
                string { Length: > 3 } s => s,
                null => "null",
                int[] and [1, .., var last] => $"array to {last}",
                char c => $"char {c}",
                _ => "other",
            });
        }
    }

    private static void StringSwitch(Output o)
    {
        string[] words = ["help", "ps", "caps", "set", "get", "counter", "checkpoint", "generation", "halt", "no"];
        foreach (string word in words)
        {
            o.Say(word switch
            {
                "help" => 1,
                "ps" => 2,
                "caps" => 3,
                "set" => 4,
                "get" => 5,
                "counter" => 6,
                "checkpoint" => 7,
                "generation" => 8,
                "halt" => 9,
                _ => 0,
            });
        }
    }

    private static void StaticConstructors(Output o)
    {
        o.Say(Lazily.Runs);
        o.Say(Lazily.Value);
        o.Say(Lazily.Runs);
        o.Say(GenericStatic<int>.Name + GenericStatic<string>.Name);
    }

    private static void StaticReferences(Output o)
    {
        Holder.Names.Clear();
        Holder.Names.Add("one");
        Holder.Names.Add("two");
        Holder.Table[2] = "three";
        o.Say(string.Join(",", Holder.Names) + Holder.Table[2] + Holder.Primes[4]);
    }

    private static void RangesAndIndexes(Output o)
    {
        int[] numbers = [0, 1, 2, 3, 4, 5];
        o.Say(numbers[^1] + numbers[1..4].Length + numbers[^2..][0]);
        o.Say("abcdef"[2..^1] + "abcdef"[^2]);
        Range range = 1..^1;
        (int offset, int length) = range.GetOffsetAndLength(10);
        o.Say(offset * 100 + length);
    }

    private static void Nullables(Output o)
    {
        int? none = null;
        int? some = 5;
        o.Say($"{some + 1}|{none + 1}|{some > none}|{none ?? 9}|{some == 5}");
        object? boxed = some;
        object? empty = none;
        o.Say($"{boxed}|{empty is null}|{(int?)boxed}|{((int?)empty).HasValue}");
        long? wide = (long?)some;
        o.Say(wide.GetValueOrDefault() + none.GetValueOrDefault(7));
        o.Say(new DateStamp?(new DateStamp(3)).Equals(new DateStamp(3)));
    }

    private static void Tuples(Output o)
    {
        (int Id, string Name) pair = (1, "one");
        (int id, string name) = pair;
        o.Say($"{id} {name} {pair} {pair == (1, "one")} {pair.Equals((2, "one"))}");
        (pair.Id, id) = (id + 5, pair.Id + 7);
        o.Say(pair.Id * 100 + id);
    }

    private static void Records(Output o)
    {
        Point first = new(1, 2);
        Point moved = first with { X = 3 };
        o.Say($"{first} {moved} {first == new Point(1, 2)} {first == moved}");
        Named named = new("a", 1);
        Named other = named with { };
        o.Say($"{named} {named == other} {ReferenceEquals(named, other)} {named.Equals(new Named("b", 1))}");
    }

    private static void InlineArrays(Output o)
    {
        Eight eight = default;
        eight[3] = 4;
        eight[^1] = 9;
        Span<int> middle = eight[2..5];
        middle[0] = 7;
        int sum = 0;
        foreach (int n in eight)
        {
            sum = sum * 10 + n;
        }

        o.Say(sum);
    }

    private static void CollectionExpressions(Output o)
    {
        int[] some = [1, 2, 3];
        List<int> more = [0, .. some, 4];
        ReadOnlySpan<byte> bytes = [1, 2, 3, 250];
        Span<string> names = ["a", "b"];
        o.Say(more.Count + bytes[3]);
        o.Say(names[1]);
    }

    private static void CheckedArithmetic(Output o)
    {
        int n = Volatile.Read(ref _thousand);
        o.Say(checked(n * 1000));
        o.Say(checked((byte)(n / 4)));
        o.Say(unchecked((int)(n * 4_000_000_000)));
    }

    private static void Atomics(Output o)
    {
        int n = 5;
        long wide = 7;
        o.Say(Interlocked.Increment(ref n) + Interlocked.Add(ref n, 10));
        o.Say(Interlocked.CompareExchange(ref n, 99, 16) + n);
        o.Say(Interlocked.Exchange(ref wide, 1L << 40) + wide);
        Volatile.Write(ref n, 3);
        Interlocked.MemoryBarrier();
        o.Say(Volatile.Read(ref n));
    }

    private static void StackAllocation(Output o)
    {
        Span<byte> small = stackalloc byte[100];
        Span<long> large = stackalloc long[4000];
        small.Fill(3);
        large[3999] = small[99];
        o.Say(large[3999] + large[0]);
    }

    private static IEnumerable<int> CountTo(int last, Output o)
    {
        for (int i = 1; i <= last; i++)
        {
            o.Say("next");
            yield return i;
        }
    }

    private static IEnumerable<int> Guarded(Output o)
    {
        try
        {
            yield return 1;
            yield return 2;
            yield return 3;
        }
        finally
        {
            _finished++;
            o.Say("left");
        }
    }

    private static int Twice(int n) => 2 * n;

    private static int LengthOf(this string text) => text.Length;

    private static string Describe<T>(T value) => $"<{value}>";

    private static T Apply<T>(T value, Func<T, T> change) => change(value);

    private interface IAdder
    {
        int Add(int n);
    }

    private class Counter(int start) : IAdder
    {
        public virtual int Add(int n) => start + n;
    }

    private sealed class DoubleCounter(int start) : Counter(start)
    {
        public override int Add(int n) => 2 * base.Add(n);
    }

    private readonly struct Scope(string name, Output output) : IDisposable
    {
        public void Dispose() => output.Say("end " + name);
    }

    private static class Lazily
    {
        internal static readonly int Value;

        static Lazily()
        {
            Count.Constructions++;
            Value = Count.Constructions * 10;
        }

        internal static int Runs => Count.Constructions;
    }

    private static class Count
    {
        internal static int Constructions { get; set; }
    }

    private static class GenericStatic<T>
    {
        internal static readonly string Name = typeof(T) == typeof(int) ? "int" : "other";
    }

    private static class Holder
    {
        internal static readonly List<string> Names = new();
        internal static readonly string[] Table = new string[4];
        internal static readonly int[] Primes = [2, 3, 5, 7, 11];
    }

    private readonly struct DateStamp(int day) : IEquatable<DateStamp>
    {
        private readonly int _day = day;

        public bool Equals(DateStamp other) => _day == other._day;

        public override bool Equals(object? obj) => obj is DateStamp other && Equals(other);

        public override int GetHashCode() => _day;
    }

    private readonly record struct Point(int X, int Y);

    private sealed record Named(string Name, int Rank);

    [InlineArray(8)]
    private struct Eight
    {
        private int _first;
    }
}
