using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Eros.Build.Volume;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Scheduling;
using Eros.Kernel.Spaces;
using Eros.Kernel.Threads;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Tests.Fakes;
using Eros.Tests.Fuzz.Model;
using Eros.Tests.Fuzz.Model.Types;
using Eros.Tests.Fuzz.Steps;

namespace Eros.Tests.Fuzz;

/// <summary>
/// A simulated machine and its model, side by side: every step is done to both, and what it can have touched is
/// compared at once; all there is, now and then. Which of several processes is next is the scheduler's own business, as
/// long as none is more urgent; the model is told.
/// </summary>
internal sealed partial class ModelRun : IDisposable
{
    /// <summary>Frames of memory that a machine has.</summary>
    public const int MemoryFrames = 320;

    private const uint ClaimLimit = 300;
    private const int FewFrames = 100;
    private const int PinsLeft = 2;
    private const int MostLineBytes = 160;
    private const int WordBytes = 8;

    private readonly SimulatedMachine _machine;
    private readonly WatchedRunner _runner;
    private readonly CutWatch _cut;
    private readonly ulong[] _processes = new ulong[Limits.Processes];

    /// <param name="memory">Of <see cref="MemoryFrames"/> + 1 frames; it may have served before.</param>
    public ModelRun(HostMemory memory)
    {
        for (uint i = 0; i <= MemoryFrames; i++)
        {
            memory.Memory.Clear(i);
        }

        _machine = new SimulatedMachine(ClaimLimit, MemoryFrames, memory);
        _cut = new CutWatch(_machine.Frames, memory.Memory);
        StandardWorld.Build(_machine);
        PinMost();
        _runner = new WatchedRunner(_machine.Kernel);
        _machine.Kernel.Scheduler.Attach(_runner);
        World = new ModelWorld(SimulatedMachine.HomeFrames)
        {
            BootEpoch = _machine.Counters.Values.BootEpoch,
            PinLimit = _machine.Frames.PinLimit,
        };
        Import();
        Dispatch();
    }

    /// <param name="machine">With a disk.</param>
    /// <param name="world">What it has come back to, all of which is in memory by now; null: what is in its memory.
    /// </param>
    public ModelRun(SimulatedMachine machine, ModelWorld? world)
    {
        _machine = machine;
        _cut = new CutWatch(machine.Frames, machine.Memory);
        _runner = new WatchedRunner(machine.Kernel);
        machine.Kernel.Scheduler.Attach(_runner);
        World = world ?? new ModelWorld(machine.Frames.HomeFrames)
        {
            BootEpoch = machine.Counters.Values.BootEpoch,
            Working = machine.Kernel.Checkpoints.Working,
            Committed = machine.Kernel.Checkpoints.Committed,
            Settled = machine.Kernel.Checkpoints.Settled,
        };
        World.PinLimit = machine.Frames.PinLimit;
        if (world == null)
        {
            Import();
        }
    }

    public ModelWorld World { get; }

    /// <summary>True when the machine has been switched off: nothing follows.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The kernel's answer to the step that was done last, in words.</summary>
    public string LastAnswer { get; private set; } = "";

    public Coverage Coverage { get; init; } = new();

    /// <summary>Makes an invocation by the fast path, if that takes it; null: there is none.</summary>
    public Func<SimulatedMachine, bool>? FastPath { get; init; }

    /// <summary>The same of an exception, with its code and error code.</summary>
    public Func<SimulatedMachine, FaultCode, ulong, bool>? FastFault { get; init; }

    /// <summary>With a disk: does the steps Snapshot, Load, Commit and Migrate, to both.</summary>
    public Action<Step>? OfStore { get; init; }

    private Eros.Kernel.Kernel Kernel => _machine.Kernel;

    public void Dispose() => _machine.Dispose();

    /// <exception cref="DifferenceException">Model and kernel do not agree.</exception>
    public void Do(in Step step)
    {
        LastAnswer = "";
        World.ForgetTouched();
        switch (step.Kind)
        {
            case StepKind.Give or StepKind.Invoke or StepKind.InvokeFast or StepKind.Touch or StepKind.Fault:
                if (World.Current != null)
                {
                    Coverage.Add(step.Kind);
                    DoOfProcess(step);
                }

                break;
            default:
                Coverage.Add(step.Kind);
                DoOfMachine(step);
                break;
        }

        if (IsOver)
        {
            return;
        }

        Kernel.TellListener(out _);
        if (World.Console.TellListeners())
        {
            World.Devices.TellListeners();
        }

        Dispatch();
        CompareConsole();
        foreach (ModelFrame frame in World.Touched)
        {
            Compare(frame);
        }

        CompareAbsent();
    }

