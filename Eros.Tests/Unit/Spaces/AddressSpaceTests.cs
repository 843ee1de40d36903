using System;
using System.Runtime.CompilerServices;
using Eros.Kernel.Spaces;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using NUnit.Framework;

namespace Eros.Tests.Unit.Spaces;

public sealed class AddressSpaceTests
{
    private SpaceWorld _world = null!;
    private int _pot;
    private int _process;

    /// <summary>Node 0 of the pot spans 4 MB; each of its slots is to hold a node of 128 KB.</summary>
    [SetUp]
    public void SetUp()
    {
        _world = new SpaceWorld();
        _pot = _world.NewPot();
        _process = _world.NewProcess();
        _world.MakeSpaceNode(_pot, 0, 17);
        _world.MakeSpaceNode(_pot, 1, 12);
        _world.MakeSpaceNode(_pot, 2, 12);
        _world.Store(_pot, 0, 0, _world.SpaceCapability(_pot, 1));
        _world.Store(_pot, 0, 5, _world.SpaceCapability(_pot, 2));
        _world.SetSpace(_process, _world.SpaceCapability(_pot, 0));
    }

    [TearDown]
    public void TearDown() => _world.Dispose();

    [Test]
    public void Page_0_is_never_mapped_and_its_fault_goes_to_the_process()
    {
        int keeper = _world.NewProcess();
        Store(1, 0, _world.NewPage());
        _world.Store(_pot, 0, 31, new Capability(CapabilityType.Start, Oid.Of(_world.Frames[keeper].Frame), 1));
        _world.Spaces.NodeChanging(_pot, 0);
        _world.Frames.Pot(_pot).Nodes[0].Flags = NodeFlags.Keeper;

        Assert.That(_world.Touch(_process, 8, Access.Read, out SpaceFault fault), Is.EqualTo(SpaceOutcome.Fault));
        Assert.That(fault.Code, Is.EqualTo(FaultCode.InvalidAddress));
        Assert.That(fault.Keeper.Type, Is.EqualTo(CapabilityType.Void));
        Assert.That(_world.Touch(_process, 0x5000, Access.Read, out fault), Is.EqualTo(SpaceOutcome.Fault));
        Assert.That(
            fault.Keeper.Type, Is.EqualTo(CapabilityType.Start), "any other address goes to the space's keeper");
    }

    [Test]
    public void Addresses_of_the_upper_half_fault()
    {
        Assert.That(
            _world.Touch(_process, 0xFFFF_8000_0000_0000, Access.Read, out SpaceFault fault),
            Is.EqualTo(SpaceOutcome.Fault));
        Assert.That(fault.Code, Is.EqualTo(FaultCode.InvalidAddress));
    }

    [Test]
    public void First_write_of_a_generation_makes_the_page_dirty_and_a_snapshot_takes_the_right_away()
    {
        int page = Store(1, 1, _world.NewPage());
        _world.Touch(_process, 0x1000, Access.Read);
        Assert.That(_world.Frames.IsWritable(page), Is.False, "a read dirties nothing");

        _world.Touch(_process, 0x1000, Access.Write);
        Assert.That(_world.Frames.IsWritable(page), Is.True);
        Assert.That(_world.Mmu.Access(0x1000, isWrite: true, isFetch: false), Is.Not.Null);

        _world.Snapshot();
        _world.Spaces.Activate(_process);
        Assert.That(_world.Mmu.Access(0x1000, isWrite: true, isFetch: false), Is.Null, "written without MakeDirty");
        Assert.That(_world.Mmu.Access(0x1000, isWrite: false, isFetch: false), Is.Not.Null, "still there to be read");
        Assert.That(_world.Touch(_process, 0x1000, Access.Write), Is.EqualTo(SpaceOutcome.Ok));
    }

    [Test]
    public void A_page_that_is_dirty_already_is_mapped_writable_by_a_read()
    {
        int page = Store(1, 1, _world.NewPage());
        Assert.That(_world.Frames.MakeDirty(page), Is.EqualTo(Outcome.Ok));
        _world.Touch(_process, 0x1000, Access.Read);
        Assert.That(_world.Mmu.Access(0x1000, isWrite: true, isFetch: false), Is.Not.Null);
    }

