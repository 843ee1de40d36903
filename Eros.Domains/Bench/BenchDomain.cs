// BenchDomain: measures the system from a program's place in it: stubs, dispatchers and the two readings of the
// time-stamp counter are in the figures. It reads no clock: under QEMU's -icount the counter counts executed
// instructions, elsewhere cycles.
//
//   run bench [--exact] [--json] [--samples N]
//
// --exact is said by who started the machine with -icount. --json gives a line for each row: an object with name,
// samples, median, minimum, maximum, spaceLoads and tlbFlushes of one operation.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>The measurements as a table.</summary>
[Domain]
public sealed partial class BenchDomain : Domain, IProgram
{
    private const int DefaultSamples = 1000;
    private const int WarmUp = 8;
    private const int CountedOperations = 9;
    private const int MostDirty = 1000;

    private byte[]? _pages;

    [Capability]
    internal partial ISleep Sleep { get; }

    [Capability]
    internal partial IBenchPeer Peer { get; }

    [Capability]
    internal partial ICheckpoint Checkpoint { get; }

    [Capability]
    internal partial ISpaceBank Storage { get; }

    /// <summary>Of this domain itself, for the processes that it makes.</summary>
    [Capability]
    internal partial ISpace OwnSpace { get; }

    [Capability]
    internal partial ISchedule Schedule { get; }

    /// <summary>The level of this domain's space that has the scratch page in slot 0, at SpaceLayout.Own.</summary>
    [Capability]
    internal partial INode ScratchLeaf { get; }

    [Capability]
    internal partial IPage ScratchPage { get; }

    /// <inheritdoc/>
    public Result Run(string arguments, out string output)
    {
        if (!Options.TryParse(arguments, DefaultSamples, out Options options))
        {
            output = "usage: bench [--exact] [--json] [--samples N]\n";
            return Result.BadArgument;
        }

        CounterReader counters = new(Checkpoint);
        counters.Read();
        Report report = new(options);
        foreach (Measurement measurement in Measurements(counters))
        {
            report.Add(measurement.Name, Measure(measurement, counters, options.Samples));
        }

        report.Add("longest with interrupts off", new Figures([counters.Read().LongestClosedCycles], 0, 0));
        output = report.Text;
        return Result.Ok;
    }

    private Measurement[] Measurements(CounterReader counters)
    {
        _pages ??= new byte[(MostDirty + 1) * MappedPage.SizeInBytes];
        return
        [
            new NullInvocation(Sleep),
            new CallAndReturn(Peer),
            new CallWithString(Peer),
            new PageFault(ScratchLeaf, ScratchPage),
            new ContextSwitch(Peer),
            new ProcessCreation(Storage, OwnSpace, Schedule),
            new SnapshotPause(Checkpoint, counters, _pages, 1),
            new SnapshotPause(Checkpoint, counters, _pages, 100),
            new SnapshotPause(Checkpoint, counters, _pages, MostDirty),
        ];
    }

    private static Figures Measure(Measurement measurement, CounterReader counters, int count)
    {
        ulong[] samples = new ulong[count];
        for (int sample = -WarmUp; sample < count; sample++)
        {
            ulong cycles = Operate(measurement);
            if (sample >= 0)
            {
                samples[sample] = cycles;
            }
        }

        ulong[] loads = new ulong[CountedOperations];
        ulong[] flushes = new ulong[CountedOperations];
        for (int operation = 0; operation < CountedOperations; operation++)
        {
            measurement.Prepare();
            KernelCounters before = counters.Read();
            measurement.Once();
            KernelCounters after = counters.Read();
            measurement.CleanUp();
            loads[operation] = after.SpaceLoads - before.SpaceLoads;
            flushes[operation] = after.TlbFlushes - before.TlbFlushes;
        }

        return new Figures(samples, new Figures(loads, 0, 0).Median, new Figures(flushes, 0, 0).Median);
    }

    private static ulong Operate(Measurement measurement)
    {
        measurement.Prepare();
        ulong cycles = measurement.Once();
        measurement.CleanUp();
        return cycles;
    }
}
