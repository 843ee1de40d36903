using System;
using System.Text;
using Eros.Build.Volume;
using Eros.Kernel;
using Eros.Kernel.Boot;
using Eros.Kernel.Processes;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Spaces;
using Eros.Kernel.Threads;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Mirror;
using Eros.Persistence.Store;
using Eros.Persistence.Volume;
using Eros.Tests.Crash;
using Eros.Tests.Fakes;

namespace Eros.Tests.Unit.Kernel;

/// <summary>
/// A kernel with its pager and its checkpointer over a simulated disk, in simulated time; at times with a pristine
/// volume in memory. Volumes are empty: there are no processes.
/// </summary>
public sealed class StoreRig : IDisposable
{
    public const ulong Second = 1_000_000_000;

    private const int Frames = 1000;
    private const int VolumeBlocks = 300;
    private const int MirrorFrame = Frames + VolumeBlocks + 1;
    private const uint Protocol = 1;

    private readonly HostMemory _host = new(MirrorFrame + (int)MirroredDisk.FramesOfOne);
    private readonly StringBuilder _console = new();

    /// <param name="diskBlocks">Blocks of the disk.</param>
    /// <param name="isBlank">There is nothing on it, but a volume in memory.</param>
    public StoreRig(int diskBlocks = VolumeBlocks, bool isBlank = false)
    {
        Image = new LayeredImage(diskBlocks, below: null);
        Disk = new CrashDisk(Image, _host.Memory, new CrashGate());
        var pristine = new RamDisk(_host.Memory, Frames + 1, VolumeBlocks);
        Format(isBlank ? pristine : Disk);
        Start(isBlank ? pristine : null);
    }

    public LayeredImage Image { get; }

    public CrashDisk Disk { get; }

    public FakeClock Clock { get; private set; } = null!;

    public FakeProcessor Processor { get; private set; } = null!;

    public Eros.Kernel.Kernel Kernel { get; private set; } = null!;

    /// <summary>What the console was sent since the start.</summary>
    public string Console
    {
        get
        {
            var buffer = new byte[Limits.ConsoleOutput + Limits.ConsoleKernelOutput];
            return _console.Append(Encoding.ASCII.GetString(buffer, 0, Kernel.Terminal.TakeOutput(buffer))).ToString();
        }
    }

    /// <summary>Starts the machine anew, with its disk as it is and no volume in memory.</summary>
    public void Restart()
    {
        Processor.Dispose();
        Disk.Attach(Image);
        Start(null);
    }

    public void Dispose()
    {
        Processor.Dispose();
        _host.Dispose();
    }

    private void Format(Disk disk)
    {
        var observer = new SimulatedStoreEvents();
        var frames = new FrameTable(_host.Memory, Frames, observer);
        frames.AddFreeFrames(1, Frames);
        var volume = new MountedVolume(_host.Memory, frames, new CrashGate(), observer);
        var geometry = new VolumeGeometry(VolumeBlocks, VolumeGeometry.MinLogBlocks);
        Outcome outcome = new VolumeBuilder(volume).Format(disk, geometry, id: 5, Protocol, []);
        if (outcome != Outcome.Ok)
        {
            throw new InvalidOperationException($"formatting: {outcome}");
        }
    }

    private void Start(RamDisk? pristine)
    {
        _console.Clear();
        Clock = new FakeClock();
        Processor = new FakeProcessor(Clock);
        var counters = new Counters();
        counters.Values.TimestampHz = Second;
        var events = new SimulatedStoreEvents();
        var frames = new FrameTable(_host.Memory, Frames, events);
        frames.AddFreeFrames(1, Frames);
        uint root = frames.AllocateFrame();
        _host.Memory.Clear(root);
        var activities = new ActivityTable();
        var scheduler = new Scheduler(activities, Processor, Clock, counters);
        var mmu = new FakeMmu(_host.Memory, root);
        var spaces = new AddressSpaces(frames, _host.Memory, mmu, Processor.State, counters);
        Kernel = new Eros.Kernel.Kernel(
            _host.Memory, frames, spaces, activities, scheduler, Processor, Clock, null!, null!, counters);
        events.Attach(Kernel);
        scheduler.Attach(new DomainRunner(Kernel));
        Processor.Scheduler = scheduler;
        var store = new SingleLevelStore(_host.Memory, frames, Processor, events, Protocol, processorFeatures: 0);
        var pager = new PagerThread(Kernel, store);
        Kernel.Services.Pager = pager;
        scheduler.Add(pager);
        var mirror = new MirroredDisk(_host.Memory, events, Disk, null, MirrorFrame);
        var choice = new VolumeChoice(Kernel, mirror, pristine, Frames + 1);
        scheduler.Add(new StoreThread(Kernel, store, events, choice, 0));
        Processor.Enter(() => { });
    }
}
