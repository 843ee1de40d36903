using Eros.Kernel.Objects;
using Eros.Kernel.Processes;
using Eros.Kernel.Protocol;
using Eros.Persistence.Layout;
using Eros.Tests.Fakes;
using NUnit.Framework;

namespace Eros.Tests.Unit.Kernel;

/// <summary>CheckpointOrder.JournalPage.</summary>
public sealed class JournalOrderTests : KernelTestBase
{
    private static readonly Capability _checkpoint = new(CapabilityType.Checkpoint, default, 0);

    private Capability _page;

    [SetUp]
    public void MakeSavedPage()
    {
        _page = Machine.NewPage();
        Machine.Frames.TagOf(_page.Oid.Frame) = new Tag { Kind = FrameKind.Page, Version = _page.Version };
    }

    [Test]
    public void The_invoker_waits_until_the_page_is_journalled_and_is_answered_once()
    {
        Ask();
        Assert.That(Machine.Dispatch(), Is.Null);
        Assert.That(Domain.State, Is.EqualTo(RunState.Running), "an ordinary stall, which a restart repeats");
        Assert.That(Machine.Kernel.Services.CheckpointDue.IsSet);
        Serve();
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Repeat();
        Assert.That(Domain.Result, Is.EqualTo(Result.Ok));
        Ask();
        Assert.That(Machine.Dispatch(), Is.Null, "it has been told of that one alone");
    }

    [Test]
    public void Whoever_asks_while_a_page_is_being_journalled_is_served_by_the_next_record()
    {
        SimulatedDomain late = Machine.NewRunning(pages: 1);
        Ask();
        Assert.That(Next(), Is.EqualTo(_page.Oid.Frame));
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(late.Entry));
        late[20] = _checkpoint;
        late[1] = _page;
        late.Invoke(InvocationKind.Call, 20, CheckpointOrder.JournalPage);
        Machine.Kernel.Services.Wake(StallReason.Journal, _page.Oid.Frame);
        for (int i = 0; i < 2; i++)
        {
            SimulatedDomain woken = Machine.Dispatch()!;
            woken.Frame.Rip += 2;
            woken.Invoke();
            if (woken.Entry == Domain.Entry)
            {
                Assert.That(woken.Result, Is.EqualTo(Result.Ok));
                ProcessControl.StallCurrent(Machine.Kernel, StallReason.Gate, 77);
            }
        }

        Assert.That(Next(), Is.EqualTo(_page.Oid.Frame), "the other one waits on");
    }

    [Test]
    public void Only_a_page_that_may_be_written_is_taken()
    {
        Expect(Result.BadArgument, _checkpoint, CheckpointOrder.JournalPage);
        Expect(Result.BadArgument, _checkpoint, CheckpointOrder.JournalPage, argument: Machine.NewNode());
        Expect(
            Result.BadArgument, _checkpoint, CheckpointOrder.JournalPage, argument: _page.Less(Rights.ReadOnly));
        Expect(Result.BadArgument, _checkpoint, CheckpointOrder.JournalPage, argument: _page.Less(Rights.Weak));
        var dead = new Capability(CapabilityType.Page, _page.Oid, _page.Version + 1);
        Expect(Result.BadArgument, _checkpoint, CheckpointOrder.JournalPage, argument: dead);
    }

    [TestCase(FrameKind.Page, 1u)]
    [TestCase(FrameKind.Pot, 0u)]
    [TestCase(FrameKind.Free, 0u)]
    public void A_page_with_another_owner_in_the_checkpoint_is_refused(FrameKind saved, uint older)
    {
        Machine.Frames.TagOf(_page.Oid.Frame) = new Tag { Kind = saved, Version = _page.Version - older };
        Expect((Result)CheckpointResult.NotInCheckpoint, _checkpoint, CheckpointOrder.JournalPage, argument: _page);
    }

    [Test]
    public void When_the_disk_refuses_nothing_is_durable()
    {
        Ask();
        Assert.That(Next(), Is.EqualTo(_page.Oid.Frame));
        Machine.Kernel.Checkpoints.IsDurable = false;
        Machine.Kernel.Services.Wake(StallReason.Journal, _page.Oid.Frame);
        Machine.Dispatch();
        Repeat();
        Assert.That(Domain.Result, Is.EqualTo(Result.NotDurable));
    }

    [Test]
    public void Whoever_was_refused_by_the_disk_is_not_told_that_its_page_was_journalled()
    {
        Ask();
        Assert.That(Machine.Kernel.Services.Next(StallReason.Journal, ActivityFlags.None, out ulong frame));
        Machine.Kernel.Services.Wake(StallReason.Journal, frame);
        Machine.Dispatch();
        Repeat();
        Assert.That(Machine.Dispatch(), Is.Null, "the disk is durable again, with a snapshot from before the order");
    }

    [Test]
    public void Whoever_waits_for_a_page_that_ends_finds_a_void_capability_and_the_next_owners_is_not_journalled()
    {
        Ask();
        Assert.That(Machine.Dispatch(), Is.Null);
        int entry = Machine.Frames.Find(_page.Oid.Frame);
        Machine.Frames.MakeDirty(entry);
        ObjectLife.End(Machine.Kernel, entry, 0, keepsContents: false);
        ObjectLife.Begin(Machine.Kernel, entry, FrameKind.Page, 0, NodeKind.Plain, 0);
        bool isWanted = Machine.Kernel.Services.Next(StallReason.Journal, ActivityFlags.Journalled, out _);
        Assert.That(isWanted, Is.False);
        Assert.That(Machine.Dispatch()?.Entry, Is.EqualTo(Domain.Entry));
        Repeat();
        Assert.That(Domain.Result, Is.EqualTo(Result.BadArgument));
    }

    private void Ask()
    {
        Domain[20] = _checkpoint;
        Domain[1] = _page;
        Domain.Invoke(InvocationKind.Call, 20, CheckpointOrder.JournalPage);
    }

    private void Repeat()
    {
        Domain.Frame.Rip += 2;
        Domain.Invoke();
    }

    private ulong Next()
    {
        bool isWanted = Machine.Kernel.Services.Next(StallReason.Journal, ActivityFlags.Journalled, out ulong frame);
        Assert.That(isWanted);
        return frame;
    }

    private void Serve() => Machine.Kernel.Services.Wake(StallReason.Journal, Next());
}
