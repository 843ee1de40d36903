// Bodies that nobody catches the exceptions of. They exist in the probe only: .NET would end the tests.

using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Eros.Tests.Programs;

internal static class Failures
{
    internal static void AddTo(List<Check> all)
    {
        all.Add(new Check("fail:index", o => o.Say(Opaque(new int[2])[2])));
        all.Add(new Check("fail:span-index", o => o.Say("ab".AsSpan()[Opaque(-1)])));
        all.Add(new Check("fail:slice", o => o.Say("ab".AsSpan(Opaque(3)).Length)));
        all.Add(new Check("fail:substring", o => o.Say("abc".Substring(Opaque(2), 2))));
        all.Add(new Check("fail:overflow", o => o.Say(checked(int.MaxValue + Opaque(1)))));
        all.Add(new Check("fail:array-length", o => o.Say(new byte[Opaque(-1)].Length)));
        all.Add(new Check("fail:cast", o => o.Say((string)Opaque<object>(5))));
        all.Add(new Check("fail:unbox", o => o.Say((long)Opaque<object>(5))));
        all.Add(new Check("fail:array-store", o => Opaque<object[]>(new string[1])[0] = o));
        all.Add(new Check("fail:interface-cast", o => ((IDisposable)Opaque<object>(o)).Dispose()));
        all.Add(new Check("fail:nullable", o => o.Say(Opaque<int?>(null)!.Value)));
        all.Add(new Check("fail:throw", _ => throw new InvalidOperationException("out of paper")));
        all.Add(new Check("fail:parse", o => o.Say(int.Parse("one"))));
        all.Add(new Check("fail:key", o => o.Say(new Dictionary<int, int>()[Opaque(1)])));
        all.Add(new Check("fail:changed-list", ChangedList));
        all.Add(new Check("fail:double-to-int", o => o.Say(checked((int)Opaque(1e10)))));
        all.Add(new Check("fail:deep", _ => Outer(2)));
        all.Add(new Check("fail:copy", o => "long".AsSpan().CopyTo(new char[Opaque(3)])));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Outer(int n)
    {
        int here = Opaque(n);
        int below = Middle(here + 1); // outer
        return below + here;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Middle(int n)
    {
        try
        {
            return Inner(n) + 1; // middle
        }
        finally
        {
            Opaque(n);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Inner(int n)
    {
        if (n < Opaque(100))
        {
            throw new InvalidOperationException("deep"); // inner
        }

        return n;
    }

    private static void ChangedList(Output o)
    {
        List<int> list = [1, 2];
        foreach (int n in list)
        {
            list.Add(n);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T Opaque<T>(T value) => value;
}
