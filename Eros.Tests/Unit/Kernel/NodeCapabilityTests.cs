using System;
using System.Runtime.InteropServices;
using Eros.Kernel;
using Eros.Kernel.Capabilities;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>NodeOrder, SpaceOrder, forwarders; the rules of weakening.</summary>
public sealed class NodeCapabilityTests : KernelTestBase
{
    private Capability _node;

    [SetUp]
    public void MakeNode() => _node = Machine.NewNode();

    [Test]
    public void Swap_stores_and_gives_what_was_there()
    {
        Expect(Result.Ok, _node, NodeOrder.Swap, 31, argument: Capability.Number(1));
        Assert.That(Answer, Is.EqualTo(Capability.Void));
        Expect(Result.Ok, _node, NodeOrder.Swap, 31, argument: Capability.Number(2));
        Assert.That(Answer, Is.EqualTo(Capability.Number(1)));
        Expect(Result.Ok, _node, NodeOrder.Fetch, 31);
        Assert.That(Answer, Is.EqualTo(Capability.Number(2)));
    }

    [TestCase(NodeOrder.Fetch)]
    [TestCase(NodeOrder.Swap)]
    public void There_are_32_slots(uint order)
    {
        Expect(Result.BadArgument, _node, order, 32);
        Expect(Result.BadArgument, _node, order, 1UL << 32);
    }

    [TestCase(NodeOrder.Swap)]
    [TestCase(NodeOrder.CopyFrom)]
    [TestCase(NodeOrder.Clear)]
    [TestCase(NodeOrder.SetFlags)]
    [TestCase(NodeOrder.SetWord)]
    public void A_read_only_node_cannot_be_changed(uint order) =>
        Expect(Result.NoAccess, _node.Less(Rights.ReadOnly), order, argument: _node);

    [TestCase(NodeOrder.Fetch)]
    [TestCase(NodeOrder.Swap)]
    [TestCase(NodeOrder.CopyFrom)]
    [TestCase(NodeOrder.Clear)]
    [TestCase(NodeOrder.SetFlags)]
    [TestCase(NodeOrder.SetWord)]
    public void An_opaque_node_is_only_passed_through(uint order)
    {
        Capability forwarder = Machine.NewNode(NodeKind.Forwarder);
        Machine.NodeOf(forwarder).Slots[0] = Capability.Number(1);
        byte[] before = MemoryMarshal.AsBytes(new Span<Node>(ref Machine.NodeOf(forwarder))).ToArray();
        Expect(Result.NoAccess, forwarder.Less(Rights.Opaque), order, 1, argument: Machine.NewNode());
        byte[] after = MemoryMarshal.AsBytes(new Span<Node>(ref Machine.NodeOf(forwarder))).ToArray();
        Assert.That(after, Is.EqualTo(before));
    }

    [Test]
    public void An_opaque_node_cannot_be_copied_from() =>
        Expect(Result.NoAccess, _node, NodeOrder.CopyFrom, argument: _node.Less(Rights.Opaque));

    [Test]
    public void Only_a_node_that_is_there_can_be_copied_from()
    {
        Expect(Result.BadArgument, _node, NodeOrder.CopyFrom, argument: Machine.NewPage());
        Capability old = new(CapabilityType.Node, _node.Oid, _node.Version + 1);
        Expect(Result.BadArgument, _node, NodeOrder.CopyFrom, argument: old);
    }

    [Test]
    public void A_node_loses_the_rights_that_are_taken_away_and_no_others()
    {
        Expect(Result.Ok, _node.Less(Rights.Weak), NodeOrder.Reduce, (ulong)Rights.ReadOnly);
        Assert.That(Answer, Is.EqualTo(_node.Less(Rights.Weak | Rights.ReadOnly)));
        Expect(Result.BadArgument, _node, NodeOrder.Reduce, (ulong)Rights.FixedPayload);
        Expect(Result.BadArgument, _node, NodeOrder.Reduce, 1UL << 32);
    }

    [Test]
    public void Clear_and_copy_change_all_slots()
    {
        Capability other = Machine.NewNode();
        for (int i = 0; i < Node.SlotCount; i++)
        {
            Machine.NodeOf(other).Slots[i] = Capability.Number((ulong)i + 1);
        }

        Expect(Result.Ok, _node, NodeOrder.CopyFrom, argument: other);
        Assert.That(Machine.NodeOf(_node).Slots[31], Is.EqualTo(Capability.Number(32)));
        Expect(Result.Ok, _node, NodeOrder.Clear);
        Assert.That(Machine.NodeOf(_node).Slots[31], Is.EqualTo(Capability.Void));
    }

