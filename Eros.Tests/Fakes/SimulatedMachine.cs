using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Eros.Build.Volume;
using Eros.Kernel;
using Eros.Kernel.Boot;
using Eros.Kernel.Machine;
using Eros.Kernel.Objects;
using Eros.Kernel.Processes;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;

namespace Eros.Tests.Fakes;

/// <summary>The switch of a machine that must not be switched off: it throws.</summary>
public sealed class PoweredOffException : Exception;

/// <summary>
/// A whole kernel over memory of its own, with the kernel's real parts on a processor that the test plays. Without a
/// disk, frames are in memory, or absent until the test enters them.
/// </summary>
public sealed class SimulatedMachine : IDisposable
{
    /// <summary>Home frames that a test may use.</summary>
    public const int HomeFrames = 1000;

    /// <summary>The boot that it is in.</summary>
    public const ulong BootEpoch = 7;

    private readonly HostMemory _host;
    private readonly bool _isHostOwn;
    private ulong _nextFrame = 1;

    /// <param name="claimLimit">Log blocks that a generation may take.</param>
    /// <param name="physicalFrames">Frames of memory, beside frame 0.</param>
    /// <param name="host">The memory, cleared, if it has served before and is to serve again.</param>
    public SimulatedMachine(uint claimLimit = 400, int physicalFrames = 512, HostMemory? host = null)
        : this(host ?? new HostMemory(physicalFrames + 1), physicalFrames, new SimulatedStoreEvents())
    {
        _isHostOwn = host == null;
        Frames.Open(HomeFrames, claimLimit);
        Counters.Values.BootEpoch = BootEpoch;
    }

    /// <summary>A machine with a disk, which it mounts; the processes that were saved are ready, and nothing is in
    /// memory.</summary>
    /// <param name="disk">A volume that can be mounted.</param>
    /// <param name="gate">Closed around each step of the store.</param>
    /// <param name="protocol">What the volume was made for.</param>
    /// <param name="events">Told by the store.</param>
    /// <param name="physicalFrames">Frames of memory, beside frame 0.</param>
    /// <param name="host">The memory.</param>
    public SimulatedMachine(
        Disk disk, Gate gate, uint protocol, SimulatedStoreEvents events, int physicalFrames, HostMemory host)
        : this(host, physicalFrames, events)
    {
        var store = new SingleLevelStore(host.Memory, Frames, gate, events, protocol, processorFeatures: 0);
        Store = store;
        Recovery = store.Mount(disk);
        Clock.Set(Recovery.TimeNs);
        Counters.Values.BootEpoch = Recovery.BootEpoch;
        Kernel.Checkpoints.Working = store.WorkingGeneration;
        Kernel.Checkpoints.Committed = store.CommittedGeneration;
        Kernel.Checkpoints.Settled = store.CommittedGeneration - 1;
        Restart.Resume(Kernel, store.RecoveredProcesses);
    }

    private SimulatedMachine(HostMemory host, int physicalFrames, SimulatedStoreEvents events)
    {
        _host = host;
        Events = events;
        Frames = new FrameTable(_host.Memory, physicalFrames, Events);
        Frames.AddFreeFrames(1, (uint)physicalFrames);
        uint kernelRoot = Frames.AllocateFrame();
        _host.Memory.Clear(kernelRoot);
        Mmu = new FakeMmu(_host.Memory, kernelRoot);
        var activities = new ActivityTable();
        var scheduler = new Scheduler(activities, Processor, Clock, Counters);
        var spaces = new AddressSpaces(Frames, _host.Memory, Mmu, Processor.State, Counters);
        Kernel = new Eros.Kernel.Kernel(
            _host.Memory,
            Frames,
            spaces,
            activities,
            scheduler,
            Processor,
            Clock,
            new ThrowingPower(),
            Devices,
            Counters);
        Events.Attach(Kernel);
        scheduler.Attach(new DomainRunner(Kernel));
    }

    public Eros.Kernel.Kernel Kernel { get; }

    public FrameTable Frames { get; }

    /// <summary>The store, of a machine with a disk; and what mounting found.</summary>
    public SingleLevelStore? Store { get; }
    public RecoveryResult Recovery { get; }

    public SimulatedStoreEvents Events { get; }

    public StillProcessor Processor { get; } = new();

    public FakeClock Clock { get; } = new();

    public FakeDevices Devices { get; } = new();

    public FakeMmu Mmu { get; }

    public Counters Counters { get; } = new();

    public PhysicalMemory Memory => _host.Memory;

    /// <summary>The process that runs, or null.</summary>
    public SimulatedDomain? Current
    {
        get
        {
            int process = ProcessControl.Current(Kernel);
            return process == ProcessControl.Nobody ? null : new SimulatedDomain(this, process);
        }
    }

    /// <summary>True when some activity waits for this.</summary>
    public bool Waits(StallReason reason) => Kernel.Stalls.MostUrgent(reason, reason) != ActivityTable.None;

