using System;
using Eros.Build.Volume;
using Eros.Kernel;
using Eros.Kernel.Boot;
using Eros.Kernel.Processes;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Spaces;
using Eros.Kernel.Threads;
using Eros.Persistence.Base;
using Eros.Persistence.Mirror;
using Eros.Persistence.Store;
using Eros.Persistence.Volume;

namespace Eros.Tests.Fakes;

/// <summary>A kernel with its pager and its checkpointer over a disk, in simulated time. It mounts when it
/// is made; the domains are played by the test.</summary>
public sealed class ThreadedMachine : IDisposable
{
    private const ulong TimestampHz = 1_000_000_000;

    /// <param name="host">The memory.</param>
    /// <param name="frames">Frames of it, beside frame 0, that the machine has.</param>
    /// <param name="disk">What it mounts, made for this machine.</param>
    /// <param name="protocol">What the volume was made for.</param>
    /// <param name="mirrorFrame">The first of the frames that a mirror of one disk takes.</param>
    /// <param name="pristine">A volume in memory, if there is one, which begins behind the frames.</param>
    public ThreadedMachine(
        HostMemory host,
        int frames,
        Func<ThreadedMachine, Disk> disk,
        uint protocol,
        int mirrorFrame,
        RamDisk? pristine = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(disk);
        Processor = new FakeProcessor(Clock);
        Counters.Values.TimestampHz = TimestampHz;
        var table = new FrameTable(host.Memory, frames, Events);
        table.AddFreeFrames(1, (uint)frames);
        uint root = table.AllocateFrame();
        var activities = new ActivityTable();
        Scheduler = new Scheduler(activities, Processor, Clock, Counters);
        host.Memory.Clear(root);
        Mmu = new FakeMmu(host.Memory, root);
        var spaces = new AddressSpaces(table, host.Memory, Mmu, Processor.State, Counters);
        Kernel = new Eros.Kernel.Kernel(
            host.Memory, table, spaces, activities, Scheduler, Processor, Clock, null!, null!, Counters);
        Events.Attach(Kernel);
        Scheduler.Attach(new DomainRunner(Kernel));
        Processor.Scheduler = Scheduler;
        Store = new SingleLevelStore(host.Memory, table, Processor, Events, protocol, processorFeatures: 0);
        var pager = new PagerThread(Kernel, Store);
        Kernel.Services.Pager = pager;
        Scheduler.Add(pager);
        var mirror = new MirroredDisk(host.Memory, Events, disk(this), null, (uint)mirrorFrame);
        var choice = new VolumeChoice(Kernel, mirror, pristine, (uint)frames + 1);
        Scheduler.Add(new CheckerThread(Kernel));
        Scheduler.Add(new StoreThread(Kernel, Store, Events, choice));
        Processor.Enter(() => { });
    }

    public FakeClock Clock { get; } = new();

    public Counters Counters { get; } = new();

    public FakeProcessor Processor { get; }

    public Scheduler Scheduler { get; }

    public FakeMmu Mmu { get; }

    public Eros.Kernel.Kernel Kernel { get; }

    public SingleLevelStore Store { get; }

    public SimulatedStoreEvents Events { get; } = new();

    public void Dispose() => Processor.Dispose();
}
