using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Crash;
using Eros.Tests.Fakes;
using Eros.Tests.Fuzz.Model;
using Eros.Tests.Fuzz.Model.Types;

namespace Eros.Tests.Fuzz.Steps;

/// <summary>Makes up the registers of invocations.</summary>
internal sealed class WordMaker(ModelWorld world, SeededRandom random)
{
    private const int LengthsShift = 32;
    private const int NodeLog2 = 5;
    private const uint RegistersBytes = 160;

    private static readonly ulong[] _edges =
    [
        31, 32, 33, 4095, 4096, 4097, 65536, 65537, uint.MaxValue, 1UL << 32, (1UL << 47) - 1, 1UL << 47, 1UL << 63,
        ulong.MaxValue, ulong.MaxValue - 1,
    ];

    private static readonly int[] _levels = [12, 17, 22, 27, 32, 37, 42, 47];

    private static readonly Dictionary<CapabilityType, uint[]> _orders = TypeModel.All.ToDictionary(
        model => model.Type, model => OrdersOf(model).ToArray());

    /// <summary>The orders of a type that the model knows.</summary>
    public static IEnumerable<uint> OrdersOf(TypeModel model) => model.Orders == null
        ? []
        : model.Orders.GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(field => (uint)field.GetRawConstantValue()!)
            .Distinct()
            .Except(model.Unmodelled);

    public static bool IsOrderOf(CapabilityType type, ulong order)
    {
        foreach (uint one in _orders.GetValueOrDefault(type, []))
        {
            if (one == order)
            {
                return true;
            }
        }

        return false;
    }

    public ulong Any() => random.Below(100) switch
    {
        < 40 => (ulong)random.Below(8),
        < 60 => (ulong)random.Below(40),
        < 75 => _edges[random.Below(_edges.Length)],
        < 90 => new Guard(_levels[random.Below(_levels.Length)], (uint)random.Below(3)).Value,
        < 95 => (uint)random.Next(),
        _ => random.Next(),
    };

    public ulong Address() => random.Below(20) switch
    {
        0 => Any(),
        1 => random.Next(),
        2 => (ulong)random.Below(1 << 24),
        _ => SimulatedDomain.Window + (ulong)random.Below(0x4000),
    };

    /// <summary>Invokes a register that holds (or will hold) that capability.</summary>
    public Step Invocation(int register, Capability capability)
    {
        ulong order = Order(capability.Type);
        InvocationKind kind = capability.Type == CapabilityType.Resume && random.Chance(50)
            ? InvocationKind.Return
            : random.Below(100) switch
            {
                < 62 => InvocationKind.Call,
                < 74 => InvocationKind.Return,
                < 86 => InvocationKind.Send,
                < 93 => InvocationKind.Delegate,
                _ => InvocationKind.Reply,
            };
        uint send = SomeRegisters(70);
        if (ArgumentOf(capability.Type, order) is { } wanted && random.Chance(85))
        {
            send = (send & ~31u) | (uint)FindRegister(wanted);
        }

        if (capability.Type == CapabilityType.ProcessTool && random.Chance(80))
        {
            bool isBrand = order != ProcessToolOrder.SameBrand;
            int second = FindRegister(isBrand ? CapabilityType.Number : CapabilityType.Start);
            send = (send & ~(31u << 5)) | ((uint)second << 5);
        }

        ulong control = new InvocationWord(kind, register, send, SomeRegisters(45)).Value;
        control = random.Below(200) == 0 ? control ^ (1UL << random.Below(64)) : control;
        (ulong word1, ulong word2, ulong word3) = Words(capability, order);
        bool isRegisters = capability.Type == CapabilityType.Process && order == ProcessOrder.WriteRegisters;
        ulong lengths = isRegisters && random.Chance(80) ? RegistersBytes : Length();
        lengths |= (ulong)Length() << LengthsShift;
        StepKind step = random.Chance(50) ? StepKind.InvokeFast : StepKind.Invoke;
        return new Step(step, control, order, word1, word2, word3, Address(), lengths, Address());
    }

    /// <summary>A register of the process that runs with a capability of that type; 0 if there is none.</summary>
    public int FindRegister(CapabilityType type)
    {
        int first = random.Below(Node.SlotCount);
        for (int i = 0; i < Node.SlotCount; i++)
        {
            int register = (first + i) % Node.SlotCount;
            if (world.Current!.Process.Registers[register].Type == type)
            {
                return register;
            }
        }

        return 0;
    }

