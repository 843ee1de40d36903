// ExceptionFlight: an exception on its way from where it was thrown to where it is caught.
//
// It is looked at twice from the throw outwards. The first time nothing changes: filters run, and the frame is found
// whose handler takes it. If there is none, the program ends with everything still in its place. The second time each
// frame's finally runs, and then the handler; where that says, the function goes on.
//
// Handlers are code of their own ("funclets") that work on the frame of the function that they are part of, while the
// frames below still exist: their stack lies below all of them. So a handler may throw, and that second flight meets
// the first one's CallFunclet. From there on it goes on in the frame that the handler belongs to, behind the clause
// that was being obeyed; the first flight is over then.
//
// Invariants: _current is the innermost flight; each lies on the stack, in Fly's frame, and an outer one higher up. A
// flight's At and Clause are those of the handler that runs for it.
//
// Safety: the frames that are walked are those of this very stack, below the caller that is left last.

using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Eros.Domains.Runtime.Unwinding;

[StackTraceHidden]
internal static unsafe class ExceptionFlight
{
    // Where CallFunclet's stack has what it saved, from its return address on (Unwind.xs).
    private const int SavedBytes = 56;

    // The kernel's code of the fault; any other is a null reference.
    private const ulong DivideFault = 16;

    private static Flight* _current;

    /// <summary>No exception is in flight: the program begins, perhaps anew.</summary>
    public static void Forget() => _current = null;

    [RuntimeExport("Unwind_BeginThrow")]
    private static void BeginThrow(Exception? thrown, CodeFrame* frame)
    {
        Exception exception = thrown ?? new NullReferenceException();
        ExceptionTrace.Clear(exception);
        Fly(exception, frame);
    }

    [RuntimeExport("Unwind_BeginRethrow")]
    private static void BeginRethrow(CodeFrame* frame) => Fly(At(_current->Exception), frame);

    [RuntimeExport("Unwind_BeginFault")]
    private static void BeginFault(ulong code, CodeFrame* frame) => BeginThrow(
        code == DivideFault ? new DivideByZeroException() : new NullReferenceException(), frame);

    private static void Fly(Exception exception, CodeFrame* thrown)
    {
        Flight flight = default;
        flight.Outer = _current;
        flight.Exception = Unsafe.As<Exception, nint>(ref exception);
        _current = &flight;
        CodeFrame target = *thrown;
        int clause = FindHandler(exception, &flight, ref target);
        if (clause < 0)
        {
            Uncaught(exception);
        }

        RunFinallys(&flight, *thrown, target, clause);
        nint resume = Call(&flight, target, clause, flight.Exception);

        // Also flights that this one has overtaken in their handlers.
        while (_current != null && (ulong)_current < target.Rsp)
        {
            _current = _current->Outer;
        }

        Resume(&target, resume);
    }

    // The clause that takes the exception, and its frame; negative: none.
    private static int FindHandler(Exception exception, Flight* flight, ref CodeFrame frame)
    {
        ProgramTables tables = OwnTables.Get();
        Flight* outer = flight->Outer;
        int first = 0;
        while (true)
        {
            int function = tables.Find(frame.Rip - 1);
            if (function < 0)
            {
                if (!PassFunclet(ref frame, ref outer, ref first))
                {
                    return -1;
                }

                continue;
            }

            if (first == 0 && !tables.IsHidden(function))
            {
                ExceptionTrace.Add(exception, (nint)frame.Rip);
            }

            ReadOnlySpan<HandlerClause> clauses = tables.ClausesOf(function);
            for (int i = first; i < clauses.Length; i++)
            {
                if (clauses[i].Covers(PlaceOf(frame)) && Takes(clauses[i], exception, flight, frame))
                {
                    return i;
                }
            }

            first = 0;
            tables.Unwind(function, ref frame, default(OwnStack));
        }
    }

