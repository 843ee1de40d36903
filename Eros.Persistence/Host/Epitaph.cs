// What a broken invariant is on the host. Not part of the kernel, which has an Epitaph of its own.

using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Eros.Persistence.Base;

/// <summary>Throws where the kernel would stop the machine.</summary>
public static class Epitaph
{
    /// <exception cref="InvariantException">Always.</exception>
    [DoesNotReturn]
    public static void Write(ReadOnlySpan<byte> epitaph, ulong detail) =>
        throw new InvariantException(Encoding.ASCII.GetString(epitaph), detail);
}

/// <summary>A broken invariant, where the kernel would stop the machine.</summary>
public sealed class InvariantException(string epitaph, ulong detail) : Exception($"{epitaph} ({detail:x})")
{
    /// <summary>The kernel's one line.</summary>
    public string Epitaph { get; } = epitaph;
}
