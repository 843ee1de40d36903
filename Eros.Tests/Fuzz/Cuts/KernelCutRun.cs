// KernelCutRun: one seed. The processes of a whole kernel do random things over a real store on a simulated disk, side
// by side with a model; they go on while checkpoints are written and migrated. Then the power goes. What the next
// machine comes back to is the model as it was at one of the snapshots: object by object, and process by process, each
// waiting for its turn. From there both go on side by side, and lose their power again.
//
// What is under way at a snapshot is whatever the random steps have led to: calls that are not answered, processes that
// wait for each other, at a closed gate, for a time or for the disk; resume capabilities in the hands of anybody.

using System;
using System.Collections.Generic;
using Eros.Build.Volume;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Recovery;
using Eros.Persistence.Store;
using Eros.Persistence.Volume;
using Eros.Tests.Crash;
using Eros.Tests.Fuzz.Model;
using Eros.Tests.Fuzz.Steps;
using Eros.Tests.Reading;
using SimulatedMachine = Eros.Tests.Fakes.SimulatedMachine;

namespace Eros.Tests.Fuzz.Cuts;

/// <summary>Makes runs, one after another, in memory that it keeps.</summary>
internal sealed class KernelCutRun : ISeededRun
{
    /// <summary>So many that neither memory nor log space runs short: that would be the store's own business, and the
    /// model does not know it.</summary>
    private const int MachineFrames = 1500;

    private const uint Protocol = 1;
    private const int LogBlocks = 1024;
    private const int Lives = 3;
    private const int LeastSteps = 60;
    private const int MostSteps = 400;
    private const int MostStepsMeanwhile = 4;
    private const int AgePercent = 3;

    /// <summary>Entries that the hand passes at a time.</summary>
    private const int Hand = 16;

    /// <summary>Of the disk, in a phase before the cut.</summary>
    private const int MostEvents = 25;
    private const int MostEventsOfCommit = 4;

    private readonly HostMemory _memory = new(MachineFrames + 1);
    private readonly CrashGate _gate = new();
    private readonly LayeredImage _pristine;
    private readonly LayeredImage _image;
    private readonly CrashDisk _disk;
    private readonly Dictionary<ulong, (ModelWorld World, InFlight InFlight)> _saved = [];
    private readonly KernelCutStatistics _statistics;
    private SeededRandom _random = new(0);
    private SimulatedMachine _machine = null!;
    private KernelCutEvents _events = null!;
    private ModelRun _run = null!;
    private StepMaker _maker = null!;
    private bool _isMeanwhile;

