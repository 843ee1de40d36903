// Integers in a stated byte order. The target is little-endian, so those are plain loads and stores.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System.Buffers.Binary;

/// <summary>A span that is too short ends in the host's ErosFail (ArgumentOutOfRange).</summary>
public static class BinaryPrimitives
{
    [Intrinsic]
    public static ushort ReverseEndianness(ushort value) => (ushort)((value << 8) | (value >> 8));

    [Intrinsic]
    public static short ReverseEndianness(short value) => (short)ReverseEndianness((ushort)value);

    [Intrinsic]
    public static uint ReverseEndianness(uint value) =>
        ((uint)ReverseEndianness((ushort)value) << 16) | ReverseEndianness((ushort)(value >> 16));

    [Intrinsic]
    public static int ReverseEndianness(int value) => (int)ReverseEndianness((uint)value);

    [Intrinsic]
    public static ulong ReverseEndianness(ulong value) =>
        ((ulong)ReverseEndianness((uint)value) << 32) | ReverseEndianness((uint)(value >> 32));

    [Intrinsic]
    public static long ReverseEndianness(long value) => (long)ReverseEndianness((ulong)value);

    public static short ReadInt16LittleEndian(ReadOnlySpan<byte> source) =>
        MemoryMarshal.Read<short>(source);

    public static void WriteInt16LittleEndian(Span<byte> destination, short value) =>
        MemoryMarshal.Write(destination, value);

    public static ushort ReadUInt16LittleEndian(ReadOnlySpan<byte> source) =>
        MemoryMarshal.Read<ushort>(source);

    public static void WriteUInt16LittleEndian(Span<byte> destination, ushort value) =>
        MemoryMarshal.Write(destination, value);

    public static int ReadInt32LittleEndian(ReadOnlySpan<byte> source) =>
        MemoryMarshal.Read<int>(source);

    public static void WriteInt32LittleEndian(Span<byte> destination, int value) =>
        MemoryMarshal.Write(destination, value);

    public static uint ReadUInt32LittleEndian(ReadOnlySpan<byte> source) =>
        MemoryMarshal.Read<uint>(source);

    public static void WriteUInt32LittleEndian(Span<byte> destination, uint value) =>
        MemoryMarshal.Write(destination, value);

    public static long ReadInt64LittleEndian(ReadOnlySpan<byte> source) =>
        MemoryMarshal.Read<long>(source);

    public static void WriteInt64LittleEndian(Span<byte> destination, long value) =>
        MemoryMarshal.Write(destination, value);

    public static ulong ReadUInt64LittleEndian(ReadOnlySpan<byte> source) =>
        MemoryMarshal.Read<ulong>(source);

    public static void WriteUInt64LittleEndian(Span<byte> destination, ulong value) =>
        MemoryMarshal.Write(destination, value);

    public static short ReadInt16BigEndian(ReadOnlySpan<byte> source) =>
        ReverseEndianness(MemoryMarshal.Read<short>(source));

    public static void WriteInt16BigEndian(Span<byte> destination, short value) =>
        MemoryMarshal.Write(destination, ReverseEndianness(value));

    public static ushort ReadUInt16BigEndian(ReadOnlySpan<byte> source) =>
        ReverseEndianness(MemoryMarshal.Read<ushort>(source));

    public static void WriteUInt16BigEndian(Span<byte> destination, ushort value) =>
        MemoryMarshal.Write(destination, ReverseEndianness(value));

    public static int ReadInt32BigEndian(ReadOnlySpan<byte> source) =>
        ReverseEndianness(MemoryMarshal.Read<int>(source));

    public static void WriteInt32BigEndian(Span<byte> destination, int value) =>
        MemoryMarshal.Write(destination, ReverseEndianness(value));

    public static uint ReadUInt32BigEndian(ReadOnlySpan<byte> source) =>
        ReverseEndianness(MemoryMarshal.Read<uint>(source));

    public static void WriteUInt32BigEndian(Span<byte> destination, uint value) =>
        MemoryMarshal.Write(destination, ReverseEndianness(value));

    public static long ReadInt64BigEndian(ReadOnlySpan<byte> source) =>
        ReverseEndianness(MemoryMarshal.Read<long>(source));

    public static void WriteInt64BigEndian(Span<byte> destination, long value) =>
        MemoryMarshal.Write(destination, ReverseEndianness(value));

    public static ulong ReadUInt64BigEndian(ReadOnlySpan<byte> source) =>
        ReverseEndianness(MemoryMarshal.Read<ulong>(source));

    public static void WriteUInt64BigEndian(Span<byte> destination, ulong value) =>
        MemoryMarshal.Write(destination, ReverseEndianness(value));
}
