using System;

namespace Eros.Domains.Runtime.Memory;

/// <summary>
/// The sizes in which small blocks come: multiples of 16 bytes of which a page holds many with little left over.
/// </summary>
internal static class SizeClasses
{
    /// <summary>Number of classes.</summary>
    public const int Count = 20;

    /// <summary>Largest small block, bytes; larger ones have pages of their own.</summary>
    public const int Largest = 2000;

    private static ReadOnlySpan<ushort> Sizes =>
        [32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 800, 992, 1328, Largest];

    /// <summary>Bytes of a block of a class.</summary>
    public static int SizeOf(int index) => Sizes[index];

    /// <summary>The class of the smallest blocks that hold so many bytes, at most <see cref="Largest"/>.</summary>
    public static int For(nuint bytes)
    {
        int index = 0;
        while (Sizes[index] < bytes)
        {
            index++;
        }

        return index;
    }
}