    public KernelCutRun(KernelCutStatistics statistics)
    {
        _statistics = statistics;
        int blocks = LogBlocks + (int)VolumeGeometry.JournalBlocks + TagBlock.FramesPerCluster * 4
            + (2 * VolumeGeometry.EndBlocks);
        _pristine = new LayeredImage(blocks, below: null);
        _image = new LayeredImage(blocks, _pristine);
        _disk = new CrashDisk(_pristine, _memory.Memory, _gate);
        Format(blocks);

        // As on a volume that was composed, there is a generation 1.
        Start(_pristine);
        Checkpoint();
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>One run; null, or what went wrong.</summary>
    public string? Run(ulong seed)
    {
        _random = new SeededRandom(seed);
        _image.Clear();
        _saved.Clear();
        _isMeanwhile = false;
        _statistics.Runs++;
        try
        {
            Begin();
            for (int life = 1; life < Lives; life++)
            {
                LiveUntilCut();
                ComeBack();
            }

            _run.CompareAll();
            return null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"{failure.GetType().Name}: {failure.Message}";
        }
    }

    private void Format(int blocks)
    {
        var events = new Fakes.SimulatedStoreEvents();
        var frames = new FrameTable(_memory.Memory, MachineFrames, events);
        frames.AddFreeFrames(1, MachineFrames);
        var volume = new MountedVolume(_memory.Memory, frames, _gate, events);
        var geometry = new VolumeGeometry((ulong)blocks, LogBlocks);
        Outcome outcome = new VolumeBuilder(volume).Format(_disk, geometry, id: 9, Protocol, []);
        Demand(outcome == Outcome.Ok, "it is not formatted");
    }

    /// <summary>The first machine, with a first checkpoint of the processes that all begins with.</summary>
    private void Begin()
    {
        Start(_image);
        StandardWorld.Build(_machine);
        Watch(null);
        _isMeanwhile = true;
        CheckpointAndGoOn();
        _isMeanwhile = false;
    }

    private void Start(LayeredImage image)
    {
        for (uint frame = 0; frame <= MachineFrames; frame++)
        {
            _memory.Memory.Clear(frame);
        }

        _gate.Reset();
        _disk.Attach(image);
        _disk.OnCall = null;
        _disk.OnWrite = null;
        _events = new KernelCutEvents();
        _machine = new SimulatedMachine(_disk, _gate, Protocol, _events, MachineFrames, _memory);
        Demand(_machine.Recovery.IsMounted, $"the volume is refused: {_machine.Recovery.Refusal}");
    }

    /// <summary>The model goes along from now on.</summary>
    /// <param name="world">What the machine has come back to; null: what it has in memory.</param>
    private void Watch(ModelWorld? world)
    {
        _run = new ModelRun(_machine, world) { OfStore = DoOfStore };
        _maker = new StepMaker(_run.World, _random);
        _events.OnSnapshot = () =>
        {
            ModelWorld now = _run.World;
            _saved[_machine.Store!.CommittedGeneration + 1] = (now.Restarted(0, 0, 0), InFlight.Of(now));
            now.Working++;
        };
        _events.OnCommitted = generation =>
        {
            _run.World.Committed = generation;
            _run.World.Wake(StallReason.Committed);
        };
        _events.OnSettled = generation =>
        {
            _run.World.Settled = generation;
            _run.World.Wake(StallReason.Settled);
        };
        _disk.OnCall = Meanwhile;
        _run.CompareAll();
        _run.Dispatch();
    }

    private void Steps(int count)
    {
        for (int i = 0; i < count && !_maker.IsStuck; i++)
        {
            if (_random.Chance(AgePercent))
            {
                Age();
            }

            Step step = _maker.Next();
            if (!IsOfJournal(step))
            {
                _run.Do(step);
                _statistics.Steps++;
            }

            if (_run.IsOver)
            {
                // Whoever has switched the machine off has cut the power.
                throw new PowerCutException();
            }
        }
    }

    /// <summary>Journalled pages are the store's own test's: here a page's bytes are those of its checkpoint.</summary>
    private bool IsOfJournal(in Step step)
    {
        if (step.Kind is not (StepKind.Invoke or StepKind.InvokeFast) || _run.World.Current is not { } current)
        {
            return false;
        }

        var word = new InvocationWord(step.W0);
        return step.W1 == CheckpointOrder.JournalPage
            && current.Process.Registers[word.Invoked].Type == CapabilityType.Checkpoint;
    }

    /// <summary>The disk is at work, and the processes go on.</summary>
    private void Meanwhile()
    {
        if (!_isMeanwhile)
        {
            _isMeanwhile = true;
            _run.Dispatch();
            Steps(_random.Below(MostStepsMeanwhile));
            _isMeanwhile = false;
        }
    }

    private void DoOfStore(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Load:
                Load(step.W0, isGood: step.W2 != 0);
                break;
            case StepKind.Commit or StepKind.Migrate when !_isMeanwhile:
                Checkpoint();
                break;
        }
    }

    private void Load(ulong number, bool isGood)
    {
        if (!_run.World.IsAbsent(number))
        {
            return;
        }

        if (!isGood)
        {
            _events.Loaded(number, Outcome.BadBlock);
        }
        else
        {
            int entry = LoadFrame(number);
            if (_run.World.Frame(number) is { } back)
            {
                _run.World.Return(back);
            }
            else
            {
                ref FrameEntry e = ref _machine.Frames[entry];
                _machine.Frames.Bytes(entry).CopyTo(_run.World.Enter(number, e.Kind, e.Version).Bytes);
            }
        }

        _run.World.Loaded(number, isGood);
    }

    /// <summary>As if memory were short: what has not been used lately leaves, if it is clean.</summary>
    private void Age()
    {
        for (int left = _random.Below(3 * MachineFrames); left > 0; left -= Hand)
        {
            _machine.Kernel.Age(Hand);
        }

        foreach (ModelFrame frame in _run.World.Frames)
        {
            bool isOut = _machine.Frames.Find(frame.Number) == FrameTable.None;
            Demand(isOut || !frame.IsOut, $"frame {frame.Number} has come back by itself");
            Demand(!isOut || frame.IsOut || !frame.IsPinned, $"frame {frame.Number} has left, though it is pinned");
            _statistics.PinnedStayed += !isOut && frame.IsPinned ? 1 : 0;
            _statistics.Left[(int)frame.Kind] += isOut && !frame.IsOut ? 1 : 0;
            frame.IsOut = isOut;
        }

        _run.Dispatch();
    }