    [Test]
    public void Without_log_space_a_write_waits_and_a_read_does_not()
    {
        using var world = new SpaceWorld(claimLimit: 1);
        int process = world.NewProcess();
        int page = world.NewPage();
        int pot = world.NewPot();
        world.MakeSpaceNode(pot, 0, 12);
        world.Store(pot, 0, 1, world.PageCapability(page));
        world.SetSpace(process, world.SpaceCapability(pot, 0));
        Assert.That(world.Touch(process, 0x1000, Access.Read), Is.EqualTo(SpaceOutcome.Ok));
        Assert.That(world.Touch(process, 0x1000, Access.Write), Is.EqualTo(SpaceOutcome.NoRoom));
    }

    [Test]
    public void A_changed_slot_invalidates_its_pages_and_no_others()
    {
        Store(1, 1, _world.NewPage());
        Store(1, 2, _world.NewPage());
        _world.Touch(_process, 0x1000, Access.Read);
        _world.Touch(_process, 0x2000, Access.Read);
        int before = _world.Mmu.Invalidations;

        _world.Store(_pot, 1, 1, Capability.Void);
        Assert.That(_world.Mmu.Invalidations - before, Is.EqualTo(1));
        Assert.That(_world.Mmu.Access(0x1000, false, false), Is.Null);
        Assert.That(_world.Mmu.Access(0x2000, false, false), Is.Not.Null);
    }

    [Test]
    public void A_slot_through_which_nothing_is_mapped_costs_nothing()
    {
        Store(1, 1, _world.NewPage());
        _world.Touch(_process, 0x1000, Access.Read);
        int before = _world.Mmu.Invalidations + _world.Mmu.Flushes;
        _world.Store(_pot, 2, 7, _world.PageCapability(_world.NewPage()));
        _world.Store(_pot, 1, 7, _world.PageCapability(_world.NewPage()));
        Assert.That(_world.Mmu.Invalidations + _world.Mmu.Flushes, Is.EqualTo(before));
    }

    [Test]
    public void A_fault_in_a_known_part_of_a_space_walks_only_below_the_leafs_producer()
    {
        _world.MakeSpaceNode(_pot, 4, 22);
        _world.Store(_pot, 4, 0, _world.SpaceCapability(_pot, 0));
        _world.SetSpace(_process, _world.SpaceCapability(_pot, 4));
        Store(1, 1, _world.NewPage());
        Store(1, 2, _world.NewPage());
        _world.Touch(_process, 0x1000, Access.Read);

        // Broken without notice above the producer: only a whole walk would see it.
        _world.Frames.Pot(_pot).Nodes[4].Slots[0] = Capability.Void;
        Assert.That(_world.Touch(_process, 0x2000, Access.Read), Is.EqualTo(SpaceOutcome.Ok));
    }

    [Test]
    public void A_snapshot_of_many_mapped_pages_flushes_once()
    {
        for (int slot = 1; slot < 30; slot++)
        {
            Store(1, slot, _world.NewPage());
            _world.Touch(_process, (ulong)slot << 12, Access.Write);
        }

        int flushes = _world.Mmu.Flushes;
        int invalidations = _world.Mmu.Invalidations;
        _world.Snapshot();
        _world.Spaces.Activate(_process);
        Assert.That(_world.Mmu.Flushes - flushes, Is.EqualTo(1));
        Assert.That(_world.Mmu.Invalidations - invalidations, Is.LessThanOrEqualTo(8));
    }

    [Test]
    public void Processes_with_one_space_share_a_root_and_a_switch_between_them_loads_nothing()
    {
        int other = _world.NewProcess();
        _world.SetSpace(other, _world.SpaceCapability(_pot, 0));
        Store(1, 1, _world.NewPage());
        _world.Touch(_process, 0x1000, Access.Read);
        int loads = _world.Mmu.Loads;
        _world.Spaces.Activate(other);
        Assert.That(_world.Mmu.Loads, Is.EqualTo(loads));
        Assert.That(_world.Mmu.Access(0x1000, false, false), Is.Not.Null);
    }

    [Test]
    public void A_process_without_a_space_runs_on_the_kernels_root_and_faults()
    {
        _world.SetSpace(_process, Capability.Void);
        Assert.That(
            _world.Touch(_process, 0x1000, Access.Execute, out SpaceFault fault), Is.EqualTo(SpaceOutcome.Fault));
        Assert.That(fault.Code, Is.EqualTo(FaultCode.NoSpace));
        Assert.That(_world.Mmu.Root, Is.EqualTo(_world.Mmu.KernelRoot));
    }

