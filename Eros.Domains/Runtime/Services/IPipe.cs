using System;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Runtime;

/// <summary>Sizes of pipes.</summary>
public static class PipeLimits
{
    /// <summary>Bytes between the ends.</summary>
    public const int Capacity = 4096;
}

/// <summary>Bytes in one end, out of the other, in order; so many at most are on the way.</summary>
public interface IPipe : ICapability
{
    /// <summary>The ends. Whoever has the pipe can have them again and again; they are the same ends.</summary>
    [Order(1)]
    Result Open(out IPipeReader reader, out IPipeWriter writer);
}

/// <summary>The end that bytes come out of.</summary>
[MaxString(PipeLimits.Capacity)]
public interface IPipeReader : ICapability
{
    /// <summary>
    /// Waits for bytes, and takes as many as there are, at most <paramref name="limit"/>, since the pipe cannot see for
    /// how many its caller has room. None at all: the writer has closed. Busy while another reader waits, BadArgument
    /// for a limit of 0.
    /// </summary>
    [Order(1)]
    Result Read(uint limit, Span<byte> bytes, out int length);
}

/// <summary>The end that bytes go into.</summary>
public interface IPipeWriter : ICapability
{
    /// <summary>
    /// Puts all the bytes in, at most <see cref="PipeLimits.Capacity"/>, as soon as there is room for them. BadArgument
    /// for more, and after the end; Busy while another writer waits.
    /// </summary>
    [Order(1)]
    Result Write(ReadOnlySpan<byte> bytes);

    /// <summary>No more bytes come; what is in the pipe can still be read.</summary>
    [Order(2)]
    Result Close();
}

/// <summary>What makes pipes easy to use.</summary>
public static class Pipes
{
    /// <summary>Reads as many bytes as there are and fit.</summary>
    public static Result Read(this IPipeReader reader, Span<byte> bytes, out int length) =>
        reader.Read((uint)bytes.Length, bytes, out length);
}
