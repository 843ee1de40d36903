using System.Collections.Generic;
using System.Linq;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Crash;
using Eros.Tests.Fuzz.Model;
using Eros.Tests.Fuzz.Model.Types;

namespace Eros.Tests.Fuzz.Steps;

/// <summary>
/// Makes up what happens next: mostly what makes sense for a process with those capabilities, often at an edge of it,
/// at times anything.
/// </summary>
internal sealed class StepMaker(ModelWorld world, SeededRandom random)
{
    private const int Registers = 32;
    private const int HomeFrames = Fakes.SimulatedMachine.HomeFrames;

    private readonly Queue<Step> _planned = [];
    private readonly CapabilityMaker _capabilities = new(world, random);
    private readonly WordMaker _words = new(world, random);
    private readonly PlanMaker _plans = new(world, random);

    /// <summary>True when nothing can go on any more.</summary>
    public bool IsStuck { get; private set; }

    public Step Next()
    {
        if (_planned.TryDequeue(out Step planned))
        {
            return planned;
        }

        if (world.Current == null)
        {
            return NextIdle();
        }

        if (world.RingOf(world.Current) == 0 && random.Chance(97))
        {
            return Heal();
        }

        return random.Below(100) switch
        {
            < 6 => Give(random.Below(Registers - 1) + 1, _capabilities.Any()),
            < 14 => Touch(),
            < 15 => new Step(StepKind.Fault, (ulong)random.Below(8) + 16, _words.Any(), (ulong)random.Below(2)),
            < 18 => NextOfMachine(),
            < 20 => NextOfPlan(),
            _ => Invoke(),
        };
    }

    private Step NextOfPlan()
    {
        foreach (Step step in _plans.Next())
        {
            _planned.Enqueue(step);
        }

        return _planned.TryDequeue(out Step first) ? first : Invoke();
    }

    private static Step Give(int register, Capability capability) =>
        new(StepKind.Give, (ulong)register, capability.Low, capability.High);

    /// <summary>Nobody can run: what some wait for comes.</summary>
    private Step NextIdle()
    {
        ModelFrame[] waiting = [.. world.Frames.Where(IsHopeful)];
        if (waiting.Length == 0)
        {
            IsStuck = true;
            return NextOfMachine();
        }

        ModelFrame one = waiting[random.Below(waiting.Length)];
        return one.State == ActivityState.Sleeping
            ? new Step(StepKind.Pass, one.Key - world.Now)
            : one.Reason switch
            {
                StallReason.Load => Load(one.Key),
                StallReason.ConsoleRoom => new Step(StepKind.Output, 70_000),
                StallReason.Committed => new Step(StepKind.Commit),
                _ => new Step(StepKind.Migrate),
            };
    }

    /// <summary>True for a process that waits for something which is not up to another process.</summary>
    private static bool IsHopeful(ModelFrame frame) => frame.State switch
    {
        ActivityState.Sleeping => frame.Key != ulong.MaxValue,
        ActivityState.Stalled => frame.Reason
            is StallReason.Load or StallReason.ConsoleRoom or StallReason.Committed or StallReason.Settled,
        _ => false,
    };

    private Step NextOfMachine() => random.Below(10) switch
    {
        < 3 => new Step(StepKind.Pass, (ulong)random.Below(20_000_000)),
        < 5 => new Step(StepKind.Snapshot),
        5 => new Step(StepKind.Output, (ulong)random.Below(9000)),
        6 => new Step(StepKind.Type, random.Chance(20) ? ModelConsole.AttentionByte : (ulong)random.Below(256)),
        7 => new Step(StepKind.Commit),
        8 => new Step(random.Chance(50) ? StepKind.Migrate : StepKind.Raise, (ulong)random.Below(Limits.DeviceLines)),
        _ => Load(AwaitedFrame()),
    };

    private ulong AwaitedFrame()
    {
        ModelFrame? waiting = world.Frames.FirstOrDefault(
            frame => frame is { State: ActivityState.Stalled, Reason: StallReason.Load });
        return waiting?.Key ?? (ulong)random.Below(HomeFrames);
    }

    private Step Load(ulong frame) =>
        new(StepKind.Load, frame, (ulong)random.Below(4), random.Chance(60) ? 1u : 0);

    /// <summary>The least urgent process sets others going again, as a debugger would.</summary>
    private Step Heal()
    {
        ModelFrame? sick = Sick();
        if (sick == null)
        {
            return NextOfMachine();
        }

        var process = new Capability(CapabilityType.Process, Oid.Of(sick.Number), sick.Version);
        if (sick.Process.Schedule.Type != CapabilityType.Schedule)
        {
            var schedule = new Capability(CapabilityType.Schedule, default, 0, 5);
            _planned.Enqueue(Give(21, schedule));
            _planned.Enqueue(Control(ProcessOrder.SwapSlot, InvocationWord.Registers(21)));
        }

        _planned.Enqueue(Control(random.Chance(60) ? ProcessOrder.Run : ProcessOrder.MakeAvailable, 0));
        _planned.Enqueue(new Step(StepKind.Pass, 30_000_000));
        return Give(20, process);

        static Step Control(uint order, uint send) =>
            new(StepKind.Invoke, new InvocationWord(InvocationKind.Call, 20, send, 0).Value, order);
    }

    private ModelFrame? Sick()
    {
        ModelFrame[] all = [.. world.Frames.Where(frame => frame.Kind == FrameKind.Process && frame != world.Current
            && frame.State is ActivityState.Free or ActivityState.Stalled)];
        return all.Length == 0 ? null : all[random.Below(all.Length)];
    }

    private Step Touch()
    {
        ulong address = _words.Address() & ((1UL << 47) - 1);
        return new Step(StepKind.Touch, address & ~7UL, (ulong)random.Below(3), _words.Any());
    }

    /// <summary>Each type has its turn as often as any other: a capability of it is given if there is none.</summary>
    private Step Invoke()
    {
        CapabilityType wanted = TypeModel.All[random.Below(TypeModel.All.Length)].Type;
        int register = _words.FindRegister(wanted);
        if (register != 0 && !random.Chance(40))
        {
            return _words.Invocation(register, world.Current!.Process.Registers[register]);
        }

        register = random.Below(Registers - 1) + 1;
        Capability capability = random.Chance(95) ? _capabilities.Of(wanted) : _capabilities.Any();
        _planned.Enqueue(_words.Invocation(register, capability));
        return Give(register, capability);
    }
}
