// SimulatedMachine: a machine with a store and no kernel. Its "domains" are random changes to objects, made through the
// frame table as the kernel makes them, and repeated on a model. It is the store's observer.

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Eros.Build.Volume;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Mirror;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Tests.Reading;

namespace Eros.Tests.Crash;

/// <summary>One machine; booted again and again over the same memory.</summary>
public sealed class SimulatedMachine : StoreObserver, IDisposable
{
    /// <summary>The protocol that simulated volumes are made for.</summary>
    public const uint Protocol = 1;

    /// <summary>The features of the simulated processor.</summary>
    public const ulong ProcessorFeatures = 7;

    private readonly HostMemory _host;
    private readonly CrashGate _gate = new();
    private readonly int _frameCount;
    private bool _isInterleaved;
    private CrashDisk? _second;
    private ReadingMachine _reading;
    private Predicate<(ulong Block, bool IsWrite)>? _failsAtBoot;

    /// <param name="frameCount">Physical frames; the store takes about 400 for itself.</param>
    /// <param name="image">The disk.</param>
    public SimulatedMachine(int frameCount, LayeredImage image)
    {
        _frameCount = frameCount;
        _host = new HostMemory(frameCount + 1 + (int)MirroredDisk.FramesNeeded);
        Disk = new CrashDisk(image, _host.Memory, _gate, Faults);
        Frames = null!;
        Store = null!;
        Mirror = null!;
    }

    /// <summary>What its disks have done.</summary>
    public FaultCounts Faults { get; } = new();

    public CrashDisk Disk { get; }

    /// <summary>The second disk; null when the machine was booted without one.</summary>
    public CrashDisk? Second { get; private set; }

    /// <summary>What the store is mounted from.</summary>
    public MirroredDisk Mirror { get; private set; }

    public FrameTable Frames { get; private set; }

    public SingleLevelStore Store { get; private set; }

    public PhysicalMemory Memory => _host.Memory;

    public Gate Gate => _gate;

    /// <summary>Generations that the store keeps in the log; known at the next boot.</summary>
    public ulong MostKept { get; set; } = CheckpointHeader.MaxUnmigrated - 1;

    /// <summary>What the store should hold.</summary>
    public StoreModel Model { get; set; } = new();

    /// <summary>What the store reported since the last boot.</summary>
    public List<(StoreMessage Message, ulong First, ulong Second)> Reports { get; } = [];

    public StorePhase CurrentPhase { get; private set; }

    /// <summary>
    /// Changes that were made since the last boot, those that had to wait, and pages that were journalled.
    /// </summary>
    public int Changes { get; private set; }
    public int Refusals { get; private set; }
    public int Journalled { get; private set; }

    /// <summary>The steps of the run that it is used for.</summary>
    public History History { get; } = new();

    /// <summary>Called on each change of phase.</summary>
    public Action<StorePhase>? OnPhase { get; set; }

    public void Dispose() => _host.Dispose();

    /// <summary>Power on: memory is what it was, and nothing in it is known any more.</summary>
    public RecoveryResult Boot(
        LayeredImage image,
        uint protocol = Protocol,
        ulong features = ProcessorFeatures,
        Predicate<(ulong Block, bool IsWrite)>? fails = null)
    {
        Disk.Attach(image);
        Second = null;
        return Start(protocol, features, fails);
    }

    /// <summary>Power on, with two disks; requests to the first may fail.</summary>
    public RecoveryResult Boot(
        LayeredImage first, LayeredImage second, Predicate<(ulong Block, bool IsWrite)>? fails = null)
    {
        Disk.Attach(first);
        Second = _second ??= new CrashDisk(second, _host.Memory, _gate, Faults);
        Second.Attach(second);
        return Start(Protocol, ProcessorFeatures, fails);
    }

    /// <summary>The disk that was booted from, as it was then, read by the second reader.</summary>
    public VolumeReader ReadAgain() => VolumeReader.Open(new LayeredView(Disk.Image, _failsAtBoot), _reading);

    /// <summary>The reset button: as <see cref="Boot"/>, but the disk keeps its write cache.</summary>
    public RecoveryResult Reset()
    {
        Disk.Settle();
        return Start(Protocol, ProcessorFeatures, null);
    }

    /// <summary>
    /// From now on the machine's domains go on while the store waits for the disk, and at times where it opens the
    /// gate, until the power goes.
    /// </summary>
    public void RunDomainsMeanwhile(ObjectChanger changer, SeededRandom random, CutPlan? plan)
    {
        Disk.OnCall = () =>
        {
            if (!_isInterleaved)
            {
                plan?.Count();
                RunDomains(changer, random, random.Below(4) - 1);
            }
        };
        _gate.OnOpen = () =>
        {
            if (!_isInterleaved && random.Chance(15))
            {
                RunDomains(changer, random, 1);
            }
        };
    }

    /// <summary>The entry of a frame, loaded if need be; -1 when it cannot be.</summary>
    public int Entry(ulong frame)
    {
        if (Frames.Find(frame) == FrameTable.None)
        {
            // There is one pager: nobody else loads meanwhile.
            bool wasInterleaved = _isInterleaved;
            _isInterleaved = true;
            Store.Load(frame);
            _isInterleaved = wasInterleaved;
        }

        return Frames.Find(frame);
    }

