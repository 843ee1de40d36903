using System;
using System.Diagnostics;
using System.Runtime;

namespace Eros.Domains.Runtime.Unwinding;

/// <summary>Static constructors, for the core library.</summary>
[StackTraceHidden]
internal static unsafe class StaticConstruction
{
    /// <summary>What a constructor throws reaches whoever used the type first inside a
    /// <see cref="TypeInitializationException"/>.</summary>
    [RuntimeExport("ErosConstruct")]
    private static void Construct(nint constructor)
    {
        try
        {
            ((delegate*<void>)constructor)();
        }
        catch (Exception exception)
        {
            throw new TypeInitializationException("a static constructor failed", exception);
        }
    }
}
