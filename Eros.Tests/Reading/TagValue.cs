namespace Eros.Tests.Reading;

/// <summary>What the volume knows of a home frame without reading it.</summary>
internal readonly record struct TagValue(uint Version, uint Crc, byte Kind, byte Flags)
{
    /// <summary>The tag says all; there is no image.</summary>
    public bool IsNull => (Flags & 1) != 0;

    /// <summary>It stays in memory.</summary>
    public bool IsPinned => (Flags & 2) != 0;
}
