// Entry: where a domain's process begins. The composition sets rip here, rsp to the top of the stack, rdi to the
// pages that the heap has; who starts a program that is to take
// another's place sets rsi to 1.

using System.Runtime;
using System.Runtime.CompilerServices;
using Eros.Domains.Runtime.Unwinding;

namespace Eros.Domains.Runtime;

internal static class Entry
{
    private static bool _isOpen;

    // The warden may start a domain again from here, with its memory as it is: the heap and the statics are there
    // already.
    [RuntimeExport("DomainEntry")]
    private static void Enter(int heapPages, int isSuccessor)
    {
        ExceptionFlight.Forget();
        Failure.Forget();
        if (!_isOpen)
        {
            _isOpen = true;
            ManagedMemory.Open(heapPages);
            Startup.Run();
            TraceText.Install();
            ManagedMemory.GrowFrom(heapPages);
        }

        Create().Run(isSuccessor != 0);
    }

    // Generated beside the domain's class.
    [RuntimeImport("*", "DomainCreate")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern Domain Create();
}
