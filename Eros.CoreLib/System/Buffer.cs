using System.Runtime.CompilerServices;

namespace System;

public static unsafe class Buffer
{
    /// <summary>Copies bytes between addresses; the ranges may overlap.</summary>
    public static void MemoryCopy(void* source, void* destination, nuint byteCount) =>
        SpanHelpers.Memmove(ref *(byte*)destination, ref *(byte*)source, byteCount);

    // The compiler calls this by name for structs that hold references.
    internal static void BulkMoveWithWriteBarrier(ref byte destination, ref byte source, nuint byteCount) =>
        SpanHelpers.Memmove(ref destination, ref source, byteCount);
}
