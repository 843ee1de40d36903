// SpinChain: what spin computes, and how to know any point of it without having been there.
//
// Each lane is a 64-bit number that an affine map x -> a x + c steps, mod 2^64. The lanes live in processor registers
// for ever:
//
//   quick lanes   rbx r8 (map General), xmm0 xmm1 (map Vector, two lanes each)         stepped every step
//   slow lanes    rbp r9..r15 (General), xmm2..xmm14 (Vector)                          stepped every 2^10 steps
//
// Lane i starts at (i + 1) * Seed. n steps of an affine map are an affine map, found by squaring in O(log n).
// The constants are in Spin.xs too, which a test compares.
//
// The page, little-endian; entry e is that of n with bit 20 of n equal to e:
//      0 n u64 of the entry that is complete, stored last and in one piece
//     64 + 2048 e: n u64 | 10 general lanes | 30 vector lanes
// A reader, a power cut or a snapshot at any instant sees an n whose entry nobody is writing.

using System;
using System.Buffers.Binary;

namespace Eros.Domains.Spin;

/// <summary>x -> Factor x + Term, mod 2^64.</summary>
public readonly record struct AffineMap(ulong Factor, ulong Term)
{
    public static AffineMap Identity => new(1, 0);

    public ulong Apply(ulong value) => unchecked(Factor * value + Term);

    /// <summary>First this map, then the other.</summary>
    public AffineMap Then(AffineMap next) => unchecked(new(Factor * next.Factor, next.Factor * Term + next.Term));

    /// <summary>This map <paramref name="times"/> times, in O(log times).</summary>
    public AffineMap Power(ulong times)
    {
        AffineMap result = Identity;
        for (AffineMap square = this; times != 0; times >>= 1, square = square.Then(square))
        {
            if ((times & 1) != 0)
            {
                result = result.Then(square);
            }
        }

        return result;
    }
}

/// <summary>The lanes at any step, and the check of a published page.</summary>
public static class SpinChain
{
    public const int GeneralLanes = 10;
    public const int VectorLanes = 30;
    public const int Lanes = GeneralLanes + VectorLanes;
    public const int QuickGeneralLanes = 2;
    public const int QuickVectorLanes = 4;

    /// <summary>log2 of the steps between two of a slow lane.</summary>
    public const int SlowLog2 = 10;

    /// <summary>log2 of the steps between two publications.</summary>
    public const int PublishLog2 = 20;

    public const ulong Seed = 0x9E3779B97F4A7C15;

    /// <summary>Knuth's MMIX generator.</summary>
    public static readonly AffineMap General = new(6364136223846793005, 1442695040888963407);

    /// <summary>What shift and add can do in a vector register: 33 x + c.</summary>
    public static readonly AffineMap Vector = new(33, 0xD1B54A32D192ED03);

    private const int FirstEntry = 64;
    private const int EntryBytes = 2048;

    /// <summary>The value of a lane after n steps.</summary>
    public static ulong At(int lane, ulong n)
    {
        bool isGeneral = lane < GeneralLanes;
        bool isQuick = isGeneral ? lane < QuickGeneralLanes : lane - GeneralLanes < QuickVectorLanes;
        AffineMap map = isGeneral ? General : Vector;
        return map.Power(isQuick ? n : n >> SlowLog2).Apply(unchecked((ulong)(lane + 1) * Seed));
    }

    /// <summary>
    /// True when the page holds exactly what the chain was at the n that it names. A page of zeros is n = 0.
    /// </summary>
    public static bool IsRight(ReadOnlySpan<byte> page, out ulong n)
    {
        n = Word(page, 0);
        if (n == 0)
        {
            return true;
        }

        int entry = FirstEntry + (int)((n >> PublishLog2) & 1) * EntryBytes;
        if (Word(page, entry) != n || n != n >> PublishLog2 << PublishLog2)
        {
            return false;
        }

        for (int lane = 0; lane < Lanes; lane++)
        {
            if (Word(page, entry + (lane + 1) * sizeof(ulong)) != At(lane, n))
            {
                return false;
            }
        }

        return true;
    }

    private static ulong Word(ReadOnlySpan<byte> page, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(page[offset..]);
}
