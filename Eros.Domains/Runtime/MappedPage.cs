using System;

namespace Eros.Domains.Runtime;

/// <summary>A page of the domain's own space that the composition has put there, perhaps read-only.</summary>
public readonly unsafe struct MappedPage
{
    /// <summary>Bytes of a page.</summary>
    public const int SizeInBytes = 4096;

    private readonly byte* _address;

    private MappedPage(byte* address) => _address = address;

    /// <summary>The page's first byte.</summary>
    public byte* Address => _address;

    public Span<byte> Bytes => new(_address, SizeInBytes);

    /// <summary>The domain's n-th window.</summary>
    public static MappedPage Window(int index) =>
        new(OwnMemory.At(SpaceLayout.Windows + (ulong)index * SizeInBytes));
}
