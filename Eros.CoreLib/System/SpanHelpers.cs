// Copying and clearing of memory. The compiler calls Memmove, Fill and ClearWithoutReferences by name for anything
// above some 64 bytes; below it copies inline through vector registers. Nothing here uses vector registers.

using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

internal static unsafe class SpanHelpers
{
    /// <summary>Copies bytes; the ranges may overlap.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Memmove(ref byte destination, ref byte source, nuint length)
    {
        byte* to = (byte*)Unsafe.AsPointer(ref destination);
        byte* from = (byte*)Unsafe.AsPointer(ref source);
        if ((nuint)(to - from) >= length)
        {
            CopyForward(to, from, length);
        }
        else
        {
            CopyBackward(to, from, length);
        }
    }

    internal static void ClearWithoutReferences(ref byte destination, nuint length) => Fill(ref destination, 0, length);

    internal static void Fill(ref byte destination, byte value, nuint length) =>
        Fill((byte*)Unsafe.AsPointer(ref destination), value * 0x0101_0101_0101_0101ul, length);

    internal static void Copy<T>(ref T destination, ref T source, int count) =>
        Memmove(
            ref Unsafe.As<T, byte>(ref destination),
            ref Unsafe.As<T, byte>(ref source),
            (uint)count * (nuint)(uint)Unsafe.SizeOf<T>());

    internal static void Clear<T>(ref T destination, int count) =>
        ClearWithoutReferences(ref Unsafe.As<T, byte>(ref destination), (uint)count * (nuint)(uint)Unsafe.SizeOf<T>());

    internal static bool SequenceEqual(ref byte left, ref byte right, nuint length)
    {
        byte* first = (byte*)Unsafe.AsPointer(ref left);
        byte* second = (byte*)Unsafe.AsPointer(ref right);
        for (; length >= sizeof(ulong); length -= sizeof(ulong), first += sizeof(ulong), second += sizeof(ulong))
        {
            if (*(ulong*)first != *(ulong*)second)
            {
                return false;
            }
        }

        for (; length != 0; length--)
        {
            if (*first++ != *second++)
            {
                return false;
            }
        }

        return true;
    }

    private static void CopyBackward(byte* to, byte* from, nuint length)
    {
        to += length;
        from += length;
        for (; length >= sizeof(ulong); length -= sizeof(ulong))
        {
            to -= sizeof(ulong);
            from -= sizeof(ulong);
            *(ulong*)to = *(ulong*)from;
        }

        for (; length != 0; length--)
        {
            *--to = *--from;
        }
    }

    [RuntimeImport("*", "Memory_CopyForward")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void CopyForward(byte* to, byte* from, nuint length);

    [RuntimeImport("*", "Memory_Fill")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Fill(byte* to, ulong pattern, nuint length);
}
