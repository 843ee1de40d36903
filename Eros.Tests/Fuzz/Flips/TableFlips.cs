using System;
using Eros.Build.Volume;
using Eros.Persistence.Base;
using Eros.Tests.Crash;
using Eros.Tests.Fuzz.Steps;

namespace Eros.Tests.Fuzz.Flips;

/// <summary>
/// A kernel in the middle of random work, in which one bit of a page table of the running process is flipped, or of a
/// link that is in use. The check that stands before each commit must find it, or the process must have gained nothing.
/// </summary>
internal static class TableFlips
{
    private const int StepsBefore = 400;
    private const int MostMachines = 50;

    public static FlipEnd Run(HostMemory memory, FlipTarget target, SeededRandom random, out string what)
    {
        for (int i = 0; i < MostMachines; i++)
        {
            using var run = new ModelRun(memory);
            var maker = new StepMaker(run.World, random);
            for (int step = 0; step < StepsBefore && !run.IsOver && !maker.IsStuck; step++)
            {
                run.Do(maker.Next());
            }

            if (target == FlipTarget.ReverseMap && run.TryFlipLink(random))
            {
                what = "a list of entries is not what it was";
                return IsDetected(run, ref what) ? FlipEnd.Detected : FlipEnd.Undetected;
            }

            if (target == FlipTarget.PageTableEntry
                && run.TryFlipPageTable(random, out ulong address, out bool isLeaf))
            {
                what = $"more access than the space gives, at {address:x}";
                return IsDetected(run, ref what) ? FlipEnd.Detected
                    : HasGained(run, address, isLeaf) ? FlipEnd.Undetected : FlipEnd.Harmless;
            }
        }

        throw new InvalidOperationException("no process ever had a page table");
    }

    /// <summary>An access that leads out of the machine's memory is gained as well.</summary>
    private static bool HasGained(ModelRun run, ulong address, bool isLeaf)
    {
        try
        {
            return run.HasGained(address, isLeaf);
        }
        catch (InvariantException)
        {
            return true;
        }
    }

    private static bool IsDetected(ModelRun run, ref string what)
    {
        try
        {
            run.CheckBeforeCommit();
            return false;
        }
        catch (Exception failure) when (failure is InvariantException or IndexOutOfRangeException)
        {
            what = failure.Message;
            return true;
        }
    }
}
