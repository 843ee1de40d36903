using System;

namespace Eros.Tests.Reading;

/// <summary>A disk that is only read.</summary>
public abstract class DiskView
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 4096;

    /// <summary>Blocks of the disk, which may be more than those of the volume.</summary>
    public abstract ulong BlockCount { get; }

    /// <summary>
    /// The 4096 bytes of a block below <see cref="BlockCount"/>, good until the next call; false when the disk cannot
    /// read it.
    /// </summary>
    public abstract bool TryRead(ulong block, out ReadOnlySpan<byte> bytes);
}
