// Exceptions: what catches, in which order things run, and what an exception tells.

using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Eros.Tests.Programs;

internal static class ExceptionChecks
{
    internal static void AddTo(List<Check> all)
    {
        all.Add(new Check("Catch_by_type_takes_the_first_that_fits", ByType));
        all.Add(new Check("Catch_looks_up_through_calls", ThroughCalls));
        all.Add(new Check("Finally_runs_inner_first_and_before_the_handler", FinallyOrder));
        all.Add(new Check("Filter_runs_before_any_finally", Filters));
        all.Add(new Check("Filter_that_throws_says_no", ThrowingFilter));
        all.Add(new Check("Rethrow_keeps_the_exception", Rethrow));
        all.Add(new Check("Throw_in_a_handler_replaces_the_exception", ThrowInHandler));
        all.Add(new Check("Throw_in_a_finally_replaces_the_exception", ThrowInFinally));
        all.Add(new Check("Nested_tries_are_told_apart", Nested));
        all.Add(new Check("Catch_in_a_finally_leaves_the_outer_exception_alone", CatchInFinally));
        all.Add(new Check("Locals_survive_a_catch", Locals));
        all.Add(new Check("Loop_of_throws_ends_where_it_began", Loop));
        all.Add(new Check("Exceptions_pass_lambdas_and_generics", LambdasAndGenerics));
        all.Add(new Check("Exceptions_pass_iterators", Iterators));
        all.Add(new Check("Using_disposes_on_a_throw", Using));
        all.Add(new Check("Failed_checks_are_exceptions", FailedChecks));
        all.Add(new Check("Exceptions_hold_message_and_inner", MessageAndInner));
        all.Add(new Check("Return_out_of_try_runs_finally", ReturnOutOfTry));
        all.Add(new Check("Deep_stacks_unwind", Deep));
        all.Add(new Check("Static_constructor_may_fail", StaticConstructor));
        all.Add(new Check("Catch_with_floating_point_and_wide_locals", WideLocals));
    }

    private static void ByType(Output o)
    {
        Exception[] thrown =
        [
            new ArgumentNullException("p"), new ArgumentException("bad"), new InvalidOperationException("now"),
            new Exception("any"),
        ];
        foreach (Exception e in thrown)
        {
            try
            {
                Throw(e);
                o.Say("not reached");
            }
            catch (ArgumentNullException)
            {
                o.Say("argument null");
            }
            catch (ArgumentException bad)
            {
                o.Say("argument: " + bad.Message);
            }
            catch (SystemException system)
            {
                o.Say("system: " + system.Message);
            }
            catch
            {
                o.Say("anything");
            }
        }
    }

    private static void ThroughCalls(Output o)
    {
        try
        {
            Middle(3, o);
        }
        catch (InvalidOperationException e)
        {
            o.Say(e.Message);
        }
    }

    private static int Middle(int depth, Output o)
    {
        try
        {
            int below = depth == 0 ? Throw(new InvalidOperationException("from below")) : Middle(depth - 1, o);
            return below + depth;
        }
        catch (ArgumentException)
        {
            o.Say("not this one");
            return 0;
        }
    }

    private static void FinallyOrder(Output o)
    {
        try
        {
            try
            {
                try
                {
                    o.Say("in");
                    Throw(new FormatException("f"));
                }
                finally
                {
                    o.Say("inner");
                }
            }
            finally
            {
                o.Say("outer");
            }
        }
        catch (FormatException)
        {
            o.Say("caught");
        }
        finally
        {
            o.Say("last");
        }
    }

    private static void Filters(Output o)
    {
        foreach (int wanted in new[] { 1, 2, 3 })
        {
            try
            {
                try
                {
                    Throw(new InvalidOperationException("f"));
                }
                finally
                {
                    o.Say("finally");
                }
            }
            catch (InvalidOperationException e) when (Says(o, $"first? {e.Message}", wanted == 1))
            {
                o.Say("first");
            }
            catch (InvalidOperationException) when (Says(o, "second?", wanted == 2))
            {
                o.Say("second");
            }
            catch (Exception)
            {
                o.Say("rest");
            }
        }
    }

    private static void ThrowingFilter(Output o)
    {
        try
        {
            Throw(new FormatException("first"));
        }
        catch (FormatException) when (Throw(new InvalidOperationException("in filter")) == 0)
        {
            o.Say("wrong");
        }
        catch (FormatException e)
        {
            o.Say(e.Message);
        }
    }

    private static void Rethrow(Output o)
    {
        try
        {
            try
            {
                Throw(new FormatException("again"));
            }
            catch (FormatException e)
            {
                o.Say("once " + e.Message);
                try
                {
                    Throw(new InvalidOperationException("other"));
                }
                catch (InvalidOperationException)
                {
                    o.Say("between");
                }

                throw;
            }
        }
        catch (Exception e)
        {
            o.Say("twice " + e.Message);
        }
    }

