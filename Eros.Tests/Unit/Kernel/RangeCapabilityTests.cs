using System;
using Eros.Kernel;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Base;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>RangeOrder: how objects begin and end.</summary>
public sealed class RangeCapabilityTests : KernelTestBase
{
    private const ulong First = 500;
    private Capability _range;

    [SetUp]
    public void MakeRange()
    {
        _range = Capability.Range(First, 100);
        for (ulong frame = First; frame < First + 10; frame++)
        {
            Machine.Enter(frame, FrameKind.Free);
        }
    }

    [TestCase(RangeKind.Page, CapabilityType.Page)]
    [TestCase(RangeKind.PlainNode, CapabilityType.Node)]
    [TestCase(RangeKind.SpaceNode, CapabilityType.Node)]
    [TestCase(RangeKind.ForwarderNode, CapabilityType.Node)]
    [TestCase(RangeKind.Process, CapabilityType.Process)]
    public void What_is_created_answers_as_its_type(uint kind, CapabilityType type)
    {
        Capability made = Create(0, kind);
        Assert.That(TypeOf(made), Is.EqualTo(type));
        Expect(Result.Ok, _range, RangeOrder.Get, 0);
        Assert.That(Answer, Is.EqualTo(made));
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(kind));
        Expect(Result.Ok, _range, RangeOrder.Identify, argument: made);
        Assert.That(Domain.Frame.Rsi, Is.Zero);
        Assert.That(Domain.Frame.R8, Is.EqualTo((ulong)type));
    }

    [Test]
    public void A_space_node_has_the_size_that_was_asked_for([Values(11u, 12u, 13u, 17u, 42u, 47u, 0u)] uint slotLog2)
    {
        bool exists = slotLog2 is 12 or 17 or 42;
        Result expected = exists ? Result.Ok : Result.BadArgument;
        Expect(expected, _range, RangeOrder.Create, 0, RangeKind.SpaceNode, slotLog2 << 8);
        expected = slotLog2 == 0 ? Result.Ok : Result.BadArgument;
        Expect(expected, _range, RangeOrder.Create, 1, RangeKind.PlainNode, slotLog2 << 8);
    }

    [Test]
    public void What_does_not_exist_is_a_bad_argument()
    {
        Expect(Result.BadArgument, _range, RangeOrder.Create, 100, RangeKind.Page);
        Expect(Result.BadArgument, _range, RangeOrder.Create, 0, 0);
        Expect(Result.BadArgument, _range, RangeOrder.Create, 0, 6);
        Expect(Result.BadArgument, _range, RangeOrder.Create, 0, RangeKind.PlainNode, 7);
        Expect(Result.BadArgument, _range, RangeOrder.Create, 0, RangeKind.Page, 1);
        Expect(Result.BadArgument, _range, RangeOrder.Get, 0);
        Expect(Result.BadArgument, _range, RangeOrder.Rescind, 0);
        Expect(Result.BadArgument, _range, RangeOrder.Identify, argument: Capability.Number(1));
        Expect(Result.BadArgument, _range, RangeOrder.Identify, argument: Domain.Process);
    }

    [Test]
    public void An_object_is_found_by_frame_and_index_whatever_its_rights()
    {
        Capability node = Create(1, RangeKind.PlainNode, 6);
        Expect(Result.Ok, _range, RangeOrder.Identify, argument: node.Less(Rights.Weak));
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(1));
        Assert.That(Domain.Frame.Rdx, Is.EqualTo(6));
        Assert.That(Domain.Frame.R8, Is.EqualTo((ulong)CapabilityType.Node | ((ulong)Rights.Weak << 8)));
        Capability beyond = Capability.Range(SimulatedMachine.HomeFrames - 1, 10);
        Expect(Result.BadArgument, beyond, RangeOrder.Create, 5, RangeKind.Page);
    }

    [Test]
    public void A_new_process_has_all_vector_exceptions_masked()
    {
        var process = new SimulatedDomain(Machine, EntryOf(Create(0, RangeKind.Process)));
        const int Mxcsr = ProcessFrame.VectorStateOffset + ProcessFrame.MxcsrOffset;
        Assert.That(BitConverter.ToUInt32(Machine.Frames.Bytes(process.Entry)[Mxcsr..]), Is.EqualTo(0x1F80));
    }

    [Test]
    public void Query_tells_the_number_of_frames()
    {
        Expect(Result.Ok, _range, RangeOrder.Query);
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(100));
    }

    [Test]
    public void A_rescinded_object_is_void_everywhere_and_its_storage_is_clear()
    {
        Capability node = Create(0, RangeKind.PlainNode, 3);
        Capability neighbour = Create(0, RangeKind.PlainNode, 4);
        Machine.NodeOf(node).Slots[1] = Capability.Number(1);
        Expect(Result.Ok, _range, RangeOrder.Rescind, 0, 3);
        Expect(Result.VoidCapability, node, NodeOrder.Describe);
        Assert.That(TypeOf(neighbour), Is.EqualTo(CapabilityType.Node), "others of the pot live on");
        Capability again = Create(0, RangeKind.PlainNode, 3);
        Expect(Result.Ok, again, NodeOrder.Fetch, 1);
        Assert.That(Answer, Is.EqualTo(Capability.Void));
        Expect(Result.VoidCapability, node, NodeOrder.Describe);
    }

    [Test]
    public void Retyping_a_frame_rescinds_all_that_was_in_it()
    {
        Capability first = Create(0, RangeKind.PlainNode, 0);
        Capability second = Create(0, RangeKind.ForwarderNode, 6);
        Capability page = Create(0, RangeKind.Page);
        Expect(Result.VoidCapability, first, NodeOrder.Describe);
        Expect(Result.VoidCapability, second, NodeOrder.Describe);
        Capability process = Create(0, RangeKind.Process);
        Expect(Result.VoidCapability, page, PageOrder.Zero);
        Create(0, RangeKind.PlainNode, 0);
        Expect(Result.VoidCapability, process, ProcessOrder.Describe);
        Expect(Result.VoidCapability, first, NodeOrder.Describe);
    }

    [Test]
    public void A_rescinded_page_is_gone_from_address_spaces_at_once()
    {
        Capability page = Create(0, RangeKind.Page);
        Expect(Result.Ok, Domain.SpaceNode, NodeOrder.Swap, 5, argument: page);
        Domain.Write(SimulatedDomain.Window + 0x5000, [1]);
        Expect(Result.Ok, _range, RangeOrder.Rescind, 0);
        Assert.That(() => Domain.Read(SimulatedDomain.Window + 0x5000, 1), Throws.InvalidOperationException);
    }

    [Test]
    public void A_severed_page_keeps_its_bytes_and_is_gone_from_address_spaces_at_once()
    {
        Capability page = Create(0, RangeKind.Page);
        Expect(Result.Ok, Domain.SpaceNode, NodeOrder.Swap, 5, argument: page);
        Domain.Write(SimulatedDomain.Window + 0x5000, [7]);
        Expect(Result.Ok, _range, RangeOrder.Sever, 0);
        Capability fresh = Answer;
        Assert.That(() => Domain.Read(SimulatedDomain.Window + 0x5000, 1), Throws.InvalidOperationException);
        Expect(Result.VoidCapability, page, PageOrder.Zero);
        Expect(Result.Ok, Domain.SpaceNode, NodeOrder.Swap, 5, argument: fresh);
        Assert.That(Domain.Read(SimulatedDomain.Window + 0x5000, 1), Is.EqualTo(new byte[] { 7 }));
    }

    [Test]
    public void A_severed_node_keeps_its_kind_and_slots_and_its_neighbours_are_as_they_were()
    {
        Capability node = Create(0, RangeKind.SpaceNode, 3);
        Capability neighbour = Create(0, RangeKind.PlainNode, 4);
        Machine.NodeOf(node).Slots[1] = Capability.Number(1);
        Expect(Result.Ok, _range, RangeOrder.Sever, 0, 3);
        Capability fresh = Answer;
        Expect(Result.VoidCapability, node, NodeOrder.Describe);
        Expect(Result.Ok, fresh, NodeOrder.Describe);
        Assert.That((NodeKind)Domain.Frame.Rsi, Is.EqualTo(NodeKind.Space));
        Expect(Result.Ok, fresh, NodeOrder.Fetch, 1);
        Assert.That(Answer, Is.EqualTo(Capability.Number(1)));
        Assert.That(TypeOf(neighbour), Is.EqualTo(CapabilityType.Node));
    }

    [Test]
    public void What_cannot_be_severed_stays_as_it_is()
    {
        Capability process = Create(0, RangeKind.Process);
        Expect(Result.BadArgument, _range, RangeOrder.Sever, 0);
        Expect(Result.Ok, process, ProcessOrder.Describe);
        Expect(Result.BadArgument, _range, RangeOrder.Sever, 1);
        Expect(Result.BadArgument, _range, RangeOrder.Sever, 100);
        Machine.Frames[Machine.Frames.Find(First + 2)].Version = FrameTable.LastVersion - 2;
        Capability page = Create(2, RangeKind.Page);
        Expect(Result.LimitReached, _range, RangeOrder.Sever, 2);
        Expect(Result.Ok, page, PageOrder.Zero);
    }

    [Test]
    public void A_process_ends_whatever_it_was_doing_and_its_capabilities_with_it([Values] RunState state)
    {
        var victim = new SimulatedDomain(Machine, EntryOf(Create(0, RangeKind.Process)));
        Capability start = victim.Start();
        Capability resume = Capability.Resume(victim.Oid, victim.Frame.CallCount);
        victim.Frame.RunState = state;
        if (state == RunState.Running)
        {
            ProcessControl.Start(Machine.Kernel, victim.Entry);
        }
        else if (state == RunState.KernelWait)
        {
            ProcessControl.Sleep(Machine.Kernel, victim.Entry, 1000);
        }

        Expect(Result.Ok, _range, RangeOrder.Rescind, 0);
        Assert.That(Machine.Kernel.Activities.Count, Is.EqualTo(1));
        Assert.That(Domain.Call(start, 1), Is.EqualTo(Result.VoidCapability));
        Assert.That(Domain.Call(resume, 1), Is.EqualTo(Result.VoidCapability));
        Create(0, RangeKind.Process);
        victim.Frame.RunState = RunState.Waiting;
        Assert.That(Domain.Call(resume, 1), Is.EqualTo(Result.VoidCapability), "call counts are never used again");
        Machine.Clock.Time = 5000;
        Machine.Kernel.Scheduler.TimerExpired();
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
    }

    [Test]
    public void Whoever_waited_for_a_process_that_ends_finds_it_void()
    {
        var victim = new SimulatedDomain(Machine, EntryOf(Create(0, RangeKind.Process)));
        victim.Frame.RunState = RunState.Waiting;
        SimulatedDomain waiter = Machine.NewRunning(pages: 0, priority: 20);
        Machine.Dispatch();
        waiter[20] = victim.Start();
        waiter.Invoke(InvocationKind.Call, 20, 1);
        Machine.Dispatch();
        Expect(Result.Ok, _range, RangeOrder.Rescind, 0);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(waiter.Entry));
        waiter.Frame.Rip += 2;
        waiter.Invoke();
        Assert.That(waiter.Result, Is.EqualTo(Result.VoidCapability));
    }

    [Test]
    public void A_process_may_end_itself(
        [Values] bool byRetyping,
        [Values(InvocationKind.Call, InvocationKind.Return, InvocationKind.Send)] InvocationKind kind)
    {
        Domain[20] = Capability.Range(Domain.Oid.Frame, 1);
        Capability start = Domain.Start();
        uint order = byRetyping ? RangeOrder.Create : RangeOrder.Rescind;
        Domain.Prepare(kind, 20, order, 0, byRetyping ? RangeKind.Page : 0);
        Domain.Invoke();
        Assert.That(Machine.Current, Is.Null);
        Assert.That(Machine.Kernel.Activities.Count, Is.Zero);
        Assert.That(Machine.Kernel.Objects.Find(start, out _), Is.EqualTo(Outcome.NoObject));
        Assert.That(Machine.Dispatch(), Is.Null);
    }

    [Test]
    public void Ending_whom_the_answer_would_go_to_answers_nobody()
    {
        var client = new SimulatedDomain(Machine, EntryOf(Create(0, RangeKind.Process)));
        client.Frame.RunState = RunState.Waiting;
        Domain[4] = Capability.Resume(client.Oid, client.Frame.CallCount);
        Domain[20] = _range;
        Domain.Invoke(InvocationKind.Return, 20, RangeOrder.Create, 0, RangeKind.Page);
        Assert.That(Domain.State, Is.EqualTo(RunState.Available));
        Assert.That(Machine.Kernel.Activities.Count, Is.Zero);
        Assert.That(Machine.Frames.Bytes(client.Entry).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
    }

    [Test]
    public void The_limit_on_processes_is_enforced_when_one_is_bought_and_given_back_when_one_ends()
    {
        Machine.Frames.ProcessFrames = Limits.Processes - 1;
        Create(0, RangeKind.Process);
        Expect(Result.LimitReached, _range, RangeOrder.Create, 1, RangeKind.Process);
        Create(0, RangeKind.Process);
        Expect(Result.Ok, _range, RangeOrder.Rescind, 0);
        Create(1, RangeKind.Process);
    }

    [Test]
    public void At_its_last_version_an_object_is_retired()
    {
        int entry = Machine.Frames.Find(First);
        Machine.Frames[entry].Version = FrameTable.LastVersion - 2;
        Capability page = Create(0, RangeKind.Page);
        Assert.That(page.Version, Is.EqualTo(FrameTable.LastVersion - 1));
        Expect(Result.LimitReached, _range, RangeOrder.Create, 0, RangeKind.Page);
        Expect(Result.Ok, _range, RangeOrder.Rescind, 0);
        Expect(Result.VoidCapability, page, PageOrder.Zero);
        Expect(Result.LimitReached, _range, RangeOrder.Get, 0);
        Expect(Result.LimitReached, _range, RangeOrder.Create, 0, RangeKind.PlainNode);
    }

    [Test]
    public void A_frame_on_disk_is_waited_for_and_a_bad_one_is_reported()
    {
        Domain[20] = _range;
        Domain.Invoke(InvocationKind.Call, 20, RangeOrder.Create, 50, RangeKind.Page);
        Assert.That(Machine.Current, Is.Null);
        Assert.That(Machine.Kernel.Services.Next(StallReason.Load, ActivityFlags.None, out ulong frame));
        Assert.That(frame, Is.EqualTo(First + 50));
        Machine.Events.Loaded(frame, Outcome.DiskError);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Domain.Frame.Rip += 2;
        Domain.Invoke();
        Assert.That(Domain.Result, Is.EqualTo(Result.BadObject));

        // The next one tries the disk again.
        Domain.Invoke(InvocationKind.Call, 20, RangeOrder.Create, 50, RangeKind.Page);
        Assert.That(Machine.Waits(StallReason.Load));
    }

    private Capability Create(ulong frame, uint kind, uint index = 0)
    {
        uint size = kind == RangeKind.SpaceNode ? 12u << 8 : 0;
        Expect(Result.Ok, _range, RangeOrder.Create, frame, kind, index | size);
        return Answer;
    }

    private int EntryOf(Capability capability)
    {
        Machine.Kernel.Objects.Find(capability, out int entry);
        return entry;
    }
}
