using System.Runtime;
using System.Runtime.CompilerServices;

namespace Eros.Domains.Bench;

internal static unsafe class Child
{
    /// <summary>The address of Child.xs, in the text that the new process shares.</summary>
    public static ulong Entry => (ulong)(delegate*<void>)&Start;

    // Only its address is taken.
    [RuntimeImport("*", "Bench_Child")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Start();
}
