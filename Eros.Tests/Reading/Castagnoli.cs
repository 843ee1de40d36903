using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Eros.Tests.Reading;

/// <summary>The format's CRC.</summary>
public static class Castagnoli
{
    /// <summary>CRC-32C with initial value and final inversion all ones; of `123456789` it is E3069283.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte last in bytes)
        {
            crc = BitOperations.Crc32C(crc, last);
        }

        return ~crc;
    }
}
