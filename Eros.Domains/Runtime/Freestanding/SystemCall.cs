// The seam of the run time in a domain's image: the system call is Invoke.xs, and there is one domain.

using System.Runtime;
using System.Runtime.CompilerServices;

namespace Eros.Domains.Runtime;

/// <summary>The system call.</summary>
public static unsafe class SystemCall
{
    /// <summary>Makes the invocation that the registers say; they hold what has come then.</summary>
    [RuntimeImport("*", "Domain_Invoke")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Invoke(ref MessageRegisters registers);

    /// <summary>The same, with registers of its own for what comes.</summary>
    [RuntimeImport("*", "Domain_Exchange")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Exchange(ref MessageRegisters received, ref MessageRegisters sent);

    /// <summary>A call without strings. Returns the result.</summary>
    [RuntimeImport("*", "Domain_CallWords")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern uint Call(
        uint order, ulong word1, ulong word2, ulong control, ulong word3, AnswerWords* answer);
}
