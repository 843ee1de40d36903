// What a broken invariant is in the kernel.

using System;
using System.Diagnostics.CodeAnalysis;
using Eros.Hal.X64;

namespace Eros.Persistence.Base;

/// <summary>The machine's last line; nothing more is written to the disk.</summary>
public static class Epitaph
{
    /// <summary>Says what is broken and the value that was found, then stops for ever. The throw at its end is how the
    /// compiler knows: no caller keeps anything over a call.</summary>
    [DoesNotReturn]
    public static void Write(ReadOnlySpan<byte> epitaph, ulong detail)
    {
        LastWords.Halt(epitaph, detail);
        throw null!;
    }
}
