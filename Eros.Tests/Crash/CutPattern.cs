using System;
using Eros.Persistence.Base;

namespace Eros.Tests.Crash;

/// <summary>
/// What a power cut leaves of the writes that were pending: which sectors of which block reach the medium.
/// </summary>
public static class CutPattern
{
    /// <summary>Sectors of a block.</summary>
    public const int Sectors = PhysicalMemory.FrameBytes / CrashDisk.SectorBytes;

    public static Func<int, int, bool> KeepAll { get; } = (_, _) => true;

    public static Func<int, int, bool> DropAll { get; } = (_, _) => false;

    /// <summary>All but one.</summary>
    public static Func<int, int, bool> DropOne(int write) => (i, _) => i != write;

    /// <summary>All, but of one only the sectors before <paramref name="boundary"/>.</summary>
    public static Func<int, int, bool> Tear(int write, int boundary) =>
        (i, sector) => i != write || sector < boundary;

    /// <summary>A random part: of whole blocks, or of sectors.</summary>
    public static Func<int, int, bool> Subset(ulong seed)
    {
        var random = new SeededRandom(seed);
        int percent = 10 + (20 * random.Below(5));
        bool byBlock = random.Chance(50);
        return (i, sector) =>
            new SeededRandom(seed ^ ((ulong)i << 20) ^ (byBlock ? 0 : (ulong)(sector + 1) << 12)).Chance(percent);
    }

    /// <summary>Any of them.</summary>
    public static Func<int, int, bool> Choose(SeededRandom random, int pending)
    {
        int one = random.Below(Math.Max(1, pending));
        return random.Below(5) switch
        {
            0 => KeepAll,
            1 => DropAll,
            2 => DropOne(one),
            3 => Tear(one, 1 + random.Below(Sectors - 1)),
            _ => Subset(random.Next()),
        };
    }
}
