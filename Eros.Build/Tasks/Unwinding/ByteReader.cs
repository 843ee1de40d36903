using System;
using System.Buffers.Binary;

namespace Eros.Build.Tasks.Unwinding;

/// <summary>Reads the encodings of DWARF, and those of ILC, from front to back.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, int at)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    internal int At { get; set; } = at;

    internal readonly bool IsAtEnd => At >= _bytes.Length;

    internal byte U8() => _bytes[At++];

    internal ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    internal uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    internal int I32() => (int)U32();

    /// <summary>The place that 32 bits name, which count from themselves.</summary>
    internal int Relative()
    {
        int at = At;
        return at + I32();
    }

    internal ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Seven bits a byte, the low ones first (DWARF 4, section 7.6).</summary>
    internal ulong Unsigned()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = U8();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>The same with the sign in the last byte.</summary>
    internal long Signed()
    {
        long value = 0;
        int shift = 0;
        byte next;
        do
        {
            next = U8();
            value |= (long)(next & 0x7F) << shift;
            shift += 7;
        }
        while (next >= 0x80);

        return shift < 64 && (next & 0x40) != 0 ? value | (-1L << shift) : value;
    }

    /// <summary>ILC's numbers: the count of low ones tells how many bytes follow, at most four.</summary>
    internal uint IlcUnsigned()
    {
        byte first = _bytes[At];
        switch (first & 15)
        {
            case 15:
                At++;
                return U32();
            case 7:
                return U32() >> 4;
            case 3 or 11:
                uint three = U16();
                return (three | ((uint)U8() << 16)) >> 3;
            case 1 or 5 or 9 or 13:
                return (uint)U16() >> 2;
            default:
                return (uint)U8() >> 1;
        }
    }

    internal string Text()
    {
        int length = _bytes[At..].IndexOf((byte)0);
        string text = System.Text.Encoding.UTF8.GetString(_bytes.Slice(At, length));
        At += length + 1;
        return text;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> taken = _bytes.Slice(At, count);
        At += count;
        return taken;
    }
}