    [Test]
    public void What_comes_through_a_weak_capability_is_weakened()
    {
        Capability page = Machine.NewPage();
        Check(Capability.Number(5, 6), Capability.Number(5, 6));
        Check(page, page.Less(Rights.ReadOnly));
        Check(_node, _node.Less(Weakening.Sensory));
        Check(_node.WithType(CapabilityType.Space), _node.WithType(CapabilityType.Space).Less(Weakening.Sensory));
        Check(new Capability((byte)CapabilityType.Discrim, 0), new Capability((byte)CapabilityType.Discrim, 0));
        for (CapabilityType type = CapabilityType.Forwarder; type <= CapabilityType.ReserveGrant; type++)
        {
            if (type != CapabilityType.Discrim)
            {
                Check(new Capability(type, Domain.Oid, 1), Capability.Void);
            }
        }

        void Check(Capability stored, Capability expected)
        {
            Capability weak = _node.Less(Rights.Weak);
            Machine.NodeOf(_node).Slots[3] = stored;
            Expect(Result.Ok, weak, NodeOrder.Fetch, 3);
            Assert.That(Answer, Is.EqualTo(expected), $"fetching {stored.Type}");
            Expect(Result.Ok, weak, NodeOrder.Swap, 3);
            Assert.That(Answer, Is.EqualTo(expected), $"swapping out {stored.Type}");
            Expect(Result.Ok, weak, NodeOrder.Swap, 3, argument: stored);
            Assert.That(Machine.NodeOf(_node).Slots[3], Is.EqualTo(expected), $"storing {stored.Type}");

            Capability source = Machine.NewNode();
            Machine.NodeOf(source).Slots[3] = stored;
            Expect(Result.Ok, _node, NodeOrder.CopyFrom, argument: source.Less(Rights.Weak));
            Assert.That(Machine.NodeOf(_node).Slots[3], Is.EqualTo(expected), $"copying {stored.Type} from weak");
            Expect(Result.Ok, weak, NodeOrder.CopyFrom, argument: source);
            Assert.That(Machine.NodeOf(_node).Slots[3], Is.EqualTo(expected), $"copying {stored.Type} to weak");
        }
    }

    [TestCase(NodeKind.Plain, 0u)]
    [TestCase(NodeKind.Space, 3u)]
    [TestCase(NodeKind.Forwarder, 4u)]
    public void A_node_has_the_flags_of_its_kind_and_no_others(NodeKind kind, uint allowed)
    {
        Capability node = Machine.NewNode(kind, kind == NodeKind.Space ? 12 : 0);
        for (uint flags = 0; flags < 16; flags++)
        {
            bool fits = (flags & ~allowed) == 0;
            Expect(fits ? Result.Ok : Result.BadArgument, node, NodeOrder.SetFlags, flags);
        }

        Expect(Result.Ok, node, NodeOrder.Describe);
        Assert.That(Domain.Frame.Rsi, Is.EqualTo((ulong)kind));
        Assert.That(Domain.Frame.Rdx, Is.EqualTo(kind == NodeKind.Space ? 12 : 0));
        Assert.That(Domain.Frame.R8, Is.EqualTo(allowed));
    }

    [Test]
    public void A_space_capability_is_of_a_space_node_with_a_guard_of_its_size()
    {
        Capability space = Machine.NewNode(NodeKind.Space, 17);
        ulong guard = new Guard(22, 3).Value;
        Expect(Result.BadArgument, _node, NodeOrder.MakeSpace, guard);
        Expect(Result.BadArgument, space, NodeOrder.MakeSpace, new Guard(17, 3).Value);
        Expect(Result.Ok, space.Less(Rights.NoCall), NodeOrder.MakeSpace, guard, (ulong)Rights.ReadOnly);
        Capability made = Answer;
        Assert.That(TypeOf(made), Is.EqualTo(CapabilityType.Space));
        Assert.That(made.Rights, Is.EqualTo(Rights.ReadOnly | Rights.NoCall));
        Expect(Result.Ok, made, SpaceOrder.Reduce, (ulong)Rights.NoExecute, new Guard(22, 9).Value);
        Assert.That(new Guard(Answer.Data).Match, Is.EqualTo(9));
        Assert.That(Answer.Rights, Is.EqualTo(Rights.ReadOnly | Rights.NoCall | Rights.NoExecute));
        Expect(Result.BadArgument, made, SpaceOrder.Reduce, 0, new Guard(27, 9).Value);
        Expect(Result.UnknownOrder, made, NodeOrder.MakeSpace, guard);
    }