    /// <summary>Enters an empty frame; returns its entry. Its tag block comes with it.</summary>
    public int Enter(ulong frame, FrameKind kind, uint version = 1)
    {
        if (Store != null)
        {
            return EnterSaved(Store, frame, kind, version);
        }

        if (Frames.Find(FrameTable.TagKey(frame)) == FrameTable.None)
        {
            uint tags = Frames.AllocateFrame();
            Memory.Clear(tags);
            Frames.Insert(FrameTable.TagKey(frame), FrameKind.Tag, 0, tags);
        }

        uint pfn = Frames.AllocateFrame();
        FrameImage.Clear(Memory, pfn, kind, frame, version);
        return Frames.Insert(frame, kind, version, pfn);
    }

    /// <summary>The same with a disk: the frame comes from there, and will be saved as it is entered.</summary>
    private int EnterSaved(SingleLevelStore store, ulong frame, FrameKind kind, uint version)
    {
        if (Frames.Find(frame) == FrameTable.None)
        {
            store.Load(frame);
        }

        int entry = Frames.Find(frame);
        bool isReady = Frames.MakeDirty(entry) == Outcome.Ok
            && (Frames[entry].Kind == kind || Frames.Retype(entry, kind) == Outcome.Ok);
        if (!isReady)
        {
            throw new InvalidOperationException($"frame {frame} cannot be entered");
        }

        Frames[entry].Version = version;
        FrameImage.Clear(Memory, Frames[entry].Pfn, kind, frame, version);
        return entry;
    }

    /// <summary>A home frame that no object of the test has.</summary>
    public ulong NewFrame() => _nextFrame++;

    public Capability NewPage() => ObjectLife.CapabilityOf(Kernel, Enter(NewFrame(), FrameKind.Page), 0);

    /// <summary>A node of its own pot.</summary>
    public Capability NewNode(NodeKind kind = NodeKind.Plain, int slotLog2 = 0)
    {
        int entry = Enter(NewFrame(), FrameKind.Pot);
        ref Node node = ref Kernel.Objects.Node(entry, 0);
        node.Kind = kind;
        node.SlotLog2 = (byte)slotLog2;
        return ObjectLife.CapabilityOf(Kernel, entry, 0);
    }

    /// <summary>An Available process with a schedule and no space.</summary>
    public SimulatedDomain NewDomain(int priority = 8)
    {
        var domain = new SimulatedDomain(this, Enter(NewFrame(), FrameKind.Process));
        domain.Frame.Schedule = new Capability(CapabilityType.Schedule, default, 0, (uint)priority);
        domain.Frame.Rip = SimulatedDomain.Code;
        return domain;
    }

    /// <summary>
    /// A process with pages from <see cref="SimulatedDomain.Window"/> on, that runs when its turn comes.
    /// </summary>
    public SimulatedDomain NewRunning(int pages = 2, int priority = 8)
    {
        SimulatedDomain domain = NewDomain(priority);
        domain.GiveSpace(pages);
        domain.Frame.RunState = RunState.Running;
        ProcessControl.Start(Kernel, domain.Entry);
        return domain;
    }

    public ref Node NodeOf(Capability node)
    {
        Kernel.Objects.Find(node, out int entry);
        return ref Kernel.Objects.Node(entry, node.Oid.Index);
    }

    /// <summary>Goes on with whoever is next.</summary>
    public SimulatedDomain? Dispatch()
    {
        Kernel.Scheduler.Dispatch();
        return Current;
    }

    /// <summary>Lets time pass until the next alarm that is due has come.</summary>
    public void Pass(ulong nanoseconds)
    {
        Clock.Time += nanoseconds;
        if (Clock.TakeAlarm())
        {
            Kernel.Scheduler.TimerExpired();
        }
    }

    /// <summary>What the console was sent since the last look.</summary>
    public string TakeConsole()
    {
        var buffer = new byte[Limits.ConsoleOutput + Limits.ConsoleKernelOutput];
        return Encoding.ASCII.GetString(buffer, 0, Kernel.Terminal.TakeOutput(buffer));
    }

    public void Dispose()
    {
        if (_isHostOwn)
        {
            _host.Dispose();
        }
    }

    private sealed class ThrowingPower : Power
    {
        [DoesNotReturn]
        public override void Off() => throw new PoweredOffException();
    }
}

/// <summary>The store's voice in a machine without a store.</summary>
public class SimulatedStoreEvents : StoreEvents
{
    public List<StorePhase> Phases { get; } = [];

    /// <summary>How often each frame was loaded.</summary>
    public Dictionary<ulong, int> Loads { get; } = [];

    public override void Loaded(ulong frame, Outcome outcome)
    {
        Loads[frame] = Loads.GetValueOrDefault(frame) + 1;
        base.Loaded(frame, outcome);
    }

    protected override void Mark(StorePhase phase) => Phases.Add(phase);
}