    [Test]
    public void The_fast_path_knows_a_root_only_while_it_is_that_of_the_processs_space()
    {
        Assert.That(_world.KnownRoot(_process), Is.Zero, "never run");
        _world.Spaces.Activate(_process);
        int root = _world.KnownRoot(_process);
        Assert.That(root, Is.Not.Zero);
        _world.SetSpace(_process, _world.SpaceCapability(_pot, 1));
        Assert.That(_world.KnownRoot(_process), Is.Zero, "another space");
        _world.SetSpace(_process, _world.SpaceCapability(_pot, 0));
        Assert.That(_world.KnownRoot(_process), Is.EqualTo(root));
    }

    [Test]
    public void A_background_shows_where_the_foreground_is_void_and_is_hidden_where_it_is_not()
    {
        int front = _world.NewPage();
        int back = _world.NewPage();
        _world.MakeSpaceNode(_pot, 3, 12);
        _world.Store(_pot, 3, 4, _world.PageCapability(back));
        _world.Frames.Pot(_pot).Nodes[1].Flags = NodeFlags.Background;
        _world.Store(_pot, 1, 30, _world.SpaceCapability(_pot, 3, Rights.ReadOnly));

        Assert.That(_world.Touch(_process, 0x4000, Access.Read), Is.EqualTo(SpaceOutcome.Ok));
        Assert.That(PfnAt(0x4000), Is.EqualTo(_world.Frames[back].Pfn));
        Assert.That(_world.Touch(_process, 0x4000, Access.Write, out SpaceFault fault), Is.EqualTo(SpaceOutcome.Fault));
        Assert.That(fault.Code, Is.EqualTo(FaultCode.Access));

        _world.Store(_pot, 1, 4, _world.PageCapability(front));
        Assert.That(_world.Touch(_process, 0x4000, Access.Write), Is.EqualTo(SpaceOutcome.Ok));
        Assert.That(PfnAt(0x4000), Is.EqualTo(_world.Frames[front].Pfn));
    }

    [Test]
    public void A_cycle_of_backgrounds_is_found_out()
    {
        _world.Frames.Pot(_pot).Nodes[1].Flags = NodeFlags.Background;
        _world.Store(_pot, 1, 30, _world.SpaceCapability(_pot, 1));
        Assert.That(_world.Touch(_process, 0x4000, Access.Read, out SpaceFault fault), Is.EqualTo(SpaceOutcome.Fault));
        Assert.That(fault.Code, Is.EqualTo(FaultCode.SpaceTooDeep));
    }

    [TestCase(12, "a node of pages that says it is one page")]
    [TestCase(22, "a node larger than its slot")]
    [TestCase(18, "a size that no node has")]
    [TestCase(0, "no size")]
    public void A_guard_that_does_not_fit_its_node_or_slot_is_malformed(int log2, string what)
    {
        uint match = log2 == Guard.PageLog2 ? 4u : 0;
        _world.Store(_pot, 0, 0, _world.SpaceCapability(_pot, 1).WithData(new Guard(log2, match).Value));
        Assert.That(_world.Touch(_process, 0x4000, Access.Read, out SpaceFault fault), Is.EqualTo(SpaceOutcome.Fault));
        Assert.That(fault.Code, Is.EqualTo(FaultCode.MalformedSpace), what);
    }

    [Test]
    public void A_node_below_itself_is_malformed()
    {
        _world.Store(_pot, 1, 4, _world.SpaceCapability(_pot, 1));
        Assert.That(_world.Touch(_process, 0x4000, Access.Read, out SpaceFault fault), Is.EqualTo(SpaceOutcome.Fault));
        Assert.That(fault.Code, Is.EqualTo(FaultCode.MalformedSpace), "sizes shrink on the way down");
    }

    [TestCase(CapabilityType.Start)]
    [TestCase(CapabilityType.Schedule)]
    [TestCase(CapabilityType.Forwarder)]
    public void A_slot_with_what_is_no_memory_is_malformed(CapabilityType type)
    {
        _world.Store(_pot, 1, 4, new Capability(type, Oid.Of(50), 1));
        Assert.That(_world.Touch(_process, 0x4000, Access.Read, out SpaceFault fault), Is.EqualTo(SpaceOutcome.Fault));
        Assert.That(fault.Code, Is.EqualTo(FaultCode.MalformedSpace));
    }

