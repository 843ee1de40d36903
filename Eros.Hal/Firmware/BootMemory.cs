// BootMemory: one free range of physical memory that the boot lives on. Objects grow from its low end, whole frames
// are taken from its high end, and what is left between them goes to the frame table when the boot is over.

using System.Runtime.CompilerServices;

namespace Eros.Hal.Firmware;

/// <summary>Physical bytes <see cref="Low"/> to <see cref="High"/>, exclusive, of which nothing is used yet.</summary>
public struct BootMemory(ulong low, ulong high)
{
    public const ulong FrameBytes = 4096;

    public ulong Low { get; private set; } = (low + FrameBytes - 1) & ~(FrameBytes - 1);

    public ulong High { get; private set; } = high & ~(FrameBytes - 1);

    /// <summary>The largest free range between two addresses, whole frames; empty when there is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static BootMemory Largest(in MemoryMap map, ulong above, ulong below)
    {
        BootMemory best = default;
        for (ulong from = above; map.NextFree(from, out MemoryRange free) && free.Start < below; from = free.End)
        {
            BootMemory candidate = new(free.Start, free.End < below ? free.End : below);
            if (candidate.High > candidate.Low && candidate.High - candidate.Low > best.High - best.Low)
            {
                best = candidate;
            }
        }

        return best;
    }

    /// <summary>Takes frames that lie side by side. Their physical address; 0 when there are not so many.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ulong TakeFrames(ulong count)
    {
        if (High - Low < count * FrameBytes)
        {
            return 0;
        }

        High -= count * FrameBytes;
        return High;
    }

    /// <summary>Takes bytes, aligned to 8. Their physical address; 0 when there are not so many.</summary>
    public ulong TakeBytes(ulong bytes)
    {
        ulong whole = (bytes + 7) & ~7UL;
        if (whole < bytes || High - Low < whole)
        {
            return 0;
        }

        Low += whole;
        return Low - whole;
    }
}
