// BenchDomain: measures the system from a program's place in it: stubs, dispatchers and the two readings of the
// time-stamp counter are in the figures. It reads no clock: under QEMU's -icount the counter counts executed
// instructions, elsewhere cycles.
//
//   run bench [--exact] [--json] [--samples N] [--pause PAGES,PAGES... | --slow-down | --since-entry | --processes N]
//
// --exact is said by who started the machine with -icount. --json gives a line for each row: an object with name,
// samples, median, minimum and maximum, and of one operation spaceLoads, tlbFlushes, crossings (entries to the kernel)
// and closed (the longest stretch with interrupts off in it). --pause measures snapshots alone, with those numbers of
// pages dirty; --slow-down what two programs get done while checkpoints are taken, as lines of JSON; --since-entry
// says what was executed since the kernel's entry; --processes leaves processes behind that sleep for ever.

using Eros.Domains.Runtime;
using Eros.Kernel.Protocol;

namespace Eros.Domains.Bench;

/// <summary>The measurements as a table.</summary>
[Domain]
public sealed partial class BenchDomain : Domain, IProgram
{
    private const int DefaultSamples = 1000;
    private const int WarmUp = 8;
    private const int MostDirty = 1000;
    private const ulong Forever = 1UL << 62;

    private byte[]? _pages;
    private ICapability? _forwarder;

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

    /// <summary>More urgent than programs that run for ever, less than whoever waits for something.</summary>
    [Capability]
    internal partial ISchedule RestSchedule { get; }

    /// <summary>More urgent than everything.</summary>
    [Capability]
    internal partial ISchedule UrgentSchedule { get; }

    /// <summary>The level of this domain's space that has the scratch page in slot 0, at SpaceLayout.Own.</summary>
    [Capability]
    internal partial INode ScratchLeaf { get; }

    [Capability]
    internal partial IPage ScratchPage { get; }

    [Capability]
    internal partial IConstructor Products { get; }

    [Capability]
    internal partial IConstructor Pipes { get; }

    /// <summary>Of the processes that fault.</summary>
    [Capability]
    internal partial IKeeper Keeper { get; }

    [Capability]
    internal partial IBenchKeeper BenchKeeper { get; }

    /// <summary>What the keeper publishes.</summary>
    [Capability]
    internal partial MappedPage KeeperStamps { get; }

    /// <inheritdoc/>
    public Result Run(string arguments, out string output)
    {
        if (!Options.TryParse(arguments, DefaultSamples, out Options options))
        {
            output = "usage: bench [--exact] [--json] [--samples N]"
                + " [--pause PAGES,PAGES... | --slow-down | --since-entry | --processes N]\n";
            return Result.BadArgument;
        }

        if (options.IsSinceEntry)
        {
            output = SinceEntry();
            return Result.Ok;
        }

        Stillness stillness = new(Checkpoint, new ChildMaker(Storage, OwnSpace, RestSchedule));
        Result result = stillness.Begin();
        if (result != Result.Ok)
        {
            output = $"bench cannot take checkpoints: {ResultText.Of(result)}\n";
            return result;
        }

        output = options.Processes != 0 ? Populate(options.Processes)
            : options.IsSlowDown ? MeasureSlowDown(options)
            : options.Pages == null ? Measure(options)
            : MeasurePauses(options, options.Pages);
        stillness.End();
        return Result.Ok;
    }

