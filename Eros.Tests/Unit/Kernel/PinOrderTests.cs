using Eros.Kernel.Invocation;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Persistence.Store;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>ReserveGrantOrder.Pin and Unpin.</summary>
public sealed class PinOrderTests : KernelTestBase
{
    private static readonly Capability _grant = new((byte)CapabilityType.ReserveGrant, 0);

    private FrameTable Frames => Machine.Frames;

    [Test]
    public void An_object_is_pinned_and_unpinned_and_each_answer_counts()
    {
        Capability page = Machine.NewPage();
        Expect(Result.Ok, _grant, ReserveGrantOrder.Pin, argument: page);
        Assert.That((Domain.Frame.Rsi, Domain.Frame.Rdx), Is.EqualTo((1ul, (ulong)Frames.PinLimit)));
        Assert.That(IsPinned(page));
        Expect(Result.Ok, _grant, ReserveGrantOrder.Pin, argument: page);
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(1));
        Expect(Result.Ok, _grant, ReserveGrantOrder.Unpin, argument: page);
        Assert.That((Domain.Frame.Rsi, Domain.Frame.Rdx), Is.EqualTo((0ul, (ulong)Frames.PinLimit)));
        Assert.That(IsPinned(page), Is.False);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Unpin, argument: page);
        Assert.That(Domain.Frame.Rsi, Is.Zero);
    }

    [Test]
    public void Whatever_names_an_object_pins_its_frame()
    {
        SimulatedDomain server = Machine.NewDomain();
        Capability node = Machine.NewNode(NodeKind.Space, Guard.PageLog2);
        foreach (Capability one in (Capability[])
            [
                Machine.NewPage().Less(Rights.ReadOnly | Rights.Weak),
                node.WithType(CapabilityType.Space),
                server.Start(),
                Domain.Process,
            ])
        {
            Expect(Result.Ok, _grant, ReserveGrantOrder.Pin, argument: one);
            Assert.That(IsPinned(one), $"{one.Type}");
        }

        Expect(Result.Ok, _grant, ReserveGrantOrder.Unpin, argument: node);
        Assert.That(IsPinned(node), Is.False, "pinned through another capability");
        Assert.That(Frames.PinnedFrames, Is.EqualTo(3));
    }

    [Test]
    public void The_nodes_of_a_frame_share_its_pin()
    {
        Capability node = Machine.NewNode();
        var other = new Capability(CapabilityType.Node, Oid.Of(node.Oid.Frame, 6), node.Version);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Pin, argument: node);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Pin, argument: other);
        Assert.That(Domain.Frame.Rsi, Is.EqualTo(1));
        Expect(Result.Ok, _grant, ReserveGrantOrder.Unpin, argument: other);
        Assert.That(IsPinned(node), Is.False);
    }

    [TestCase(ReserveGrantOrder.Pin)]
    [TestCase(ReserveGrantOrder.Unpin)]
    public void What_is_no_object_or_gone_is_refused(uint order)
    {
        Expect(Result.BadArgument, _grant, order);
        Expect(Result.BadArgument, _grant, order, argument: Capability.Number(1));
        Expect(Result.BadArgument, _grant, order, argument: Capability.Range(0, 10));
        Capability page = Machine.NewPage();
        var dead = new Capability(CapabilityType.Page, page.Oid, page.Version + 1);
        Expect(Result.BadArgument, _grant, order, argument: dead);
        Assert.That(Frames.PinnedFrames, Is.Zero);
    }

    [Test]
    public void No_more_are_pinned_than_may_be_and_those_that_were_stay()
    {
        Capability first = Machine.NewPage();
        Expect(Result.Ok, _grant, ReserveGrantOrder.Pin, argument: first);
        for (uint i = 1; i < Frames.PinLimit; i++)
        {
            Expect(Result.Ok, _grant, ReserveGrantOrder.Pin, argument: Machine.NewPage());
        }

        Capability last = Machine.NewPage();
        Expect(Result.LimitReached, _grant, ReserveGrantOrder.Pin, argument: last);
        Assert.That((IsPinned(last), Frames.PinnedFrames), Is.EqualTo((false, Frames.PinLimit)));
        Expect(Result.Ok, _grant, ReserveGrantOrder.Pin, argument: first);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Unpin, argument: first);
        Expect(Result.Ok, _grant, ReserveGrantOrder.Pin, argument: last);
    }

    [TestCase(RangeOrder.Rescind)]
    [TestCase(RangeOrder.Sever)]
    public void A_pin_ends_with_the_capabilities_that_could_take_it_back(uint order)
    {
        Capability page = Machine.NewPage();
        Expect(Result.Ok, _grant, ReserveGrantOrder.Pin, argument: page);
        Expect(Result.Ok, Capability.Range(page.Oid.Frame, 1), order);
        Assert.That((IsPinned(page), Frames.PinnedFrames), Is.EqualTo((false, 0)));
    }

    [Test]
    public void Who_pins_what_is_on_the_disk_waits_for_it()
    {
        Domain[1] = new Capability(CapabilityType.Page, Oid.Of(700), 1);
        Domain[20] = _grant;
        Domain.Invoke(InvocationKind.Call, 20, ReserveGrantOrder.Pin);
        Assert.That(Machine.Waits(StallReason.Load));
        Machine.Enter(700, FrameKind.Page);
        Machine.Events.Loaded(700, Eros.Persistence.Base.Outcome.Ok);
        Machine.Dispatch();
        Domain.Frame.Rip += 2;
        Domain.Invoke();
        Assert.That((Domain.Result, IsPinned(Domain[1])), Is.EqualTo((Result.Ok, true)));
    }

    [Test]
    public void Where_there_is_no_room_in_the_log_nothing_is_pinned()
    {
        using var machine = new SimulatedMachine(claimLimit: 4);
        SimulatedDomain domain = machine.NewRunning(pages: 1);
        machine.Dispatch();
        Capability page = machine.NewPage();
        machine.Frames.MakeDirty(machine.Enter(900, FrameKind.Page));
        domain[1] = page;
        domain.Call(_grant, ReserveGrantOrder.Pin);
        Assert.That(machine.Waits(StallReason.Space));
        Assert.That(machine.Frames.PinnedFrames, Is.Zero);
    }

    private bool IsPinned(Capability one) => Frames.IsPinned(Frames.Find(one.Oid.Frame));
}