    private int LoadFrame(ulong number)
    {
        bool wasMeanwhile = _isMeanwhile;
        _isMeanwhile = true;
        Outcome outcome = _machine.Store!.Load(number);
        _isMeanwhile = wasMeanwhile;
        Demand(outcome == Outcome.Ok, $"frame {number} is not loaded: {outcome}");
        return _machine.Frames.Find(number);
    }

    /// <summary>A checkpoint, brought home, with the processes going on.</summary>
    private void Checkpoint()
    {
        SingleLevelStore store = _machine.Store!;
        Demand(!store.NeedsMigration || store.Migrate() == Outcome.Ok, "migration failed");
        Demand(store.Checkpoint() == Outcome.Ok, "checkpoint failed");
        Demand(store.Migrate() == Outcome.Ok, "migration failed");
    }

    /// <summary>Whoever ran when the snapshot came is entered anew, as after every kernel thread's turn.</summary>
    private void CheckpointAndGoOn()
    {
        Checkpoint();
        _run.Dispatch();
    }

    private void LiveUntilCut()
    {
        CutPlan plan = ChoosePlan();
        try
        {
            // With a plan that nothing comes up to, the power goes when the checkpoint is home.
            Steps(LeastSteps + _random.Below(MostSteps));
            _events.OnPhase = plan.Enter;
            _disk.OnWrite = _ => plan.Count();
            Checkpoint();
        }
        catch (PowerCutException)
        {
        }

        _isMeanwhile = false;
        _statistics.RingsLost += _run.World.RingsLost;
        _statistics.Cut(_events.Current);
        _disk.Cut(_image, CutPattern.Choose(_random, _disk.PendingCount));
    }

    private CutPlan ChoosePlan()
    {
        var phase = (StorePhase)_random.Below((int)StorePhase.Migrate + 1);
        return new CutPlan(phase, phase switch
        {
            StorePhase.Stabilise => _random.Below(MostEvents),
            StorePhase.Commit => _random.Below(MostEventsOfCommit),
            StorePhase.Migrate => _random.Below(MostEvents),
            _ => 0,
        });
    }

    private void ComeBack()
    {
        ulong acknowledged = _machine.Store!.CommittedGeneration;
        ulong newest = _events.Current >= StorePhase.Commit ? acknowledged + 1 : acknowledged;
        Start(_image);
        RecoveryResult result = _machine.Recovery;
        Demand(
            result.Generation >= acknowledged && result.Generation <= newest,
            $"generation {result.Generation} came back; {acknowledged} was acknowledged, {newest} the newest");
        (ModelWorld world, InFlight inFlight) = _saved[result.Generation];
        world = world.Restarted(result.BootEpoch, result.Generation, result.TimeNs);
        foreach (ModelFrame frame in world.Frames)
        {
            LoadFrame(frame.Number);
        }

        ReadAgain(result, world);
        Watch(world);
        _run.CompareAll();
        _statistics.CameBack(inFlight);
    }

    /// <summary>The second reader finds the same on the disk. What the kernel has changed since it mounted is its
    /// own.</summary>
    private void ReadAgain(in RecoveryResult result, ModelWorld world)
    {
        var reader = VolumeReader.Open(new LayeredView(_image), new ReadingMachine(Protocol, Features: 0));
        string? error = ReaderComparison.CheckRoot(_machine.Store!, _machine.Frames, result, reader);
        foreach (ModelFrame frame in world.Frames)
        {
            int entry = _machine.Frames.Find(frame.Number);
            bool isClean = _machine.Frames[entry].Flags == FrameFlags.None;
            error ??= isClean ? ReaderComparison.CheckFrame(_machine.Frames, entry, frame.Number, reader) : null;
        }

        Demand(error == null, error!);
    }

    private static void Demand(bool condition, string what)
    {
        if (!condition)
        {
            throw new DifferenceException(what);
        }
    }
}
