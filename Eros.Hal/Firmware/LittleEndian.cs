// LittleEndian: fields of firmware tables, by byte offset, without alignment.
//
// What lies beyond the end of a table reads as zero: a short table is then one with nothing in it, never a fault.

using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eros.Hal.Firmware;

/// <summary>Reads little-endian fields; 0 where the bytes end before the field does.</summary>
public static class LittleEndian
{
    public static byte U8(this ReadOnlySpan<byte> bytes, int offset) => Read<byte>(bytes, offset);

    public static ushort U16(this ReadOnlySpan<byte> bytes, int offset) => Read<ushort>(bytes, offset);

    public static uint U32(this ReadOnlySpan<byte> bytes, int offset) => Read<uint>(bytes, offset);

    public static ulong U64(this ReadOnlySpan<byte> bytes, int offset) => Read<ulong>(bytes, offset);

    /// <summary>The part from <paramref name="offset"/>, at most <paramref name="length"/> bytes; empty beyond the
    /// end.</summary>
    public static ReadOnlySpan<byte> Part(this ReadOnlySpan<byte> bytes, int offset, int length)
    {
        if (offset < 0 || length <= 0 || offset >= bytes.Length)
        {
            return default;
        }

        int rest = bytes.Length - offset;
        return bytes.Slice(offset, length < rest ? length : rest);
    }

    private static T Read<T>(ReadOnlySpan<byte> bytes, int offset)
        where T : unmanaged
    {
        if (offset < 0 || bytes.Length - offset < Unsafe.SizeOf<T>())
        {
            return default;
        }

        return Unsafe.ReadUnaligned<T>(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), offset));
    }
}
