// Castagnoli: the format's CRC.
//
// The processor's instruction takes three cycles, but can begin one in each; so long data is summed in three equal
// lanes side by side. A sum is linear: the sum of what follows A is that of zeros that follow it, plus that of what
// follows nothing. What Lane bytes of zeros make of a sum is looked up, byte by byte.

using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Eros.Tests.Reading;

/// <summary>The format's CRC.</summary>
public static class Castagnoli
{
    private const int LaneWords = 168;
    private const int Bytes = sizeof(uint);
    private const int Values = 256;

    private static readonly uint[] _afterLane = AfterLane();

    /// <summary>CRC-32C with initial value and final inversion all ones; of `123456789` it is E3069283.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        uint crc = uint.MaxValue;
        for (; words.Length >= 3 * LaneWords; words = words[(3 * LaneWords)..])
        {
            crc = ThreeLanes(crc, words);
        }

        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (byte last in bytes[(bytes.Length / sizeof(ulong) * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, last);
        }

        return ~crc;
    }

    private static uint ThreeLanes(uint crc, ReadOnlySpan<ulong> words)
    {
        ReadOnlySpan<ulong> first = words[..LaneWords];
        ReadOnlySpan<ulong> second = words.Slice(LaneWords, LaneWords);
        ReadOnlySpan<ulong> third = words.Slice(2 * LaneWords, LaneWords);
        (uint b, uint c) = (0, 0);
        for (int i = 0; i < first.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, first[i]);
            b = BitOperations.Crc32C(b, second[i]);
            c = BitOperations.Crc32C(c, third[i]);
        }

        return Skip(Skip(crc) ^ b) ^ c;
    }

    /// <summary>The sum of what a sum is of, and a lane of zeros.</summary>
    private static uint Skip(uint crc)
    {
        uint skipped = 0;
        for (int i = 0; i < Bytes; i++)
        {
            skipped ^= _afterLane[(i * Values) + (byte)(crc >> (8 * i))];
        }

        return skipped;
    }

    private static uint[] AfterLane()
    {
        uint[] table = new uint[Bytes * Values];
        for (int at = 0; at < table.Length; at++)
        {
            uint crc = (uint)(at % Values) << (8 * (at / Values));
            for (int i = 0; i < LaneWords; i++)
            {
                crc = BitOperations.Crc32C(crc, 0UL);
            }

            table[at] = crc;
        }

        return table;
    }
}