    private static bool Takes(in HandlerClause clause, Exception exception, Flight* flight, in CodeFrame frame)
    {
        if (clause.Filter == 0)
        {
            return clause.Type != 0 && IsOf(flight->Exception, OwnTables.Base + (nint)clause.Type);
        }

        CodeFrame at = frame;
        try
        {
            return CallFunclet(flight->Exception, OwnTables.Base + (nint)clause.Filter, &at, 1) != 0;
        }
        catch (Exception)
        {
            // As C# has it: a filter that throws says no.
            return false;
        }
    }

    private static void RunFinallys(Flight* flight, CodeFrame frame, in CodeFrame target, int targetClause)
    {
        ProgramTables tables = OwnTables.Get();
        Flight* outer = flight->Outer;
        int first = 0;
        while (true)
        {
            int function = tables.Find(frame.Rip - 1);
            if (function < 0)
            {
                PassFunclet(ref frame, ref outer, ref first);
                continue;
            }

            bool isTarget = frame.Rsp == target.Rsp && frame.Rip == target.Rip;
            ReadOnlySpan<HandlerClause> clauses = tables.ClausesOf(function);
            int end = isTarget ? targetClause : clauses.Length;
            for (int i = first; i < end; i++)
            {
                if (clauses[i].IsFinally && clauses[i].Covers(PlaceOf(frame)))
                {
                    Call(flight, frame, i, 0);
                }
            }

            if (isTarget)
            {
                return;
            }

            first = 0;
            tables.Unwind(function, ref frame, default(OwnStack));
        }
    }

    // Runs a handler for a flight. Returns where the function goes on, if it is one that catches.
    private static nint Call(Flight* flight, in CodeFrame frame, int clause, nint exception)
    {
        ProgramTables tables = OwnTables.Get();
        flight->At = frame;
        flight->Clause = clause;
        HandlerClause handler = tables.ClausesOf(tables.Find(frame.Rip - 1))[clause];
        return CallFunclet(exception, OwnTables.Base + (nint)handler.Handler, &flight->At, 0);
    }

    // A frame that no table describes: CallFunclet's, or the end of the stack.
    private static bool PassFunclet(ref CodeFrame frame, ref Flight* outer, ref int first)
    {
        if (frame.Rip != OwnTables.FuncletReturn)
        {
            return false;
        }

        ulong* saved = (ulong*)frame.Rsp;
        if (saved[0] == 0)
        {
            frame = outer->At;
            first = OwnTables.Get().ClausesOf(OwnTables.Get().Find(frame.Rip - 1))[outer->Clause].NextTry;
            outer = outer->Outer;
            return true;
        }

        // A filter's exception is caught by who called it.
        frame.R15 = saved[1];
        frame.R14 = saved[2];
        frame.R13 = saved[3];
        frame.R12 = saved[4];
        frame.Rbp = saved[5];
        frame.Rbx = saved[6];
        frame.Rip = saved[7];
        frame.Rsp += SavedBytes + sizeof(ulong);
        first = 0;
        return true;
    }

    private static uint PlaceOf(in CodeFrame frame) => (uint)(frame.Rip - 1 - (ulong)OwnTables.Base);

    // Up the base classes, which MethodTables have at offset 8.
    private static bool IsOf(nint thing, nint type)
    {
        for (nint current = *(nint*)thing; current != 0; current = *(nint*)(current + 8))
        {
            if (current == type)
            {
                return true;
            }
        }

        return false;
    }

    private static Exception At(nint address) => Unsafe.As<nint, Exception>(ref address);

    [RuntimeImport("*", "ErosUncaught")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    [DoesNotReturn]
    private static extern void Uncaught(Exception exception);

    [RuntimeImport("*", "Unwind_CallFunclet")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern nint CallFunclet(nint exception, nint code, CodeFrame* frame, nint isFilter);

    [RuntimeImport("*", "Unwind_Resume")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    [DoesNotReturn]
    private static extern void Resume(CodeFrame* frame, nint code);

    private struct Flight
    {
        public Flight* Outer;

        // The exception's address: it lies on the stack here, where the collector looks.
        public nint Exception;
        public CodeFrame At;
        public int Clause;
    }
}