    [Test]
    public void Backgrounds_of_each_other_are_found_out()
    {
        _world.Frames.Pot(_pot).Nodes[1].Flags = NodeFlags.Background;
        _world.Frames.Pot(_pot).Nodes[2].Flags = NodeFlags.Background;
        _world.Store(_pot, 1, 30, _world.SpaceCapability(_pot, 2));
        _world.Store(_pot, 2, 30, _world.SpaceCapability(_pot, 1));
        Assert.That(_world.Touch(_process, 0x4000, Access.Read, out SpaceFault fault), Is.EqualTo(SpaceOutcome.Fault));
        Assert.That(fault.Code, Is.EqualTo(FaultCode.SpaceTooDeep));
    }

    [Test]
    public void The_innermost_keeper_is_told_unless_no_call_hides_it()
    {
        Capability outer = new(CapabilityType.Start, Oid.Of(50), 1);
        Capability inner = new(CapabilityType.Start, Oid.Of(51), 1);
        _world.Store(_pot, 0, 31, outer);
        _world.Store(_pot, 2, 31, inner);
        _world.Frames.Pot(_pot).Nodes[0].Flags = NodeFlags.Keeper;
        _world.Frames.Pot(_pot).Nodes[2].Flags = NodeFlags.Keeper;
        ulong address = (5UL << 17) + 0x3456;

        _world.Touch(_process, address, Access.Read, out SpaceFault fault);
        Assert.That(fault.Keeper.SameAs(inner), Is.True);
        Assert.That(fault.Offset, Is.EqualTo(0x3456), "counted from the kept space");

        _world.Store(_pot, 0, 5, _world.SpaceCapability(_pot, 2, Rights.NoCall));
        _world.Touch(_process, address, Access.Read, out fault);
        Assert.That(fault.Keeper.SameAs(outer), Is.True);
        Assert.That(fault.Offset, Is.EqualTo(address));
    }

    [Test]
    public void Weak_takes_the_right_to_write_away()
    {
        _world.Store(_pot, 0, 0, _world.SpaceCapability(_pot, 1, Rights.Weak));
        Store(1, 1, _world.NewPage());
        Assert.That(_world.Touch(_process, 0x1000, Access.Read), Is.EqualTo(SpaceOutcome.Ok));
        Assert.That(_world.Touch(_process, 0x1000, Access.Write), Is.EqualTo(SpaceOutcome.Fault));
    }

    [Test]
    public void No_execute_holds_for_everything_below()
    {
        _world.SetSpace(_process, _world.SpaceCapability(_pot, 0, Rights.NoExecute));
        Store(1, 1, _world.NewPage());
        Assert.That(_world.Touch(_process, 0x1000, Access.Read), Is.EqualTo(SpaceOutcome.Ok));
        Assert.That(_world.Touch(_process, 0x1000, Access.Execute), Is.EqualTo(SpaceOutcome.Fault));
    }

    [Test]
    public void Nothing_is_allocated_by_a_fault_or_a_change()
    {
        for (int slot = 1; slot < 20; slot++)
        {
            Store(1, slot, _world.NewPage());
        }

        Capability page = _world.Frames.Pot(_pot).Nodes[1].Slots[3];
        Work(page);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Work(page);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Work(Capability page)
    {
        _world.Spaces.Activate(_process);
        for (ulong slot = 1; slot < 20; slot++)
        {
            _world.Spaces.HandleFault(_process, slot << 12, Access.Write, out _);
        }

        _world.Spaces.SlotChanging(_pot, 1, 3);
        _world.Frames.Pot(_pot).Nodes[1].Slots[3] = page;
        _world.Spaces.HandleFault(_process, 0x3000, Access.Read, out _);
        _world.Spaces.Translate(_process, 0x4000, Access.Write, out _, out _);
        _world.Spaces.NodeChanging(_pot, 0);
    }

    private int Store(int node, int slot, int page)
    {
        _world.Store(_pot, node, slot, _world.PageCapability(page));
        return page;
    }

    private uint PfnAt(ulong address) => _world.Mmu.Access(address, false, false)!.Value.Pfn;

}
