// Fail: the end of the line for bugs of ours.
//
// Two kinds of failure exist in Eros. What a user or a disk can cause is an Outcome, handled where it occurs. What only
// a bug of the kernel can cause ends here: the machine stops before anything more is written, with an epitaph.
// On the host the same call throws, so that a test sees it.

using System;
using System.Diagnostics.CodeAnalysis;

namespace Eros.Persistence.Base;

/// <summary>Who ends the machine: the kernel image's epitaph writer, or on the host an exception for the test
/// runner.</summary>
public abstract class FailHandler
{
    /// <summary>Stops the machine; <paramref name="epitaph"/> is one line of ASCII without a full stop.</summary>
    [DoesNotReturn]
    public abstract void Stop(ReadOnlySpan<byte> epitaph, ulong detail);
}

/// <summary>Stops the machine on a broken invariant. Never used for bad input.</summary>
public sealed class Fail(FailHandler handler)
{
    private readonly FailHandler _handler = handler;

    /// <summary>Stops; <paramref name="detail"/> is the value that was found.</summary>
    [DoesNotReturn]
    public void Stop(ReadOnlySpan<byte> epitaph, ulong detail = 0) => _handler.Stop(epitaph, detail);

    /// <summary>Stops unless <paramref name="condition"/> holds. Stays on in release: it is how a checkpoint is
    /// kept sane.</summary>
    public void Unless([DoesNotReturnIf(false)] bool condition, ReadOnlySpan<byte> epitaph, ulong detail = 0)
    {
        if (!condition)
        {
            _handler.Stop(epitaph, detail);
        }
    }
}
