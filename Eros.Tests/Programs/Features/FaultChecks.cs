using System;
using System.Runtime.CompilerServices;
using Eros.Domains.Runtime;
using Eros.Tests.Programs;

namespace Features;

internal static class FaultChecks
{
    private const int Throws = 1000;

    private static int _finished;

    public static void Faults(Output o)
    {
        try
        {
            o.Say(LengthOf(null));
        }
        catch (NullReferenceException e)
        {
            o.Say(e.Message);
        }

        try
        {
            o.Say(Divide(7, 0));
        }
        catch (DivideByZeroException e)
        {
            o.Say(e.Message);
        }

        o.Say(Divide(7, 2) + LengthOf("abc"));
    }

    public static void FaultTrace(Output o)
    {
        try
        {
            Guarded(null);
        }
        catch (NullReferenceException e)
        {
            o.Say(e.StackTrace!);
            o.Say(_finished);
        }
    }

    public static void Trace(Output o)
    {
        try
        {
            Outer(1);
        }
        catch (InvalidOperationException e)
        {
            o.Say(e.ToString());
        }
    }

    /// <summary>Says the processor's time for a throw that its caller catches.</summary>
    public static void Cost(Output o)
    {
        ulong start = Timestamp.Read();
        int caught = 0;
        for (int i = 0; i < Throws; i++)
        {
            try
            {
                Inner(i);
            }
            catch (InvalidOperationException)
            {
                caught++;
            }
        }

        o.Say($"{(Timestamp.Read() - start) / Throws} cycles for each of {caught}");
    }

    public static void Uncaught() => Outer(2);

    private static void Guarded(string? text)
    {
        try
        {
            LengthOf(text);
        }
        finally
        {
            _finished++;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Outer(int n)
    {
        try
        {
            Inner(n);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException("outer", e); // outer
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Inner(int n)
    {
        if (n >= 0)
        {
            throw new InvalidOperationException("inner"); // inner
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LengthOf(string? text) => text!.Length; // length

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Divide(int a, int b) => a / b;
}
