using System.Collections.Generic;
using System.Linq;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Crash;
using Eros.Tests.Fuzz.Model;

namespace Eros.Tests.Fuzz.Steps;

/// <summary>Steps that only together do what is worth seeing, and that chance alone would seldom put together. Anything
/// may come between them.</summary>
internal sealed class PlanMaker(ModelWorld world, SeededRandom random)
{
    private const int Object = 20;
    private const int Argument = 21;
    private const int Answer = 22;

    private readonly CapabilityMaker _capabilities = new(world, random);

    public IEnumerable<Step> Next() => random.Below(3) switch
    {
        0 => StoreAndFetch(),
        1 => OpenGate(),
        _ => Promise(),
    };

    /// <summary>What a slot is given is fetched through a capability with less to it.</summary>
    private Step[] StoreAndFetch()
    {
        Capability node = _capabilities.Of(CapabilityType.Node);
        ulong slot = (ulong)random.Below(Node.SlotCount);
        return
        [
            Give(Object, node),
            Give(Argument, _capabilities.Any()),
            Ask(NodeOrder.Swap, slot),
            Give(Object, node.Less((Rights)random.Below(32))),
            Ask(NodeOrder.Fetch, slot),
        ];
    }

    /// <summary>A gate is opened at which somebody waits.</summary>
    private Step[] OpenGate()
    {
        ModelFrame[] waiting = [.. world.Frames.Where(
            frame => frame is { State: ActivityState.Stalled, Reason: StallReason.Gate })];
        if (waiting.Length == 0)
        {
            return [];
        }

        var gate = new Oid(waiting[random.Below(waiting.Length)].Key);
        uint version = world.Frame(gate.Frame)?.VersionOf(gate.Index) ?? 0;
        return [Give(Object, new Capability(CapabilityType.Node, gate, version)), Ask(NodeOrder.SetFlags)];
    }

    /// <summary>A reserve is installed, and a process gets a schedule with it.</summary>
    private Step[] Promise()
    {
        ModelFrame[] all = [.. world.Frames.Where(frame => frame.Kind == FrameKind.Process)];
        ModelFrame process = random.Chance(50) ? world.Current! : all[random.Below(all.Length)];
        uint number = (uint)random.Below(4);
        uint version = (uint)random.Below(3);
        uint priority = (uint)random.Below(10);
        ulong period = 1_000_000 + (ulong)random.Below(60_000_000);
        uint other = random.Chance(80) ? version : version + 1;
        uint data = priority | ((number + 1) << 8);
        return
        [
            Give(Object, new Capability((byte)CapabilityType.ReserveGrant, 0)),
            Ask(ReserveGrantOrder.Install,
                number | (priority << 8) | ((ulong)version << 32), period, period / (ulong)(2 + random.Below(8))),
            Give(Object, new Capability(CapabilityType.Process, Oid.Of(process.Number), process.Version)),
            Give(Argument, new Capability(CapabilityType.Schedule, default, other, data)),
            Ask(ProcessOrder.SwapSlot, ProcessSlot.Schedule),
            new Step(StepKind.Pass, (ulong)random.Below(20_000_000)),
            .. random.Chance(50) ? Pause() : CallFast(),
        ];
    }

    /// <summary>Whoever has the processor pauses, and comes back.</summary>
    private Step[] Pause()
    {
        ulong time = (ulong)random.Below(10_000_000);
        return
        [
            Give(Object, new Capability((byte)CapabilityType.Sleep, 0)),
            Ask(SleepOrder.For, time),
            new Step(StepKind.Pass, time),
        ];
    }

    /// <summary>It is answered by somebody who needs some time for it.</summary>
    private Step[] CallFast()
    {
        ModelFrame? server = world.Frames.FirstOrDefault(
            frame => frame.Kind == FrameKind.Process && frame.Process.RunState == RunState.Available);
        return server == null ? [] :
        [
            Give(Object, new Capability(CapabilityType.Start, Oid.Of(server.Number), server.Version)),
            Ask(1) with { Kind = StepKind.InvokeFast },
            new Step(StepKind.Pass, (ulong)random.Below(10_000_000)),
        ];
    }

    private static Step Give(int register, Capability capability) =>
        new(StepKind.Give, (ulong)register, capability.Low, capability.High);

    private static Step Ask(uint order, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        uint send = InvocationWord.Registers(Argument);
        uint receive = InvocationWord.Registers(Answer);
        ulong control = new InvocationWord(InvocationKind.Call, Object, send, receive).Value;
        return new Step(StepKind.Invoke, control, order, word1, word2, word3);
    }
}