    /// <summary>A clean frame leaves memory, unless it is pinned; whoever wants it next has to load it.</summary>
    public void Evict(ulong frame)
    {
        int entry = Frames.Find(frame);
        bool stays = entry == FrameTable.None || Frames[entry].Flags != FrameFlags.None
            || (Frames.IsPinned(entry) && Frames.PinnedFrames <= Frames.PinLimit);
        if (!stays)
        {
            Frames.Remove(entry);
        }
    }

    /// <summary>Decode: the frame may be changed, or the change has to wait.</summary>
    public bool MakeDirty(int entry)
    {
        bool isDirty = Frames.MakeDirty(entry) == Outcome.Ok;
        Changes += isDirty ? 1 : 0;
        Refusals += isDirty ? 0 : 1;
        return isDirty;
    }

    /// <summary>
    /// Decides like the kernel whether a frame may be journalled, and if so has it done: what is then captured is what
    /// the page holds when the gate closes, and <paramref name="meanwhile"/> it may have become something else.
    /// </summary>
    public Outcome Journal(ulong frame, Action? meanwhile = null)
    {
        int entry = Entry(frame);
        if (entry == FrameTable.None || !Frames.HasSavedPage(frame, Frames[entry].Version))
        {
            return Outcome.Ok;
        }

        History.Tell($"page {frame} is journalled{(meanwhile == null ? "" : ", and changed meanwhile")}");
        meanwhile?.Invoke();
        _gate.OnClose = () =>
        {
            FrameModel page = Model.Now[frame];
            FrameModel saved = Model.At(Store.CommittedGeneration)![frame];
            bool isSame = page.Kind == FrameKind.Page && saved.Kind == FrameKind.Page && page.Version == saved.Version;
            Model.UnderWay = isSame ? (frame, page) : null;
        };
        Outcome outcome = Store.Journal(frame);
        if (outcome == Outcome.Ok && Model.UnderWay is var (_, journalled))
        {
            Model.Journal(frame, journalled);
            Journalled++;
        }
        else if (outcome == Outcome.DiskError && Model.UnderWay is var (_, unsure))
        {
            Model.Unsure.Add((Store.CommittedGeneration, frame, unsure));
        }

        _gate.OnClose = null;
        Model.UnderWay = null;
        return outcome;
    }

    /// <summary>A step in which any of the frames is journalled.</summary>
    public Outcome JournalAny(ObjectChanger changer, SeededRandom random)
    {
        using StepScope step = History.Begin();
        return step.IsDone ? Journal(changer.Choose(random)) : Outcome.Ok;
    }

    /// <summary>The frame's 512 words.</summary>
    public Span<ulong> Words(int entry) => MemoryMarshal.Cast<byte, ulong>(Frames.Bytes(entry));

    public override void Protect()
    {
        if (_gate.Depth == 0)
        {
            throw new InvariantException("snapshot with the gate open", 0);
        }
    }

    public override int CollectProcesses(Span<ulong> oids)
    {
        int count = 0;
        foreach (ulong frame in Model.Now.Running)
        {
            oids[count++] = Oid.Of(frame).Value;
        }

        return count;
    }

    public override ulong TimeNs()
    {
        // The last thing asked at a snapshot: the model takes its own here.
        Model.Now.TimeNs += 1000;
        Model.TakeSnapshot(Store.CommittedGeneration + 1);
        return Model.Now.TimeNs;
    }

    public override void SpaceLow()
    {
    }

    public override void MemoryLow()
    {
    }

    public override void SpaceFreed()
    {
    }

    public override void Loaded(ulong frame, Outcome outcome)
    {
    }

    public override void Phase(StorePhase phase)
    {
        CurrentPhase = phase;
        OnPhase?.Invoke(phase);
    }

    public override void Committed(ulong generation) => Model.Commit(generation);

    public override void Settled(ulong generation)
    {
    }

    public override void Report(StoreMessage message, ulong first, ulong second) =>
        Reports.Add((message, first, second));

    /// <summary>Changes objects, as domains do while the store waits; not in the middle of that.</summary>
    public void RunDomains(ObjectChanger changer, SeededRandom random, int changes)
    {
        if (_isInterleaved)
        {
            return;
        }

        _isInterleaved = true;
        for (int i = 0; i < changes; i++)
        {
            using StepScope step = History.Begin();
            for (int evicted = 0; evicted < 8 && step.IsDone; evicted++)
            {
                Evict(changer.Frames[random.Below(changer.Frames.Length)]);
            }

            if (step.IsDone)
            {
                changer.Change(this, random, changer.Choose(random));
            }
        }

        _isInterleaved = false;
    }

    private RecoveryResult Start(uint protocol, ulong features, Predicate<(ulong Block, bool IsWrite)>? fails)
    {
        Disk.Calm();
        Second?.Calm();
        Disk.Fails = fails;
        _failsAtBoot = fails;
        _reading = new ReadingMachine(protocol, features);
        Reports.Clear();
        CurrentPhase = StorePhase.Idle;
        Changes = 0;
        Refusals = 0;
        Journalled = 0;
        _isInterleaved = false;
        _gate.Reset();
        Frames = new FrameTable(_host.Memory, _frameCount, this);
        Frames.AddFreeFrames(1, (uint)_frameCount);
        Store = new SingleLevelStore(_host.Memory, Frames, _gate, this, protocol, features)
        {
            MostKept = MostKept,
        };
        Mirror = new MirroredDisk(_host.Memory, this, Disk, Second, (uint)_frameCount + 1);
        var result = new RecoveryResult { Refusal = Mirror.Choose() };
        return result.IsMounted ? Store.Mount(Mirror) : result;
    }
}