    private static void ThrowInHandler(Output o)
    {
        try
        {
            try
            {
                Throw(new FormatException("one"));
            }
            catch (FormatException e)
            {
                throw new InvalidOperationException("two", e);
            }
            finally
            {
                o.Say("finally");
            }
        }
        catch (InvalidOperationException e)
        {
            o.Say($"{e.Message} after {e.InnerException!.Message}");
        }
    }

    private static void ThrowInFinally(Output o)
    {
        try
        {
            try
            {
                try
                {
                    Throw(new FormatException("lost"));
                }
                finally
                {
                    o.Say("finally");
                    Throw(new InvalidOperationException("new"));
                }
            }
            finally
            {
                o.Say("outer finally");
            }
        }
        catch (FormatException)
        {
            o.Say("wrong");
        }
        catch (InvalidOperationException e)
        {
            o.Say(e.Message);
        }
    }

    private static void Nested(Output o)
    {
        for (int i = 0; i < 3; i++)
        {
            try
            {
                o.Say(i);
                try
                {
                    if (i == 0)
                    {
                        Throw(new FormatException("inner"));
                    }

                    try
                    {
                        Throw(i == 1 ? new FormatException("deep") : new ArgumentException("out"));
                    }
                    catch (InvalidOperationException)
                    {
                        o.Say("wrong");
                    }
                }
                catch (FormatException e)
                {
                    o.Say(e.Message);
                    Throw(new InvalidOperationException("from handler"));
                }
            }
            catch (InvalidOperationException e)
            {
                o.Say(e.Message);
            }
            catch (ArgumentException e)
            {
                o.Say("argument " + e.Message);
            }
        }
    }

    private static void CatchInFinally(Output o)
    {
        try
        {
            try
            {
                Throw(new FormatException("outer"));
            }
            finally
            {
                try
                {
                    Throw(new InvalidOperationException("inner"));
                }
                catch (InvalidOperationException e)
                {
                    o.Say(e.Message);
                }
            }
        }
        catch (FormatException e)
        {
            o.Say(e.Message);
        }
    }

    private static void Locals(Output o)
    {
        int a = Opaque(1);
        long b = Opaque(2L);
        string c = Opaque("three");
        int[] d = [4, Opaque(5)];
        try
        {
            a += 10;
            d[0] = a;
            Throw(new FormatException(c));
            a += 100;
        }
        catch (FormatException e)
        {
            b += a;
            c += e.Message;
        }

        o.Say($"{a} {b} {c} {d[0]} {d[1]}");
    }

    private static void Loop(Output o)
    {
        int caught = 0;
        int finals = 0;
        for (int i = 0; i < 5000; i++)
        {
            try
            {
                try
                {
                    Throw(i % 2 == 0 ? new FormatException("even") : new InvalidOperationException("odd"));
                }
                finally
                {
                    finals++;
                }
            }
            catch (FormatException)
            {
                caught++;
            }
            catch (InvalidOperationException) when (i % 3 == 0)
            {
                caught += 2;
            }
            catch (InvalidOperationException)
            {
                caught += 3;
            }
        }

        o.Say($"{caught} {finals}");
    }

    private static void LambdasAndGenerics(Output o)
    {
        int seen = 0;
        Action thrower = () =>
        {
            seen++;
            Throw(new FormatException("in lambda"));
        };
        o.Say(Try<FormatException>(thrower));
        o.Say(Try<InvalidOperationException>(() => Throw(new InvalidOperationException("generic"))));
        try
        {
            Try<ArgumentException>(thrower);
        }
        catch (FormatException e)
        {
            o.Say("passed " + e.Message);
        }

        o.Say(seen);
    }

    private static string Try<TException>(Action action)
        where TException : Exception
    {
        try
        {
            action();
            return "nothing";
        }
        catch (TException e)
        {
            return "caught " + e.Message;
        }
    }

    private static void Iterators(Output o)
    {
        try
        {
            foreach (int n in Numbers(o))
            {
                o.Say(n);
                if (n == 2)
                {
                    Throw(new FormatException("in the loop"));
                }
            }
        }
        catch (FormatException e)
        {
            o.Say(e.Message);
        }

        try
        {
            foreach (int n in Numbers(o))
            {
                o.Say(n);
            }
        }
        catch (InvalidOperationException e)
        {
            o.Say(e.Message);
        }
    }

    private static IEnumerable<int> Numbers(Output o)
    {
        try
        {
            yield return 1;
            yield return 2;
            Throw(new InvalidOperationException("in the iterator"));
            yield return 3;
        }
        finally
        {
            o.Say("iterator left");
        }
    }