    [Test]
    public void A_node_with_a_guard_stands_in_a_space_and_stays_a_node()
    {
        Capability space = Machine.NewNode(NodeKind.Space, 17);
        ulong guard = new Guard(22, 3).Value;
        Expect(Result.BadArgument, _node, NodeOrder.WithGuard, guard);
        Expect(Result.BadArgument, space, NodeOrder.WithGuard, new Guard(17, 3).Value);
        Expect(Result.Ok, space, NodeOrder.WithGuard, guard, (ulong)Rights.NoExecute);
        Capability made = Answer;
        Assert.That(made.SameAs(space.WithData((uint)guard).Less(Rights.NoExecute)), Is.True);
        Expect(Result.Ok, made, NodeOrder.Swap, 4);
        Expect(Result.BadArgument, made, NodeOrder.WithGuard, guard, 0x100);
    }

    /// <summary>Root of 4 MB slots, in slot 3 a node of 128 KB slots, in its slot 1 one of pages.</summary>
    private (Capability Root, Capability Region, Capability Leaf) NewTree(Rights rights)
    {
        Capability root = Machine.NewNode(NodeKind.Space, 22);
        Capability region = Machine.NewNode(NodeKind.Space, 17).WithData(Guard.At0(22).Value).Less(rights);
        Capability leaf = Machine.NewNode(NodeKind.Space, 12).WithData(Guard.At0(17).Value);
        Machine.NodeOf(root).Slots[3] = region;
        Machine.NodeOf(region).Slots[1] = leaf;
        return (root, region, leaf);
    }