    private string Measure(Options options)
    {
        CounterReader counters = new(Checkpoint);
        Report report = new(options);
        _pages ??= new byte[(MostDirty + 1) * MappedPage.SizeInBytes];
        SnapshotPause largest = new(Checkpoint, counters, _pages, MostDirty, options.Samples);
        ClockWakes wakes = new(
            Sleep, Checkpoint, counters, new ChildMaker(Storage, OwnSpace, UrgentSchedule), _pages, MostDirty);
        ProductBench products = new(Storage, Schedule, Products);
        Measurement[] measurements =
        [
            new NullInvocation(Sleep),
            new CallAndReturn(Peer, ""),
            new CallAndReturn(BehindForwarder(), ", forwarder"),
            new CallWithString(Peer, new byte[MappedPage.SizeInBytes]),
            new CallWithString(Peer, new byte[InvocationWord.MaxString]),
            new PageFault(ScratchLeaf, ScratchPage),
            new ContextSwitch(Peer),
            new ProcessLife(new ChildMaker(Storage, OwnSpace, Schedule)),
            new PageSale(Storage),
            new NodeSale(Storage),
            new SnapshotPause(Checkpoint, counters, _pages, 1, options.Samples),
            new SnapshotPause(Checkpoint, counters, _pages, 100, options.Samples),
            largest,
            new CallWithCapabilities(products, Sleep),
            new KeeperRoundTrip(new ChildMaker(Storage, OwnSpace, Schedule), Keeper, BenchKeeper, KeeperStamps),
            new ProductYield(products),
            new ProductAnswer(products),
            new ZeroPage(products),
            new PipeRoundTrip(Storage, Schedule, Pipes, 1),
            new PipeRoundTrip(Storage, Schedule, Pipes, PipeLimits.Capacity),
            new DiskWrite(Checkpoint, ScratchPage),
        ];
        foreach (Measurement measurement in measurements)
        {
            measurement.Begin();
            report.Add(measurement.Name, Sample(measurement, options.Samples), counters.Count(measurement));
            measurement.End();
        }

        report.Add("longest with interrupts off", new Figures(largest.Closed), counters.Count(largest));
        report.Add(ClockWakes.Name, wakes.Run(), wakes.Costs);
        return report.Text;
    }

    private string MeasurePauses(Options options, int[] numbers)
    {
        Report report = new(options);
        ManyDirty snapshots = new(Checkpoint, new CounterReader(Checkpoint), Storage, OwnSpace, UrgentSchedule);
        foreach (int pages in numbers)
        {
            report.Add(snapshots.Measure(pages, options.Samples));
        }

        snapshots.End();
        return report.Text;
    }

    private string MeasureSlowDown(Options options)
    {
        Report report = new(options);
        _pages ??= new byte[(MostDirty + 1) * MappedPage.SizeInBytes];
        SlowDown slowDown = new(Checkpoint, new CounterReader(Checkpoint));
        foreach (Workload workload in new Workload[] { new MemoryBound(_pages), new InvocationBound(Peer) })
        {
            foreach (ulong intervalMs in SlowDown.Intervals)
            {
                report.Add(workload.Name, slowDown.Measure(workload, intervalMs));
            }
        }

        return report.Text;
    }

    private string SinceEntry()
    {
        KernelCounters counters = new CounterReader(Checkpoint).Read();
        return $"{Timestamp.Read() - counters.EntryTimestamp - counters.IdleCycles} cycles since the kernel's entry,"
            + $" {counters.IdleCycles} idle\n";
    }

    private string Populate(int processes)
    {
        ChildMaker children = new(Storage, OwnSpace, RestSchedule);
        for (int i = 0; i < processes; i++)
        {
            IProcess process = children.Make(Child.Sleep, new ProcessRegisters { Rsi = Forever });
            process.PutRegister(1, Sleep);
            process.Run();
            Capabilities.Release(process);
        }

        return $"{processes} processes more\n";
    }

    /// <summary>The peer, through a forwarder that is bought for it once.</summary>
    private IBenchPeer BehindForwarder()
    {
        if (_forwarder == null)
        {
            Storage.BuyForwarder(out INode node);
            node.Swap(0, Peer, out ICapability nothing);
            node.MakeForwarder(out _forwarder);
            Capabilities.Release(nothing);
            Capabilities.Release(node);
            Capabilities.Keep(_forwarder);
        }

        return BenchPeerClient.Of(_forwarder);
    }

    private static Figures Sample(Measurement measurement, int count)
    {
        ulong[] samples = new ulong[count];
        for (int sample = -WarmUp; sample < count; sample++)
        {
            measurement.Prepare();
            ulong cycles = measurement.Once();
            measurement.CleanUp();
            if (sample >= 0)
            {
                samples[sample] = cycles;
            }
        }

        return new Figures(samples);
    }
}
