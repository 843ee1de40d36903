using System;
using System.Text;
using Eros.Build.Volume;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Mirror;
using Eros.Persistence.Store;
using Eros.Persistence.Volume;
using Eros.Tests.Crash;
using Eros.Tests.Fakes;
using Eros.Tests.Fuzz.Pressure;

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
    private readonly SeededRandom? _pauses;
    private ThreadedMachine _machine = null!;

    /// <param name="diskBlocks">Blocks of the disk.</param>
    /// <param name="isBlank">There is nothing on it, but a volume in memory.</param>
    /// <param name="pauses">How long the disk takes each time; null: no time.</param>
    public StoreRig(int diskBlocks = VolumeBlocks, bool isBlank = false, SeededRandom? pauses = null)
    {
        _pauses = pauses;
        Image = new LayeredImage(diskBlocks, below: null);
        Disk = new CrashDisk(Image, _host.Memory, new CrashGate());
        var pristine = new RamDisk(_host.Memory, Frames + 1, VolumeBlocks);
        Format(isBlank ? pristine : Disk);
        Start(isBlank ? pristine : null);
    }

    public LayeredImage Image { get; }

    public CrashDisk Disk { get; }

    public FakeClock Clock => _machine.Clock;

    public FakeProcessor Processor => _machine.Processor;

    public Eros.Kernel.Kernel Kernel => _machine.Kernel;

    /// <summary>Where things are on the volume.</summary>
    public VolumeGeometry Geometry => _machine.Store.Geometry;

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

    /// <summary>Has a frame loaded.</summary>
    public void Load(ulong frame) => Await(StallReason.Load, frame);

    /// <summary>Somebody waits for each of the frames, and is dropped when it is woken, since it has no
    /// process.</summary>
    public void Await(StallReason reason, params ulong[] frames) => Processor.Enter(() =>
    {
        foreach (ulong frame in frames)
        {
            int activity = Kernel.Activities.Allocate(frame: 1, ring: 8);
            Kernel.Activities[activity].Flags = ActivityFlags.Restarted;
            Kernel.Stalls.Stall(activity, reason, frame);
            Kernel.Services.Await(reason, urgency: 8);
        }
    });

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
        _machine = new ThreadedMachine(_host, Frames, MakeDisk, Protocol, MirrorFrame, pristine);
    }

    private Disk MakeDisk(ThreadedMachine machine) =>
        _pauses == null ? Disk : new SlowDisk(Disk, machine, _pauses);
}