    /// <summary>Compares everything, and looks at the kernel's own invariants.</summary>
    public void CompareAll()
    {
        foreach (ModelFrame frame in World.Frames)
        {
            Compare(frame);
        }

        int count = 0;
        for (int i = 0; i < Limits.Processes; i++)
        {
            ref Activity activity = ref Kernel.Activities[i];
            if (activity.State != ActivityState.Free)
            {
                count++;
                CompareActivity(World.Frame(activity.Frame), activity);
            }
        }

        foreach (ModelFrame frame in World.Frames)
        {
            count -= frame.State == ActivityState.Free ? 0 : 1;
        }

        Demand(count == 0, "processes that have somewhere to go", count);
        uint pinned = _machine.Frames.PinnedFrames;
        Demand(pinned == World.PinnedFrames, "frames that are pinned", pinned, World.PinnedFrames);
        CompareDevices();
        KernelCheck.Check(_machine, "all");
    }

    private static void Demand(bool condition, string what, object kernel, object? model = null)
    {
        if (!condition)
        {
            throw new DifferenceException(model == null ? $"{what}: {kernel}" : $"{what}: {kernel}, expected {model}");
        }
    }

    private static string Text(in Capability capability) =>
        $"{capability.Type} {capability.Oid.Frame}.{capability.Oid.Index} v{capability.Version:x}"
        + $" data {capability.Data:x} less {capability.Rights}";

    /// <summary>Few more frames may be pinned than are.</summary>
    private void PinMost()
    {
        FrameTable frames = _machine.Frames;
        for (int entry = 0; frames.PinnedFrames + PinsLeft < frames.PinLimit; entry++)
        {
            if (frames[entry].Kind is FrameKind.Page or FrameKind.Pot)
            {
                frames.SetPinned(entry, true);
            }
        }
    }

    private void Import()
    {
        for (int entry = 0; entry < _machine.Frames.Capacity; entry++)
        {
            ref FrameEntry e = ref _machine.Frames[entry];
            if (e.Pfn != 0 && e.Kind != FrameKind.Tag && _machine.Frames.Find(e.Frame) == entry)
            {
                ModelFrame frame = World.Enter(e.Frame, e.Kind, e.Version);
                _machine.Frames.Bytes(entry).CopyTo(frame.Bytes);
                frame.IsPinned = _machine.Frames.IsPinned(entry);
                if (frame.Kind == FrameKind.Process && frame.Process.RunState == RunState.Running)
                {
                    World.Start(frame);
                }
            }
        }
    }

    private void DoOfProcess(in Step step)
    {
        ModelFrame current = World.Current!;
        ref ProcessFrame real = ref Kernel.Objects.Process(ProcessControl.Current(Kernel));
        World.Touch(current);
        switch (step.Kind)
        {
            case StepKind.Give:
                var capability = new Capability(step.W1, step.W2);
                int register = (int)(step.W0 % Node.SlotCount);
                capability = register != 0 ? capability : Capability.Void;
                real.Registers[register] = capability;
                current.Process.Registers[register] = capability;
                LastAnswer = Text(capability);
                break;
            case StepKind.Touch:
                Touch(current, step.W0, (Access)(step.W1 % 3), step.W2);
                break;
            case StepKind.Fault:
                Fault(current, real.Rip, (FaultCode)step.W0, step.W1, step.W2 != 0);
                break;
            default:
                SetRegisters(ref real, step);
                SetRegisters(ref current.Process, step);
                Invoke(step.Kind == StepKind.InvokeFast);
                break;
        }
    }

    private void Fault(ModelFrame current, ulong address, FaultCode code, ulong error, bool isFast)
    {
        if (!isFast || FastFault?.Invoke(_machine, code, error) != true)
        {
            Kernel.Fault(code, address, error);
        }

        World.Faults.Raise(current, code, address, error);
    }

    private static void SetRegisters(ref ProcessFrame frame, in Step step)
    {
        frame.Rax = step.W0;
        frame.Rdi = step.W1;
        frame.Rsi = step.W2;
        frame.Rdx = step.W3;
        frame.R8 = step.W4;
        frame.R9 = step.W5;
        frame.R10 = step.W6;
        frame.R12 = step.W7;
    }

