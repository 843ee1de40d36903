using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Eros.Domains.Runtime.Unwinding;

/// <summary>The tables of the image that is running.</summary>
internal static unsafe class OwnTables
{
    /// <summary>Where the image begins.</summary>
    public static nint Base => (nint)Get().Base;

    /// <summary>Where a handler returns to.</summary>
    public static ulong FuncletReturn => (ulong)(delegate*<void>)&CallFuncletReturned;

    public static ProgramTables Get() => At((byte*)(delegate*<void>)&Start);

    // A method of its own: what it reads where its address is taken, the compiler takes for code.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ProgramTables At(byte* start)
    {
        int bytes = ProgramTables.SizeOf(new ReadOnlySpan<byte>(start, ProgramTables.HeaderBytes));
        return new ProgramTables(new ReadOnlySpan<byte>(start, bytes));
    }

    // Symbols, not functions: only their addresses are taken.
    [RuntimeImport("*", "ProgramTables")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Start();

    [RuntimeImport("*", "Unwind_CallFunclet_Returned")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void CallFuncletReturned();
}

/// <summary>The own space. Safety: the own stack is mapped as far as frames reach.</summary>
internal readonly unsafe struct OwnStack : IStackMemory
{
    public bool TryRead(ulong address, ref ulong word)
    {
        word = *(ulong*)address;
        return true;
    }
}