    private static void Using(Output o)
    {
        try
        {
            using Scope outer = new("outer", o);
            using (new Scope("inner", o))
            {
                Throw(new FormatException("f"));
            }
        }
        catch (FormatException)
        {
            o.Say("caught");
        }
    }

    private static void FailedChecks(Output o)
    {
        o.Say(KindOf(() => Opaque(new int[2])[Opaque(2)] = 1));
        o.Say(KindOf(() => o.Say(checked(int.MaxValue + Opaque(1)))));
        o.Say(KindOf(() => o.Say((string)Opaque<object>(5))));
        o.Say(KindOf(() => o.Say((long)Opaque<object>(5))));
        o.Say(KindOf(() => Opaque<object[]>(new string[1])[0] = o));
        o.Say(KindOf(() => o.Say(int.Parse("one"))));
        o.Say(KindOf(() => o.Say("abc".Substring(Opaque(2), 2))));
        o.Say(KindOf(() => o.Say(new Dictionary<int, int>()[Opaque(1)])));
        o.Say(KindOf(() => o.Say(Opaque<int?>(null)!.Value)));
    }

    private static string KindOf(Action action)
    {
        try
        {
            action();
            return "nothing";
        }
        catch (IndexOutOfRangeException)
        {
            return "index";
        }
        catch (OverflowException)
        {
            return "overflow";
        }
        catch (InvalidCastException)
        {
            return "cast";
        }
        catch (ArrayTypeMismatchException)
        {
            return "array type";
        }
        catch (FormatException)
        {
            return "format";
        }
        catch (ArgumentOutOfRangeException)
        {
            return "argument";
        }
        catch (KeyNotFoundException)
        {
            return "key";
        }
        catch (InvalidOperationException)
        {
            return "operation";
        }
        catch (TypeInitializationException)
        {
            return "type";
        }
    }

    private static void MessageAndInner(Output o)
    {
        Own own = new("own", 7) { };
        try
        {
            Throw(new InvalidOperationException("outer", own));
        }
        catch (InvalidOperationException e) when (e.InnerException is Own { Number: 7 } inner)
        {
            o.Say($"{e.Message} {inner.Message} {inner.Number} {e.StackTrace is not null} {inner.StackTrace is null}");
            o.Say(ReferenceEquals(e.GetBaseException(), own));
        }
    }

    private static void ReturnOutOfTry(Output o)
    {
        o.Say(Returns(o, false));
        try
        {
            o.Say(Returns(o, true));
        }
        catch (FormatException)
        {
            o.Say("caught");
        }
    }

    private static int Returns(Output o, bool throws)
    {
        try
        {
            if (throws)
            {
                Throw(new FormatException("r"));
            }

            return 5;
        }
        finally
        {
            o.Say("finally");
        }
    }

    private static void Deep(Output o)
    {
        try
        {
            o.Say(Dive(200, o));
        }
        catch (FormatException e)
        {
            o.Say(e.Message);
        }
    }

    private static int Dive(int depth, Output o)
    {
        Span<int> room = stackalloc int[depth + 1];
        room[depth] = depth;
        try
        {
            return depth == 0 ? Throw(new FormatException("bottom")) : Dive(depth - 1, o) + room[depth];
        }
        finally
        {
            if (depth % 50 == 0)
            {
                o.Say(room[depth]);
            }
        }
    }

    private static void StaticConstructor(Output o)
    {
        try
        {
            o.Say(Fails.Value);
        }
        catch (TypeInitializationException e)
        {
            o.Say(e.InnerException!.Message);
            o.Say(KindOf(() => o.Say(Fails.Value)));
        }
    }

    private static void WideLocals(Output o)
    {
        double x = Opaque(1.5);
        Guid4 wide = new() { A = 1, B = 2, C = 3, D = Opaque(4L) };
        try
        {
            x *= 2;
            wide.A = 10;
            Throw(new FormatException("w"));
        }
        catch (FormatException)
        {
            x += 1;
            wide.B += wide.D;
        }

        o.Say(((int)(x * 10)) + (int)(wide.A + wide.B + wide.C + wide.D));
    }

    private static bool Says(Output o, string text, bool answer)
    {
        o.Say(text);
        return answer;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Throw(Exception e) => throw e;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T Opaque<T>(T value) => value;

    private static class Fails
    {
        internal static readonly int Value;

        static Fails()
        {
            Value = Throw(new FormatException("no statics today"));
        }
    }

    private struct Guid4
    {
        internal long A;
        internal long B;
        internal long C;
        internal long D;
    }

    private readonly struct Scope(string name, Output output) : IDisposable
    {
        public void Dispose() => output.Say("end " + name);
    }

    private sealed class Own(string message, int number) : Exception(message)
    {
        internal int Number { get; } = number;
    }
}