    /// <summary>The type of the first argument that an order takes, if it takes one of a certain type.</summary>
    private CapabilityType? ArgumentOf(CapabilityType type, ulong order) => (type, order) switch
    {
        (CapabilityType.Page, PageOrder.CopyFrom) => CapabilityType.Page,
        (CapabilityType.Node, NodeOrder.CopyFrom) => CapabilityType.Node,
        (CapabilityType.Checkpoint, CheckpointOrder.JournalPage) => CapabilityType.Page,
        (CapabilityType.Range, RangeOrder.Identify) => CapabilityType.Page,
        (CapabilityType.ProcessTool, ProcessToolOrder.AmplifyForwarder) => CapabilityType.Forwarder,
        (CapabilityType.ProcessTool, ProcessToolOrder.AmplifySpace) => CapabilityType.Space,
        (CapabilityType.ProcessTool, _) => CapabilityType.Start,
        (CapabilityType.ReserveGrant, ReserveGrantOrder.Pin or ReserveGrantOrder.Unpin) =>
            CapabilityType.Page + (byte)random.Below(CapabilityType.Start - CapabilityType.Page),
        (CapabilityType.Discrim, _) => (CapabilityType)random.Below((int)CapabilityType.ReserveGrant + 1),
        (CapabilityType.ConsoleSession, ConsoleSessionOrder.Listen) => CapabilityType.Notification,
        (CapabilityType.ConsoleGrant, ConsoleGrantOrder.ListenAttention) => CapabilityType.Notification,
        (CapabilityType.Interrupt, InterruptOrder.Listen) => CapabilityType.Notification,
        _ => null,
    };

    private ulong Order(CapabilityType type)
    {
        uint[] orders = _orders.GetValueOrDefault(type, []);
        int choice = random.Below(100);
        uint order = orders.Length == 0 ? 0 : orders[random.Below(orders.Length)];
        bool endsAll = type == CapabilityType.Checkpoint && order == CheckpointOrder.PowerOff && !random.Chance(10);
        return orders.Length > 0 && choice < 85 && !endsAll ? order
            : choice < 92 ? CommonOrder.TypeOf
            : choice < 96 ? 0
            : choice < 98 ? 0x1000 + (ulong)random.Below(1000)
            : (1UL << 32) | (uint)random.Below(8);
    }

    private uint SomeRegisters(int percent)
    {
        uint value = 0;
        for (int i = 0; i < InvocationWord.MaxCapabilities; i++)
        {
            value |= random.Chance(percent) ? (uint)random.Below(32) << (5 * i) : 0;
        }

        return value;
    }

    private uint Length() => random.Below(100) switch
    {
        < 55 => 0,
        < 75 => (uint)random.Below(64),
        < 80 => RegistersBytes,
        < 92 => (uint)random.Below(5000),
        < 97 => (uint)random.Below(20000),
        97 => InvocationWord.MaxString,
        98 => InvocationWord.MaxString + 1,
        _ => (uint)random.Next(),
    };