    private void Locate(Capability root, ulong offset, Capability held, Capability holder, ulong slot, ulong log2)
    {
        Expect(Result.Ok, root, NodeOrder.Locate, offset);
        Assert.That(Domain[11], Is.EqualTo(held), "what is held");
        Assert.That(Domain[12], Is.EqualTo(holder), "by which node");
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(slot));
        Assert.That(Domain.Frame.Rdx, Is.EqualTo(log2));
        Assert.That(Domain.Frame.R8, Is.EqualTo((ulong)held.Type));
    }

    [Test]
    public void Locating_goes_down_to_the_last_node_on_the_way()
    {
        (Capability root, Capability region, Capability leaf) = NewTree(Rights.None);
        Capability page = Machine.NewPage();
        Machine.NodeOf(leaf).Slots[31] = page;
        ulong offset = (3UL << 22) + (1UL << 17);
        Locate(root, offset + (31UL << 12) + 5, page, leaf, 31, 12);
        Locate(root, offset, Capability.Void, leaf, 0, 12);
        Locate(root, 3UL << 22, Capability.Void, region, 0, 17);
        Locate(root, 0, Capability.Void, root, 0, 22);
        Expect(Result.BadArgument, root, NodeOrder.Locate, 1UL << 27);
        Expect(Result.BadArgument, _node, NodeOrder.Locate, 0);
        Expect(Result.NoAccess, root.Less(Rights.Opaque), NodeOrder.Locate, 0);

        // What looks like a level and is none.
        Machine.NodeOf(region).Slots[1] = leaf.WithData(Guard.At0(12).Value);
        Locate(root, offset, leaf.WithData(Guard.At0(12).Value), region, 1, 17);
        Machine.NodeOf(region).Slots[1] = leaf.WithType(CapabilityType.Space);
        Locate(root, offset, leaf.WithType(CapabilityType.Space), region, 1, 17);
        Machine.NodeOf(region).Flags = NodeFlags.Keeper;
        Machine.NodeOf(region).Slots[31] = leaf;
        Locate(root, (3UL << 22) + (31UL << 17), leaf, region, 31, 17);
    }

    [Test]
    public void Locating_takes_away_what_fetching_would()
    {
        (Capability root, Capability region, Capability leaf) = NewTree(Rights.Weak);
        Machine.NodeOf(leaf).Slots[2] = Domain.Start();
        Machine.NodeOf(leaf).Slots[3] = Machine.NewPage();
        Capability weak = leaf.Less(Weakening.Sensory);
        ulong offset = (3UL << 22) + (1UL << 17);
        Locate(root, offset + (2UL << 12), Capability.Void, weak, 2, 12);
        Locate(root, offset + (3UL << 12), Machine.NodeOf(leaf).Slots[3].Less(Rights.ReadOnly), weak, 3, 12);
        Machine.NodeOf(root).Slots[3] = region.Less(Rights.Opaque);
        Locate(root, offset, region.Less(Rights.Opaque), root, 3, 22);
    }

    [Test]
    public void Changing_a_slot_of_a_space_takes_its_page_away_at_once()
    {
        Domain.Write(SimulatedDomain.Window, [1]);
        Expect(Result.Ok, Domain.SpaceNode, NodeOrder.Swap, 0);
        Assert.That(() => Domain.Read(SimulatedDomain.Window, 1), Throws.InvalidOperationException);
        Expect(Result.Ok, Domain.SpaceNode, NodeOrder.Swap, 0, argument: Answer);
        Assert.That(Domain.Read(SimulatedDomain.Window, 1), Is.EqualTo(new byte[] { 1 }));
        Expect(Result.Ok, Domain.SpaceNode, NodeOrder.Clear);
        Assert.That(() => Domain.Read(SimulatedDomain.Window, 1), Throws.InvalidOperationException);
    }

    [Test]
    public void A_forwarders_word_is_the_payload_only_where_the_server_has_allowed_it([Values] bool isOpen)
    {
        Capability node = Machine.NewNode(NodeKind.Forwarder);
        SimulatedDomain server = Machine.NewDomain();
        server.Await(0);
        Expect(Result.Ok, server.Process, isOpen ? ProcessOrder.MakeOpenStart : ProcessOrder.MakeStart, 5);
        Expect(Result.Ok, node, NodeOrder.Swap, 0, argument: Answer);
        Expect(Result.Ok, node, NodeOrder.SetWord, 1234);
        Expect(Result.Ok, node, NodeOrder.MakeForwarder);
        Domain.Call(Answer, 42);
        Assert.That(server.IsCurrent);
        Assert.That(server.Frame.Rax, Is.EqualTo(isOpen ? 1234 : 5), "nobody forges a payload");
        Assert.That(server.Frame.Rdi, Is.EqualTo(42));
    }

    [Test]
    public void A_forwarder_to_a_kernel_object_answers_as_that()
    {
        Capability forwarder = MakeForwarder(Capability.Number(99));
        Assert.That(TypeOf(forwarder), Is.EqualTo(CapabilityType.Number));
        Expect(Result.VoidCapability, MakeForwarder(default), 1);
    }

    [Test]
    public void A_cycle_of_forwarders_is_void()
    {
        Capability node = Machine.NewNode(NodeKind.Forwarder);
        Capability forwarder = node.WithType(CapabilityType.Forwarder);
        Machine.NodeOf(node).Slots[0] = forwarder;
        Expect(Result.VoidCapability, forwarder, 1);
    }

    [TestCase(Rights.Weak)]
    [TestCase(Rights.Opaque)]
    public void A_weak_or_opaque_node_gives_no_forwarder(Rights rights)
    {
        Capability node = Machine.NewNode(NodeKind.Forwarder);
        Expect(Result.NoAccess, node.Less(rights), NodeOrder.MakeForwarder);
        Expect(Result.BadArgument, _node, NodeOrder.MakeForwarder);
        Expect(Result.BadArgument, _node, NodeOrder.SetWord, 1);
    }

    [Test]
    public void Whoever_invokes_a_blocked_forwarder_waits_until_the_gate_opens()
    {
        Capability node = Machine.NewNode(NodeKind.Forwarder);
        Machine.NodeOf(node).Slots[0] = Capability.Number(1);
        Machine.NodeOf(node).Flags = NodeFlags.Blocked;
        SimulatedDomain keeper = Machine.NewRunning(pages: 0);
        Domain.Call(node.WithType(CapabilityType.Forwarder), NumberOrder.Get);
        Assert.That(Domain.State, Is.EqualTo(RunState.Running));
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(keeper.Entry));
        Assert.That(keeper.Call(node, NodeOrder.SetFlags, 0), Is.EqualTo(Result.Ok));
        Assert.That(Machine.Waits(StallReason.Gate), Is.False);
    }

    [Test]
    public void Callers_at_a_gate_are_served_in_the_order_in_which_they_came()
    {
        Capability node = Machine.NewNode(NodeKind.Forwarder);
        SimulatedDomain server = Machine.NewDomain();
        server.Await(InvocationWord.Registers(5, 6, 7, 8));
        Machine.NodeOf(node).Slots[0] = server.OpenStart();
        Machine.NodeOf(node).Flags = NodeFlags.Blocked;
        SimulatedDomain[] callers = [Machine.NewRunning(), Machine.NewRunning(), Machine.NewRunning()];
        SimulatedDomain owner = Machine.NewRunning(priority: 1);
        Domain.Call(node.WithType(CapabilityType.Forwarder), 100);
        foreach (SimulatedDomain caller in callers)
        {
            Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(caller.Entry));
            caller.Call(node.WithType(CapabilityType.Forwarder), 100);
        }

        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(owner.Entry));
        Expect(owner, Result.Ok, node, NodeOrder.SetFlags);
        foreach (SimulatedDomain caller in (SimulatedDomain[])[Domain, .. callers])
        {
            Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(caller.Entry));
            caller.Frame.Rip += InvocationWord.InstructionBytes;
            caller.Invoke();
            Assert.That(server[8].Oid, Is.EqualTo(caller.Oid), "the server has its call");
            server.Await(InvocationWord.Registers(5, 6, 7, 8));
            ProcessControl.Drop(Machine.Kernel);
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    public void Whoever_waits_at_a_gate_finds_the_forwarder_revoked_when_it_opens(int kind)
    {
        Capability node = Machine.NewNode(NodeKind.Forwarder);
        Machine.NodeOf(node).Slots[0] = Capability.Number(1);
        Machine.NodeOf(node).Flags = NodeFlags.Blocked;
        SimulatedDomain owner = Machine.NewRunning(pages: 0);
        Domain.Call(node.WithType(CapabilityType.Forwarder), NumberOrder.Get);
        Machine.Dispatch();
        owner[1] = kind == 0 ? default : Capability.Number(2);
        Assert.That(owner.Call(node, NodeOrder.Swap, 0), Is.EqualTo(Result.Ok));
        Assert.That(Machine.Waits(StallReason.Gate), "the gate is still closed");
        Expect(owner, Result.Ok, node, NodeOrder.SetFlags);
        ProcessControl.Requeue(Machine.Kernel);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Domain.Frame.Rip += InvocationWord.InstructionBytes;
        Domain.Invoke();
        Assert.That(Domain.Result, Is.EqualTo(kind == 0 ? Result.VoidCapability : Result.Ok));
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(kind == 0 ? 0 : 2));
    }

    [Test]
    public void A_chain_of_forwarders_has_a_longest_length([Values(0, 1)] int beyond)
    {
        Capability target = Capability.Number(7);
        for (int i = 0; i < Limits.ForwarderDepth + beyond; i++)
        {
            target = MakeForwarder(target);
        }

        Expect(beyond == 0 ? Result.Ok : Result.VoidCapability, target, NumberOrder.Get);
    }

    [TestCase(InvocationKind.Return, RunState.Available)]
    [TestCase(InvocationKind.Reply, RunState.Running)]
    public void A_prompt_message_to_a_blocked_forwarder_is_dropped(InvocationKind kind, RunState after)
    {
        Capability node = Machine.NewNode(NodeKind.Forwarder);
        Machine.NodeOf(node).Flags = NodeFlags.Blocked;
        Domain[20] = node.WithType(CapabilityType.Forwarder);
        Domain.Invoke(kind, 20, 0);
        Assert.That(Domain.State, Is.EqualTo(after));
        Assert.That(Machine.Waits(StallReason.Gate), Is.False);
    }

    [Test]
    public void The_seventh_index_names_nothing()
    {
        ulong frame = _node.Oid.Frame;
        Expect(Result.VoidCapability, new Capability(CapabilityType.Node, Oid.Of(frame, 7), 1), NodeOrder.Describe);
        Expect(Result.Ok, new Capability(CapabilityType.Node, Oid.Of(frame, 6), 1), NodeOrder.Describe);
    }

    private static void Expect(SimulatedDomain asker, Result expected, Capability capability, uint order) =>
        Assert.That(asker.Call(capability, order), Is.EqualTo(expected));

    private Capability MakeForwarder(Capability target)
    {
        Capability node = Machine.NewNode(NodeKind.Forwarder);
        Machine.NodeOf(node).Slots[0] = target;
        return node.WithType(CapabilityType.Forwarder);
    }
}
