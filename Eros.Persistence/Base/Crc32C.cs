// Crc32C: the checksum of every block (Castagnoli polynomial, reflected 0x82F63B78; RFC 3720 appendix B.4: "123456789"
// gives E3069283).
//
// The processor's own instruction does eight bytes a step. Machines without it (a developer's Arm) take the bitwise
// way.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Eros.Persistence.Base;

/// <summary>CRC-32C over whole words.</summary>
public static class Crc32C
{
    private const uint Polynomial = 0x82F6_3B78;

    /// <summary>The checksum of a block but for its first four bytes, where it is stored.</summary>
    public static uint OfBlockAfterChecksum(PhysicalMemory memory, uint pfn)
    {
        ref ulong first = ref memory.As<ulong>(pfn);
        uint crc = Step(uint.MaxValue, (uint)(first >> 32));
        return ~Words(crc, memory, pfn, 1);
    }

    /// <summary>The checksum of all 4096 bytes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static uint OfBlock(PhysicalMemory memory, uint pfn) => ~Words(uint.MaxValue, memory, pfn, 0);

    private static unsafe uint Words(uint crc, PhysicalMemory memory, uint pfn, int from)
    {
        // Safety: the frame is 4096 bytes, and PhysicalMemory has checked its number.
        ulong* word = (ulong*)memory.Address(pfn) + from;
        ulong* end = word - from + (PhysicalMemory.FrameBytes / sizeof(ulong));
        ulong sum = crc;
        for (; ((end - word) & 7) != 0; word++)
        {
            sum = Step(sum, *word);
        }

        for (; word != end; word += 8)
        {
            sum = Step(Step(Step(Step(sum, word[0]), word[1]), word[2]), word[3]);
            sum = Step(Step(Step(Step(sum, word[4]), word[5]), word[6]), word[7]);
        }

        return (uint)sum;
    }

    private static ulong Step(ulong crc, ulong data) =>
        Sse42.X64.IsSupported ? Sse42.X64.Crc32(crc, data) : Bitwise((uint)crc, data, 64);

    private static uint Step(uint crc, uint data) =>
        Sse42.IsSupported ? Sse42.Crc32(crc, data) : Bitwise(crc, data, 32);

    /// <summary>One step over the low <paramref name="bits"/> of <paramref name="data"/>, without the
    /// instruction.</summary>
    public static uint Bitwise(uint crc, ulong data, int bits)
    {
        data ^= crc;
        for (int i = 0; i < bits; i++)
        {
            data = (data >> 1) ^ ((data & 1) != 0 ? Polynomial : 0);
        }

        return (uint)data;
    }
}