    /// <summary>What an order takes, most of the time.</summary>
    private (ulong Word1, ulong Word2, ulong Word3) Words(Capability capability, ulong order)
    {
        if (random.Chance(12))
        {
            return (Any(), Any(), Any());
        }

        ulong small = (ulong)random.Below(40);
        return (capability.Type, order) switch
        {
            (CapabilityType.Node, NodeOrder.MakeSpace or NodeOrder.WithGuard) => (GuardFor(capability), Rights(), 0),
            (CapabilityType.Node, NodeOrder.SetFlags) => ((ulong)random.Below(8), 0, 0),
            (CapabilityType.Node, NodeOrder.Locate) => (Offset(), 0, 0),
            (CapabilityType.Node, NodeOrder.Reduce) => (Rights(), 0, 0),
            (CapabilityType.Node, _) => (small - (random.Chance(50) ? small / 2 : 0), 0, 0),
            (CapabilityType.Page, PageOrder.Read or PageOrder.Write) =>
                ((ulong)random.Below(random.Chance(50) ? 100 : 4200), (ulong)random.Below(4200), 0),
            (CapabilityType.Page, PageOrder.Reduce) => (Rights(), 0, 0),
            (CapabilityType.Page, PageOrder.WithGuard) => (12 | ((ulong)random.Below(20) << 8), 0, 0),
            (CapabilityType.Space, SpaceOrder.Reduce) =>
                (Rights(), (byte)capability.Data | ((ulong)random.Below(20) << 8), 0),
            (CapabilityType.Process, ProcessOrder.FetchSlot or ProcessOrder.SwapSlot) =>
                ((ulong)random.Below(5), 0, 0),
            (CapabilityType.Process, ProcessOrder.ReadMemory) => (Address(), (ulong)Length(), 0),
            (CapabilityType.Process, _) => (small, 0, 0),
            (CapabilityType.Range, _) => RangeWords(capability, order),
            (CapabilityType.Sleep, SleepOrder.UntilRestart) => (world.BootEpoch, 0, 0),
            (CapabilityType.Sleep, _) => (Time(order), 0, 0),
            (CapabilityType.Checkpoint, CheckpointOrder.SetInterval) => (small * 10, 0, 0),
            (CapabilityType.DeviceGrant, DeviceGrantOrder.OpenPorts) =>
                ((ulong)random.Below(0x1_0010), (ulong)random.Below(40), 0),
            (CapabilityType.DeviceGrant, DeviceGrantOrder.OpenMemory) =>
                (FakeDevices.Registers + ((ulong)random.Below(18) << 12), (ulong)random.Below(6) << 12, 0),
            (CapabilityType.DeviceGrant, _) => (small, 0, 0),
            (CapabilityType.ReserveGrant, ReserveGrantOrder.Install) => ReserveWords(),
            (CapabilityType.ReserveGrant, _) => (small, 0, 0),
            (CapabilityType.IoPort or CapabilityType.DeviceMemory, _) =>
                (small * (ulong)(1 + random.Below(3)), 1UL << random.Below(5), random.Next()),
            (CapabilityType.Checkpoint, _) => (world.Committed + (ulong)random.Below(3), 0, 0),
            _ => (Any(), Any(), Any()),
        };
    }

    /// <summary>Mostly a frame that there is, and an object of it.</summary>
    private (ulong Word1, ulong Word2, ulong Word3) RangeWords(Capability range, ulong order)
    {
        ModelFrame[] there = [.. world.Frames.Where(frame => frame.Number >= range.Oid.Frame)];
        ModelFrame? one = there.Length == 0 || random.Chance(20) ? null : there[random.Below(there.Length)];
        ulong number = one == null ? (ulong)random.Below(120) : one.Number - range.Oid.Frame;
        ulong index = one?.Kind == FrameKind.Pot ? (ulong)random.Below(NodePot.NodeCount + 1) : 0;
        if (order != RangeOrder.Create)
        {
            return (number, index, 0);
        }

        ulong kind = (ulong)random.Below(7);
        bool isNode = kind is >= RangeKind.PlainNode and <= RangeKind.ForwarderNode;
        ulong level = kind == RangeKind.SpaceNode ? (ulong)_levels[random.Below(_levels.Length)] : 0;
        return (number, kind, (isNode ? (uint)random.Below(8) : 0) | (level << 8));
    }

    private ulong GuardFor(Capability node)
    {
        bool isThere = world.Find(node, out ModelFrame? frame) == Found.Object;
        int log2 = isThere ? frame!.Nodes[node.Oid.Index].SlotLog2 + NodeLog2 : _levels[random.Below(_levels.Length)];
        return new Guard(log2, random.Chance(60) ? (uint)random.Below(12) : 0).Value;
    }

    private ulong Offset() => random.Chance(70)
        ? (ulong)random.Below(1 << 17)
        : random.Next() >> random.Below(64);

    private ulong Rights() => random.Chance(60) ? 0 : (ulong)random.Below(random.Chance(90) ? 32 : 64);

    /// <summary>A number, a priority and a version of those that schedules name; a period that ends soon, and some of
    /// it.</summary>
    private (ulong Word1, ulong Word2, ulong Word3) ReserveWords()
    {
        ulong number = (ulong)random.Below(random.Chance(90) ? 4 : 18);
        ulong priority = (ulong)random.Below(random.Chance(95) ? 10 : 34);
        ulong version = (ulong)random.Below(random.Chance(30) ? 3 : 1);
        ulong period = (ulong)random.Below(50_000_000);
        ulong duration = period / (ulong)(1 + random.Below(12)) + (ulong)random.Below(2);
        return (number | (priority << 8) | (version << 32), period, duration);
    }

    private ulong Time(ulong order) =>
        (order == SleepOrder.Until ? world.Now : 0) + (ulong)random.Below(random.Chance(50) ? 30_000_000 : 3);
}
