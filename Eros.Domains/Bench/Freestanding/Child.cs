using System.Runtime;
using System.Runtime.CompilerServices;

namespace Eros.Domains.Bench;

/// <summary>Addresses in Child.xs, in the text that new processes share.</summary>
internal static unsafe class Child
{
    /// <summary>Answers one message.</summary>
    public static ulong Answer => (ulong)(delegate*<void>)&AnswerEntry;

    /// <summary>Answers each message with the time-stamp counter before and after an undefined instruction.</summary>
    public static ulong Fault => (ulong)(delegate*<void>)&FaultEntry;

    /// <summary>Sleeps by the capability in register 1, rbp times, and stores at rbx until when and at which reading of
    /// the time-stamp counter it ran again.</summary>
    public static ulong Wake => (ulong)(delegate*<void>)&WakeEntry;

    /// <summary>Told an address and a number of pages, stores into so many from there on, asks for a checkpoint by the
    /// capability in register 1 before anybody less urgent runs, and answers with its generation.</summary>
    public static ulong Dirty => (ulong)(delegate*<void>)&DirtyEntry;

    /// <summary>Sleeps by the capability in register 1 until the nanosecond in rsi.</summary>
    public static ulong Sleep => (ulong)(delegate*<void>)&SleepEntry;

    /// <summary>Does nothing for ever.</summary>
    public static ulong Rest => (ulong)(delegate*<void>)&RestEntry;

    // Only their addresses are taken.
    [RuntimeImport("*", "Bench_Answer")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void AnswerEntry();

    [RuntimeImport("*", "Bench_Fault")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void FaultEntry();

    [RuntimeImport("*", "Bench_Wake")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void WakeEntry();

    [RuntimeImport("*", "Bench_Dirty")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void DirtyEntry();

    [RuntimeImport("*", "Bench_Sleep")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void SleepEntry();

    [RuntimeImport("*", "Bench_Rest")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void RestEntry();
}
