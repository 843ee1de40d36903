using System;
using Eros.Tests.Reading;

namespace Eros.Tests.Crash;

/// <summary>An image as the second reader sees it.</summary>
public sealed class LayeredView(LayeredImage image, Predicate<(ulong Block, bool IsWrite)>? fails = null) : DiskView
{
    private readonly LayeredImage _image = image;
    private readonly Predicate<(ulong Block, bool IsWrite)>? _fails = fails;

    public override ulong BlockCount => (ulong)_image.BlockCount;

    public override bool TryRead(ulong block, out ReadOnlySpan<byte> bytes)
    {
        bytes = _image.Read((int)block);
        return _fails == null || !_fails((block, false));
    }
}
