// Fail: the end of the line for bugs of ours.
//
// Two kinds of failure exist in Eros. What a user or a disk can cause is an Outcome, handled where it occurs. What only
// a bug of the kernel can cause ends here: the machine stops before anything more is written, with an epitaph. The
// kernel's Epitaph (Eros.Hal/Image) tells it and halts; the host's (Host) throws, so that a test sees it.

using System;
using System.Diagnostics.CodeAnalysis;

namespace Eros.Persistence.Base;

/// <summary>Stops the machine on a broken invariant. Never used for bad input.</summary>
public static class Fail
{
    /// <summary>Stops unless <paramref name="condition"/> holds. Stays on in release: it is how a checkpoint is
    /// kept sane.</summary>
    /// <param name="condition">The invariant.</param>
    /// <param name="epitaph">What is broken: one line of ASCII without a full stop.</param>
    /// <param name="detail">The value that was found.</param>
    public static void Unless(
        [DoesNotReturnIf(false)] bool condition, ReadOnlySpan<byte> epitaph, ulong detail = 0)
    {
        if (!condition)
        {
            Epitaph.Write(epitaph, detail);
        }
    }
}
