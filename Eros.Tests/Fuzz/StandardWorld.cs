using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;

namespace Eros.Tests.Fuzz;

/// <summary>
/// What every script begins with: six processes of three priorities and a seventh of the least, keepers, spaces with
/// and without backgrounds, forwarders (one of them blocked), pots of mixed nodes, objects near their last versions,
/// and a range.
/// </summary>
internal static class StandardWorld
{
    private const int Processes = 6;

    /// <summary>Brands of the processes: numbers below it.</summary>
    public const int Brands = 3;

    private const int Pages = 3;
    private const uint NearTheEnd = uint.MaxValue - 3;
    private const ulong FirstFree = 100;
    private const int FreeFrames = 4;

    public static void Build(SimulatedMachine machine)
    {
        var domains = new SimulatedDomain[Processes + 1];
        for (int i = 0; i < domains.Length; i++)
        {
            domains[i] = Make(machine, i);
        }

        // The servers have a page in common with one who calls them.
        Capability common = machine.NodeOf(domains[0].SpaceNode).Slots[0];
        machine.NodeOf(domains[Processes - 2].SpaceNode).Slots[0] = common;
        machine.NodeOf(domains[Processes - 1].SpaceNode).Slots[0] = common;
        Capability[] pool = AddObjects(machine, domains);
        for (int i = 0; i < domains.Length; i++)
        {
            Equip(domains, i, pool);
        }
    }

    /// <summary>The last two of the six wait for anybody, the others run.</summary>
    private static SimulatedDomain Make(SimulatedMachine machine, int number)
    {
        if (number is Processes - 1 or Processes - 2)
        {
            SimulatedDomain server = machine.NewDomain(4 + (number % 3));
            server.GiveSpace(Pages);
            server.Await(InvocationWord.Registers(5, 6, 7, 8), room: 100);
            return server;
        }

        return machine.NewRunning(Pages, number == Processes ? 0 : 4 + (number % 3));
    }

    private static Capability[] AddObjects(SimulatedMachine machine, SimulatedDomain[] domains)
    {
        Capability forwarder = machine.NewNode(NodeKind.Forwarder);
        Capability second = machine.NewNode(NodeKind.Forwarder);
        Capability gate = machine.NewNode(NodeKind.Forwarder);
        machine.NodeOf(forwarder).Slots[0] = domains[Processes - 2].Start(9);
        machine.NodeOf(second).Slots[0] = forwarder.WithType(CapabilityType.Forwarder);
        machine.NodeOf(gate).Slots[0] = domains[Processes - 1].OpenStart(10);
        machine.NodeOf(gate).Flags = NodeFlags.Blocked;
        Capability weak = machine.NewNode();
        machine.NodeOf(weak).Slots[0] = machine.NewPage();
        machine.NodeOf(weak).Slots[1] = forwarder.WithType(CapabilityType.Forwarder);
        Capability[] pool =
        [
            machine.NewPage(), machine.NewPage().Less(Rights.ReadOnly), machine.NewNode(),
            machine.NewNode(NodeKind.Space, 12), machine.NewNode(NodeKind.Space, 17), forwarder,
            second.WithType(CapabilityType.Forwarder), weak.Less(Rights.Weak),
            Capability.Range(FirstFree, 10), new((byte)CapabilityType.Sleep, 0),
            new((byte)CapabilityType.Discrim, 0), new((byte)CapabilityType.ProcessTool, 0),
            new((byte)CapabilityType.Checkpoint, 0), new((byte)CapabilityType.ConsoleGrant, 0),
            gate, gate.WithType(CapabilityType.Forwarder),
        ];
        AddMixedPot(machine);
        for (ulong i = 0; i < FreeFrames; i++)
        {
            machine.Enter(FirstFree + i, FrameKind.Free);
        }

        machine.Enter(FirstFree + FreeFrames, FrameKind.Page, NearTheEnd);
        machine.Enter(FirstFree + FreeFrames + 1, FrameKind.Pot, NearTheEnd);
        machine.Enter(FirstFree + FreeFrames + 2, FrameKind.Process, NearTheEnd);
        return pool;
    }

    private static void AddMixedPot(SimulatedMachine machine)
    {
        int pot = machine.Enter(machine.NewFrame(), FrameKind.Pot);
        for (int i = 0; i < NodePot.NodeCount; i++)
        {
            ref Node node = ref machine.Kernel.Objects.Node(pot, i);
            node.Kind = (NodeKind)(i % 3);
            node.SlotLog2 = (byte)(node.Kind == NodeKind.Space ? 12 + (5 * (i / 3)) : 0);
        }
    }

    private static void Equip(SimulatedDomain[] domains, int number, Capability[] pool)
    {
        SimulatedDomain domain = domains[number];
        SimulatedDomain next = domains[(number + 1) % Processes];
        domain.Frame.Brand = Capability.Number((ulong)(number % Brands));
        domain.Frame.Keeper = number == 0 ? Capability.Void : next.Start((uint)number);
        domain[1] = next.Start((uint)number);
        domain[2] = next.Process;
        domain[3] = next.Notification(1u << number);
        domain[4] = domain.SpaceNode;
        for (int i = 0; i < pool.Length; i++)
        {
            domain[5 + ((i + number) % pool.Length)] = pool[i];
        }

        ref Node space = ref domain.Machine.NodeOf(domain.SpaceNode);
        if (number % 3 == 0)
        {
            space.Flags = NodeFlags.Keeper;
            space.Slots[Node.KeeperSlot] = domains[4].Start(77);
        }
        else if (number % 3 == 1)
        {
            space.Flags = NodeFlags.Background;
            space.Slots[Node.BackgroundSlot] = next.SpaceNode.WithType(CapabilityType.Space)
                .WithData(Guard.At0(Guard.PageLog2 + Guard.NodeLog2).Value);
        }
    }
}
