using System.Linq;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Crash;
using Eros.Tests.Fakes;
using Eros.Tests.Fuzz.Model;

namespace Eros.Tests.Fuzz.Steps;

/// <summary>Makes capabilities up: of what there is, with some rights; of what there was; and of nothing.</summary>
internal sealed class CapabilityMaker(ModelWorld world, SeededRandom random)
{
    private const int PageGuard = 12;
    private const int NodeLog2 = 5;
    private const ulong LastFrame = 1000;

    /// <summary>The types that this kernel knows, and one beyond.</summary>
    private const int Types = (int)CapabilityType.ReserveGrant + 2;

    public Capability Any() => random.Below(20) switch
    {
        0 => new Capability(random.Next(), random.Next()),
        1 => Flipped(Of((CapabilityType)random.Below(Types))),
        _ => Of((CapabilityType)random.Below(Types)),
    };

    public Capability Of(CapabilityType type)
    {
        Capability capability = Make(type);
        return random.Chance(3) ? Flipped(capability) : capability;
    }

    private Capability Make(CapabilityType type)
    {
        switch (type)
        {
            case CapabilityType.Number:
                return random.Chance(60)
                    ? Capability.Number((ulong)random.Below(StandardWorld.Brands))
                    : Capability.Number(random.Next(), (uint)random.Next());
            case CapabilityType.Page:
                return Of(type, Frame(FrameKind.Page), 0, PageGuard | (random.Chance(10) ? 1u << 8 : 0));
            case CapabilityType.Node or CapabilityType.Space or CapabilityType.Forwarder:
                return OfNode(type);
            case CapabilityType.Process:
                return Of(type, Frame(FrameKind.Process), 0, 0).WithoutRights();
            case CapabilityType.Start or CapabilityType.Notification:
                return Of(type, Frame(FrameKind.Process), 0, (uint)random.Next()).WithoutRights()
                    .Less(type == CapabilityType.Start && random.Chance(50) ? Rights.FixedPayload : Rights.None);
            case CapabilityType.Resume or CapabilityType.FaultResume:
                return OfCall(type);
            case CapabilityType.Range:
                return Capability.Range((ulong)random.Below(random.Chance(90) ? 100 : 1100), (ulong)random.Below(120));
            case CapabilityType.Schedule:
                uint reserve = random.Chance(50) ? (uint)random.Below(5) << 8 : 0;
                uint priority = (uint)random.Below(10) * (random.Chance(10) ? 10u : 1);
                return new Capability(type, default, (uint)random.Below(random.Chance(30) ? 3 : 1), priority | reserve);
            case CapabilityType.ConsoleSession:
                uint session = world.Console.Session - (random.Chance(5) ? 1u : 0);
                return new Capability(type, default, Epoch(), session);
            case CapabilityType.IoPort:
                uint ports = (uint)random.Below(0x1_0000) | ((uint)random.Below(20) << 16);
                return new Capability(type, default, Epoch(), ports);
            case CapabilityType.DeviceMemory:
                ulong first = (FakeDevices.Registers >> PageGuard) + (ulong)random.Below(16);
                return new Capability(type, new Oid(first), Epoch(), (uint)random.Below(3));
            case CapabilityType.Interrupt:
                return new Capability(type, default, Epoch(), (uint)random.Below((int)FakeDevices.LineCount));
            default:
                return new Capability((byte)type, 0);
        }
    }

    /// <summary>Of this boot, mostly.</summary>
    private uint Epoch() => (uint)world.BootEpoch - (random.Chance(5) ? 1u : 0);

    /// <summary>A frame of a kind, or (rarely) any number.</summary>
    private ModelFrame? Frame(FrameKind kind)
    {
        ModelFrame[] all = [.. world.Frames.Where(frame => frame.Kind == kind)];
        return all.Length == 0 || random.Chance(4) ? null : all[random.Below(all.Length)];
    }

    private Capability Of(CapabilityType type, ModelFrame? frame, int index, uint data)
    {
        ulong number = frame?.Number ?? (ulong)random.Below((int)LastFrame);
        uint version = frame != null && frame.Has((ulong)index) ? frame.VersionOf(index) : 1;
        version -= random.Chance(3) ? 1u : 0;
        Rights rights = random.Chance(35) ? (Rights)random.Below(32) : Rights.None;
        return new Capability(type, Oid.Of(number, index), version, data, rights);
    }

    private Capability OfNode(CapabilityType type)
    {
        NodeKind? wanted = type switch
        {
            CapabilityType.Space => NodeKind.Space,
            CapabilityType.Forwarder => NodeKind.Forwarder,
            _ => random.Chance(60) ? (NodeKind)random.Below(3) : null,
        };
        ModelFrame? frame = Frame(FrameKind.Pot);
        int index = random.Below(NodePot.NodeCount);
        for (int i = 0; frame != null && wanted != null && i < 12 && frame.Nodes[index].Kind != wanted; i++)
        {
            frame = Frame(FrameKind.Pot) ?? frame;
            index = random.Below(NodePot.NodeCount);
        }

        int slotLog2 = frame?.Nodes[index].SlotLog2 ?? PageGuard;
        bool isGuarded = type == CapabilityType.Space || (type == CapabilityType.Node && random.Chance(40));
        Guard guard = new(slotLog2 + NodeLog2, random.Chance(30) ? (uint)random.Below(10) : 0);
        return Of(type, frame, index, isGuarded ? guard.Value : 0);
    }

    private Capability OfCall(CapabilityType type)
    {
        ModelFrame[] waiting = [.. world.Frames.Where(frame => frame.Kind == FrameKind.Process
            && frame.Process.RunState is RunState.Waiting or RunState.Faulted)];
        ModelFrame? frame = waiting.Length > 0 && random.Chance(85)
            ? waiting[random.Below(waiting.Length)]
            : Frame(FrameKind.Process);
        return frame == null
            ? Capability.Resume(Oid.Of((ulong)random.Below((int)LastFrame)), 0, type)
            : Capability.Resume(Oid.Of(frame.Number), frame.Process.CallCount - (random.Chance(5) ? 1u : 0), type);
    }

    private Capability Flipped(Capability capability) => random.Chance(50)
        ? new Capability(capability.Low ^ (1UL << random.Below(64)), capability.High)
        : new Capability(capability.Low, capability.High ^ (1UL << random.Below(64)));
}

file static class CapabilityExtensions
{
    public static Capability WithoutRights(this Capability capability) =>
        new(capability.Low & ~0xFF00UL, capability.High);
}