    private void Invoke(bool isFast)
    {
        bool isOff = false;
        try
        {
            if (!isFast || FastPath == null || !FastPath(_machine))
            {
                Kernel.SystemCall();
            }
        }
        catch (PoweredOffException)
        {
            isOff = true;
        }

        ref Eros.Kernel.Protocol.KernelCounters counters = ref _machine.Counters.Values;
        World.Counters = MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref counters, 1)).ToArray();
        Ending ending = World.Calls.SystemCall();
        Demand(isOff == (ending == Ending.PoweredOff), "switched off", isOff, ending);
        IsOver = isOff;
        if (World.Calls.Last is { } ask)
        {
            Coverage.Add(ask);
            string result = ending == Ending.Answered ? $"{(Eros.Kernel.Protocol.Result)ask.Reply.Order}" : $"{ending}";
            LastAnswer = $"{Coverage.Name(ask.Invoked.Type, ask.Sent.Order)} of {Text(ask.Invoked)}: {result}";
        }
    }

    private void Touch(ModelFrame current, ulong address, Access access, ulong value)
    {
        address = address << 17 >> 17 & ~7UL;
        Translation? there = _machine.Mmu.Access(address, access == Access.Write, access == Access.Execute);
        if (there == null)
        {
            Kernel.PageFault(address, access);
        }

        Sight sight = World.Space.Look(current.Process.Space, address, access);
        bool isThere = sight.Outcome == SpaceOutcome.Ok;
        LastAnswer = $"{sight.Outcome} {sight.Code}";
        if (there == null)
        {
            World.Faults.PageFault(current, address, access);
            there = isThere ? _machine.Mmu.Access(address, access == Access.Write, access == Access.Execute) : null;
        }

        Demand(isThere == (there != null), $"access to {address:x}", there != null, isThere);
        if (there == null)
        {
            return;
        }

        int offset = (int)(address % PhysicalMemory.FrameBytes);
        Span<byte> real = _machine.Memory.Bytes(there.Value.Pfn).Slice(offset, WordBytes);
        Span<byte> model = sight.Page!.Bytes.Slice(offset, WordBytes);
        Demand(real.SequenceEqual(model), $"what is read at {address:x}", Hex(real), Hex(model));
        if (access == Access.Write)
        {
            World.Touch(sight.Page);
            MemoryMarshal.Write(real, value);
            MemoryMarshal.Write(model, value);
        }
    }

    private void DoOfMachine(in Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Snapshot or StepKind.Load or StepKind.Commit or StepKind.Migrate when OfStore != null:
                OfStore(step);
                break;
            case StepKind.Pass:
                _machine.Pass(step.W0);
                World.Pass(_machine.Clock.Time);
                break;
            case StepKind.Snapshot:
                Snapshot();
                break;
            case StepKind.Load:
                Load(step.W0, (FrameKind)(step.W1 % 4), step.W2 != 0);
                break;
            case StepKind.Output:
                var bytes = new byte[Math.Min(step.W0, 100_000)];
                int taken = Kernel.Terminal.TakeOutput(bytes);
                Demand(World.Console.Take(bytes.AsSpan(0, taken), bytes.Length), "console output", taken);
                break;
            case StepKind.Type:
                Kernel.Terminal.Typed((byte)step.W0);
                World.Console.Typed((byte)step.W0);
                break;
            case StepKind.Commit:
                Commit();
                break;
            case StepKind.Raise:
                int place = (int)(step.W0 % Limits.DeviceLines);
                if (World.Devices.Lines[place].IsOpen)
                {
                    Kernel.Lines.Raised(place);
                    World.Devices.Raise(place);
                }

                break;
            default:
                World.Settled = World.Committed;
                _machine.Events.Settled(World.Settled);
                World.Wake(StallReason.Settled);
                break;
        }
    }

    private void Snapshot()
    {
        FrameTable frames = _machine.Frames;
        if (frames.Snapshot.Length == 0)
        {
            _machine.Events.Phase(StorePhase.Snapshot);
            frames.BeginSnapshot();
            _cut.Begin();
            return;
        }

        _cut.End();
    }

    private void Load(ulong number, FrameKind kind, bool isGood)
    {
        if (!World.IsAbsent(number) || _machine.Frames.FreeFrames < FewFrames)
        {
            return;
        }

        if (isGood)
        {
            _machine.Enter(number, kind);
            World.Enter(number, kind, 1);
        }

        _machine.Events.Loaded(number, isGood ? Outcome.Ok : Outcome.BadBlock);
        World.Loaded(number, isGood);
    }

    private void Commit()
    {
        int count = _machine.Events.CollectProcesses(_processes);
        foreach (ModelFrame frame in World.Frames)
        {
            bool isListed = Array.IndexOf(_processes, Oid.Of(frame.Number).Value, 0, count) >= 0;
            Demand(isListed == (frame.State != ActivityState.Free), $"process {frame.Number} is saved", isListed);
        }

        World.Committed = World.Working++;
        _machine.Events.Committed(World.Committed);
        World.Wake(StallReason.Committed);
    }

    /// <summary>The kernel goes on with whoever is next; the model follows it from process to process.</summary>
    public void Dispatch()
    {
        _runner.Entered.Clear();
        Kernel.Scheduler.Dispatch();
        if (World.Current is { } goesOn)
        {
            World.Reserves.Begin(goesOn.Ring);
            World.Reserves.Run(goesOn.Ring);
        }

        foreach ((ulong number, bool hasRun) in _runner.Entered)
        {
            ModelFrame? next = World.Frame(number);
            bool isReady = next is { State: ActivityState.Ready or ActivityState.Running };
            Demand(isReady, $"process {number} has its turn, being", $"{next?.State}");
            if (World.Current != null && World.Current != next)
            {
                World.PutBack();
            }

            bool isAnyAbove = World.Faults.IsAnyReadyAbove(World.Reserves.RankOf(next!.Ring));
            Demand(!isAnyAbove, "more urgent than who has its turn", number);
            if (World.Current == null)
            {
                World.Reserves.Run(null);
            }

            int before = next.Ring;
            bool runs = World.Faults.Enter(next);
            Demand(runs == hasRun, $"process {number} runs", hasRun, runs);
            if (runs && next.Ring != before)
            {
                World.Reserves.Begin(next.Ring);
            }
        }

        World.Reserves.Run(World.Current?.Ring);
        CompareReserves();

        int current = ProcessControl.Current(Kernel);
        ulong? real = current == ProcessControl.Nobody ? null : _machine.Frames[current].Frame;
        Demand(real == World.Current?.Number, "process on the processor", $"{real}", $"{World.Current?.Number}");
        Demand(real != null || !World.Faults.IsAnyReadyAbove((-1, 0)), "idle", "though somebody is ready");
    }

    private void CompareReserves()
    {
        for (int i = 0; i < Limits.Reserves; i++)
        {
            Reserves reserves = Kernel.Scheduler.Reserves;
            ref readonly Reserve real = ref reserves[i];
            (ulong Period, ulong Duration, ulong Used) model = World.Reserves[i];
            Demand(real.PeriodNs == model.Period, $"period of reserve {i}", real.PeriodNs, model.Period);
            if (World.Reserves.StandOf(i) is { } stand)
            {
                bool isRunning = reserves.Running == Limits.Priorities + i;
                ulong uncounted = isRunning ? World.Now - reserves.CountedNs : 0;
                ulong used = real.UsedNs + uncounted;
                long left = real.LeftNs - (long)uncounted;
                Demand(used == model.Used, $"time used of reserve {i}", used, model.Used);
                Demand(real.EndNs == stand.End, $"end of the period of reserve {i}", real.EndNs, stand.End);
                Demand(left == stand.Left, $"time left of reserve {i}", left, stand.Left);
            }
        }
    }

    private void CompareConsole()
    {
        int count = Limits.ConsoleOutput - Kernel.Terminal.Room;
        int own = count - World.Console.OutputCount;
        Demand(own == 0 || (World.Faults.HasStopped && own is > 0), "console output", count, World.Console.OutputCount);
        Demand(own < MostLineBytes * Limits.Priorities, "bytes of the kernel's own on the console", own);
        Demand(Kernel.Terminal.InputCount == World.Console.InputCount, "input", Kernel.Terminal.InputCount);
        World.Console.WriteAnything(own);
        World.Faults.HasStopped = false;
    }

    private void CompareDevices()
    {
        foreach (((ulong address, int bytes), ulong value) in World.Devices.Values)
        {
            ulong real = _machine.Devices.Values.GetValueOrDefault((address, bytes));
            Demand(real == value, $"{bytes} bytes at device address {address:x}", real, value);
        }

        Demand(
            World.Devices.Values.Count == _machine.Devices.Values.Count,
            "device addresses that were written",
            _machine.Devices.Values.Count,
            World.Devices.Values.Count);
        for (int place = 0; place < Limits.DeviceLines; place++)
        {
            (uint Line, bool IsOpen) real = _machine.Devices.Lines[place];
            Demand(real == World.Devices.Lines[place], $"line at place {place}", real, World.Devices.Lines[place]);
        }
    }

    private void Compare(ModelFrame frame)
    {
        int entry = _machine.Frames.Find(frame.Number);
        Demand(entry >= 0 == !frame.IsOut, $"frame {frame.Number}", entry >= 0 ? "there" : "not there");
        if (frame.IsOut)
        {
            return;
        }

        ref FrameEntry e = ref _machine.Frames[entry];
        Demand(e.Kind == frame.Kind, $"kind of frame {frame.Number}", e.Kind, frame.Kind);
        Demand(e.Version == frame.Version, $"version of frame {frame.Number}", e.Version, frame.Version);
        bool isPinned = _machine.Frames.IsPinned(entry);
        Demand(isPinned == frame.IsPinned, $"frame {frame.Number} is pinned", isPinned, frame.IsPinned);
        Span<byte> bytes = _machine.Frames.Bytes(entry);
        if (OfStore != null && (frame.Kind is FrameKind.Pot or FrameKind.Process))
        {
            // What the store signs them with.
            frame.Process.Crc = MemoryMarshal.Read<uint>(bytes);
            frame.Process.Generation = MemoryMarshal.AsRef<ProcessFrame>(bytes).Generation;
        }

        if (!bytes.SequenceEqual(frame.Bytes))
        {
            int at = bytes.CommonPrefixLength(frame.Bytes) & ~(WordBytes - 1);
            throw new DifferenceException(
                $"{frame.Kind} in frame {frame.Number}, at offset {at}: {Hex(bytes.Slice(at, WordBytes))}, expected "
                + Hex(frame.Bytes.Slice(at, WordBytes)));
        }
    }

    private static string Hex(ReadOnlySpan<byte> word) => $"{MemoryMarshal.Read<ulong>(word):x}";

    // Who is on the disk only: the rest of it is compared when it comes back.
    private void CompareAbsent()
    {
        foreach (ModelFrame frame in World.Frames)
        {
            if (frame.IsOut && frame.State != ActivityState.Free)
            {
                int activity = Kernel.Activities.FindByFrame(frame.Number);
                Demand(activity != ActivityTable.None, $"process {frame.Number}", "no activity", frame.State);
                CompareActivity(frame, Kernel.Activities[activity]);
            }
        }
    }

    private void CompareActivity(ModelFrame? frame, in Activity activity)
    {
        string what = $"process {activity.Frame}";
        Demand(frame != null, what, "not known");
        Demand(frame!.State == activity.State, $"{what} is", activity.State, frame.State);
        Demand(frame.Ring == activity.Ring, $"ring of {what}", activity.Ring, frame.Ring);
        if (frame.State != ActivityState.Free && World.RingOf(frame) < Limits.Priorities)
        {
            int level = World.Reserves.RankOf(frame.Ring).Level;
            Demand(level >= World.RingOf(frame), $"least level of {what}", level, World.RingOf(frame));
        }

        ulong? unreadable = (activity.Flags & ActivityFlags.LoadFailed) != 0 ? activity.ToldFrame : null;
        Demand(unreadable == frame.Unreadable, $"{what} is told of", $"{unreadable}", $"{frame.Unreadable}");
        if (frame.State == ActivityState.Stalled)
        {
            Demand(frame.Reason == activity.Reason, $"{what} waits for", activity.Reason, frame.Reason);
        }

        if (frame.State is ActivityState.Stalled or ActivityState.Sleeping)
        {
            Demand(frame.Key == activity.Key, $"{what} waits for", activity.Key, frame.Key);
        }
    }

    /// <summary>Notes whose turn came, in order.</summary>
    private sealed class WatchedRunner(Eros.Kernel.Kernel kernel) : ActivityRunner
    {
        private readonly DomainRunner _runner = new(kernel);

        public List<(ulong Frame, bool HasRun)> Entered { get; } = [];

        public override bool TryEnter(int activity)
        {
            ulong frame = kernel.Activities[activity].Frame;
            bool hasRun = _runner.TryEnter(activity);
            Entered.Add((frame, hasRun));
            return hasRun;
        }

        public override void Resume(KernelThread? from) => _runner.Resume(from);
    }
}
