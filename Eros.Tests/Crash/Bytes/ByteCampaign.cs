using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Eros.Tests.Crash.Bytes;

/// <summary>What came of many changes.</summary>
public sealed class ByteStatistics
{
    public int Tries { get; set; }

    /// <summary>Mounts, and refusals.</summary>
    public int Mounted { get; set; }
    public int Refused { get; set; }

    /// <summary>Tries of each part.</summary>
    public int[] OfPart { get; } = new int[Enum.GetValues<VolumePart>().Length];

    public List<(ByteChange Change, string What)> Failures { get; } = [];
}

/// <summary>Changes bytes of both volumes: every one, or as many as a seed chooses.</summary>
public static class ByteCampaign
{
    private const int BlockBytes = 4096;

    /// <summary>Bytes of a block of which each bit is flipped, where every byte is tried: all fields but
    /// arrays.</summary>
    private const int FieldBytes = 256;

    /// <summary>Tries every <paramref name="step"/>th byte of each block, from one that the seed chooses on, with the
    /// checksum left wrong and with it mended.</summary>
    public static ByteStatistics Run(ulong seed, int step, int mostFailures = 20)
    {
        var total = new ByteStatistics();
        FuzzedVolume[] volumes = [FuzzedVolume.Make(isSettled: false), FuzzedVolume.Make(isSettled: true)];
        var work = new List<(FuzzedVolume Volume, DamagedBlock Block)>();
        foreach (FuzzedVolume volume in volumes)
        {
            work.AddRange(volume.Blocks.ConvertAll(block => (volume, block)));
        }

        int next = 0;
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next) - 1) < work.Count;)
            {
                TryBlock(work[i].Volume, work[i].Block, seed + (ulong)i, step, total, mostFailures);
            }
        });
        return total;
    }

    private static void TryBlock(
        FuzzedVolume volume, in DamagedBlock block, ulong seed, int step, ByteStatistics total, int mostFailures)
    {
        using var fuzz = new ByteFuzz(volume);
        var random = new SeededRandom(seed);
        var failures = new List<(ByteChange, string)>();
        int tries = 0;
        for (int offset = random.Below(step); offset < BlockBytes && failures.Count < mostFailures; offset += step)
        {
            foreach (byte mask in Masks(offset, step, random))
            {
                Try(new ByteChange(block, offset, mask, IsMended: false));
                Try(new ByteChange(block, offset, mask, IsMended: true));
            }
        }

        lock (total)
        {
            total.Tries += tries;
            total.OfPart[(int)block.Part] += tries;
            total.Mounted += fuzz.Mounted;
            total.Refused += fuzz.Refused;
            total.Failures.AddRange(failures);
        }

        void Try(in ByteChange change)
        {
            string? error = fuzz.Try(change);
            tries++;
            if (error != null)
            {
                failures.Add((change, error));
            }
        }
    }

    private static byte[] Masks(int offset, int step, SeededRandom random) =>
        step == 1 && offset < FieldBytes ? [1, 2, 4, 8, 16, 32, 64, 128]
        : random.Chance(50) ? [(byte)(1 << random.Below(8))]
        : [(byte)(1 + random.Below(255))];
}
